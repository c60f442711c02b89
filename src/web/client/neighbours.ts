/** The arrow keys lead to the newer and the older post, wherever they have nothing else to do. */
export function startNeighbours(links: HTMLElement) {
  const isLeftToRight = getComputedStyle(links).direction === 'ltr'
  const rels = { ArrowLeft: isLeftToRight ? 'prev' : 'next', ArrowRight: isLeftToRight ? 'next' : 'prev' }
  document.addEventListener('keydown', (event) => {
    const rel = rels[event.key as keyof typeof rels]
    if (!rel || event.defaultPrevented || hasModifier(event) || isTaken(event.target)) return
    links.querySelector<HTMLAnchorElement>(`a[rel="${rel}"]`)?.click()
  })
}

const hasModifier = ({ altKey, ctrlKey, metaKey, shiftKey }: KeyboardEvent) =>
  altKey || ctrlKey || metaKey || shiftKey

/** Fields, players and whatever stands above the page have uses of their own for the arrows; a film goes on. */
function isTaken(target: EventTarget | null) {
  if (document.querySelector('.pswp, :popover-open, [aria-expanded="true"]')) return true
  if ([...document.querySelectorAll('video')].some(({ paused }) => !paused)) return true
  return target instanceof Element && target.closest('input, textarea, select, video, .film') !== null
}
