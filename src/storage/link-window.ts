/** Seconds since 1970, the end exclusive. */
export interface LinkWindow {
  start: number
  end: number
  /** Links of this window work until then: the end of the next one, so that a link always lives one to two windows. */
  linksExpire: number
}

/** The window `now` falls in. Every node computes the same one, so they all give the same links. */
export function linkWindow(now: Date, windowSeconds: number): LinkWindow {
  const start = Math.floor(now.getTime() / 1000 / windowSeconds) * windowSeconds
  return { start, end: start + windowSeconds, linksExpire: start + 2 * windowSeconds }
}
