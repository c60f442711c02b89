import { usePage } from '../render.tsx'
import { Icon } from './icon.tsx'

/** What the keys do while a video has the focus; shown by the script, whose keys they are, at a place that was kept for it. */
export function ShortcutHelp() {
  const { watching, layout } = usePage().words
  return (
    <div
      class="invisible mt-4 flex justify-end pointer-coarse:hidden [@media(hover:none)]:hidden"
      data-shortcuts
    >
      <button class="nav-link -me-3 gap-2" type="button" popovertarget="shortcuts">
        {watching.shortcuts}
        <kbd>?</kbd>
      </button>
      <div
        class="sheet"
        id="shortcuts"
        popover="auto"
        role="dialog"
        aria-labelledby="shortcuts-title"
        tabindex={-1}
      >
        <div class="flex items-center justify-between gap-4">
          <h2 class="heading" id="shortcuts-title">
            {watching.shortcuts}
          </h2>
          <button
            class="icon-button -me-3"
            type="button"
            popovertarget="shortcuts"
            popovertargetaction="hide"
            aria-label={layout.close}
          >
            <Icon name="close" />
          </button>
        </div>
        <p class="mt-1 text-sm text-muted">{watching.shortcutsHint}</p>
        <Keys />
      </div>
    </div>
  )
}

function Keys() {
  const { keys } = usePage().words.watching
  const rows: Array<[keysOf: string[], does: string]> = [
    [[keys.space, 'K'], keys.playPause],
    [['←', '→'], keys.seek],
    [['0', '9'], keys.jump],
    [['↑', '↓'], keys.volume],
    [['M'], keys.mute],
    [['C'], keys.captions],
    [['F'], keys.fullscreen],
    [['P'], keys.pip],
    [['<', '>'], keys.slower],
    [['?'], keys.help],
    [['←', '→'], keys.neighbours],
  ]
  return (
    <dl class="mt-4 grid grid-cols-[auto_1fr] items-center gap-x-5 gap-y-2.5">
      {rows.map(([keysOf, does]) => (
        <>
          <dt class="flex gap-1.5">
            {keysOf.map((key) => (
              <kbd>{key}</kbd>
            ))}
          </dt>
          <dd>{does}</dd>
        </>
      ))}
    </dl>
  )
}
