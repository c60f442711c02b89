export interface AtOnceLimits {
  /** How many run side by side. */
  atOnce: number
  /** How many wait for their turn; any number without it. */
  waiting?: number
  /** What a further one is refused with. */
  full?: () => Error
}

/** Runs work in the order it came, so much of it side by side; what fails holds up nobody. */
export function atOnce(limits: AtOnceLimits): <T>(work: () => Promise<T>) => Promise<T> {
  const {
    atOnce,
    waiting: mostWaiting = Infinity,
    full = () => new Error('Too much waits already.'),
  } = limits
  const waiting: Array<() => void> = []
  let running = 0

  return async function takeTurn(work) {
    if (running < atOnce) running++
    else if (waiting.length < mostWaiting) await new Promise<void>((resolve) => waiting.push(resolve))
    else throw full()
    try {
      return await work()
    } finally {
      // The place is handed on rather than given free, so that nobody comes in between.
      const next = waiting.shift()
      if (next) next()
      else running--
    }
  }
}
