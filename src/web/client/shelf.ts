import { directionOf, scrollBehavior } from './motion.ts'

/** The part of its width by which an arrow moves a shelf, so that what was at the edge stays to be seen. */
const STEP = 0.85

/** The arrows of a shelf; each is there as long as there is more on its side. */
export function startShelf(frame: HTMLElement) {
  const list = frame.querySelector('ul')
  const back = frame.querySelector<HTMLButtonElement>('[data-scroll="back"]')
  const on = frame.querySelector<HTMLButtonElement>('[data-scroll="on"]')
  if (!list || !back || !on) return

  const move = (steps: number) =>
    list.scrollBy({ left: steps * STEP * list.clientWidth * directionOf(list), behavior: scrollBehavior() })
  const update = () => {
    const from = Math.abs(list.scrollLeft)
    setHidden(back, from < 8)
    setHidden(on, from > list.scrollWidth - list.clientWidth - 8)
  }
  back.addEventListener('click', () => move(-1))
  on.addEventListener('click', () => move(1))
  list.addEventListener('scroll', update, { passive: true })
  new ResizeObserver(update).observe(list)
}

/** Focus is not lost with the arrow that goes. */
function setHidden(arrow: HTMLButtonElement, isHidden: boolean) {
  if (isHidden && document.activeElement === arrow)
    arrow.parentElement
      ?.querySelector<HTMLElement>(`[data-scroll]:not([data-scroll="${arrow.dataset.scroll}"])`)
      ?.focus()
  arrow.hidden = isHidden
}
