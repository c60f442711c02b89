import { extensionOf, mediaType } from '#src/storage/media-type.ts'
import { usePage } from '../render.tsx'
import { Icon } from './icon.tsx'

/** Without it, phones of Apple show black until the video is played. */
const FIRST_FRAME = '#t=0.001'

interface VideoProps {
  /** A signed link. */
  source: string
  label: string
}

/** The browser's own player, or a calm word and a download for a format that no browser plays. */
export function Video({ source, label }: VideoProps) {
  const path = pathOf(source)
  if (!mediaType(path)?.playable)
    return <Unplayable source={source} label={label} format={extensionOf(path)} />

  const { words } = usePage()
  return (
    // biome-ignore lint/a11y/useMediaCaption: the owner's library holds no captions.
    <video
      class="aspect-video w-full rounded-2xl bg-black"
      src={source + FIRST_FRAME}
      aria-label={label}
      preload="metadata"
      controls
      playsinline
    >
      {words.post.browserWithoutVideo} <a href={source}>{words.post.download}</a>
    </video>
  )
}

function Unplayable({ source, label, format }: { source: string; label: string; format: string }) {
  const { words } = usePage()
  return (
    <div class="flex flex-col items-center gap-3 rounded-2xl border border-line bg-surface px-6 py-10 text-center">
      <p class="text-lg font-semibold text-balance">{words.post.unplayable(format.toUpperCase())}</p>
      <p class="max-w-prose text-muted text-balance">{words.post.unplayableHint}</p>
      <a class="button mt-1" href={source} aria-label={`${words.post.download}: ${label}`} download>
        <Icon name="download" />
        {words.post.download}
      </a>
    </div>
  )
}

/** Of a link to our own site or to another one. */
const pathOf = (link: string) => new URL(link, 'http://site.invalid').pathname
