import type Plyr from 'plyr'

/** What the player's own keys leave out; like them, these work while the video has the focus. */
export function startShortcuts(film: HTMLElement, player: Plyr) {
  document.querySelector('[data-shortcuts]')?.classList.remove('invisible')
  film.addEventListener('keydown', (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return
    const act = keys(player)[event.key]
    if (!act) return
    event.preventDefault()
    act()
  })
}

const keys = (player: Plyr): Record<string, (() => void) | undefined> => ({
  '?': () => document.getElementById('shortcuts')?.togglePopover(),
  p: () => {
    player.pip = !player.pip
  },
  '<': () => changeSpeed(player, -0.25),
  '>': () => changeSpeed(player, 0.25),
})

const SLOWEST = 0.5
const FASTEST = 2

function changeSpeed(player: Plyr, by: number) {
  player.speed = Math.min(FASTEST, Math.max(SLOWEST, player.speed + by))
}
