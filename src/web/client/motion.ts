const fewer = matchMedia('(prefers-reduced-motion: reduce)')

export const wantsLessMotion = () => fewer.matches

/** How to scroll: at once for who does not want to see things move. */
export const scrollBehavior = (): ScrollBehavior => (fewer.matches ? 'instant' : 'smooth')

/** 1 where text runs from left to right, and scrolling on means a growing `scrollLeft`. */
export const directionOf = (element: Element) => (getComputedStyle(element).direction === 'rtl' ? -1 : 1)
