import { Unavailable } from '#src/errors.ts'

interface Waiter {
  admit(): void
  refuse(reason: Error): void
}

/** Hands out one turn at a time: first come, first served. */
export class Turns {
  readonly #longestWaitMs: number
  readonly #waiting = new Set<Waiter>()
  #taken = false
  #end: (() => Error) | null = null

  constructor(longestWaitMs: number) {
    this.#longestWaitMs = longestWaitMs
  }

  /**
   * What `work` comes to, in its turn.
   * @throws Unavailable when the turn did not come in time.
   */
  async take<T>(work: () => Promise<T>): Promise<T> {
    if (this.#end) throw this.#end()
    if (this.#taken) await this.#wait()
    this.#taken = true
    try {
      return await work()
    } finally {
      this.#passOn()
    }
  }

  /** Refuses those who come from now on; those who wait still have their turn. */
  close(reason: () => Error) {
    this.#end ??= reason
  }

  /** Refuses those who wait as well. A turn that was begun is not touched. */
  end(reason: () => Error) {
    this.close(reason)
    for (const waiter of this.#waiting) waiter.refuse(reason())
    this.#waiting.clear()
  }

  #wait(): Promise<void> {
    return new Promise((resolve, reject) => {
      const tooLong = setTimeout(() => {
        this.#waiting.delete(waiter)
        reject(this.#busy())
      }, this.#longestWaitMs)
      const waiter: Waiter = {
        admit: () => {
          clearTimeout(tooLong)
          resolve()
        },
        refuse: (reason) => {
          clearTimeout(tooLong)
          reject(reason)
        },
      }
      this.#waiting.add(waiter)
    })
  }

  /** `#taken` stays true while a waiter is on its way in, so that nobody slips in before it. */
  #passOn() {
    const [next] = this.#waiting
    if (!next) {
      this.#taken = false
      return
    }
    this.#waiting.delete(next)
    next.admit()
  }

  #busy() {
    const seconds = Math.round(this.#longestWaitMs / 1000)
    return new Unavailable(
      `The embedded database has been busy with something else for ${seconds} seconds. Try again in a moment.`,
    )
  }
}
