import { inArray } from 'drizzle-orm'
import type { Db } from '#src/db/index.ts'
import { checkouts } from '#src/db/schema.ts'
import type { CheckoutStatus } from './states.ts'

const LOOK_EVERY_MS = 1_000

/** Tells of checkouts whose state has changed, whichever node has changed it. */
export interface CheckoutWatch {
  /** Calls back with the state as it is, and whenever it is another one, until what is returned is called. */
  watch(publicId: string, listener: (status: CheckoutStatus) => void): () => void
  close(): void
}

/**
 * One look a second at all that are watched on this node, and none while nothing is: it works through poolers and on
 * the embedded database alike, and costs the same for one buyer and a thousand.
 */
export function openCheckoutWatch(db: Db, lookEveryMs = LOOK_EVERY_MS): CheckoutWatch {
  const watched = new Map<string, { status: CheckoutStatus | null; listeners: Set<Listener> }>()
  let timer: NodeJS.Timeout | undefined

  async function look() {
    const rows = await readStates(db, [...watched.keys()])
    for (const { publicId, status } of rows) {
      const one = watched.get(publicId)
      if (!one || one.status === status) continue
      one.status = status
      for (const listener of one.listeners) listener(status)
    }
  }

  function lookAgain() {
    timer ??= setTimeout(() => {
      look()
        // The next look may find the database back.
        .catch(() => {})
        .finally(() => {
          timer = undefined
          if (watched.size > 0) lookAgain()
        })
    }, lookEveryMs)
  }

  return {
    watch(publicId, listener) {
      const one = watched.get(publicId) ?? { status: null, listeners: new Set() }
      watched.set(publicId, one)
      one.listeners.add(listener)
      if (one.status !== null) listener(one.status)
      lookAgain()
      return () => {
        one.listeners.delete(listener)
        if (one.listeners.size === 0) watched.delete(publicId)
      }
    },
    close() {
      watched.clear()
      clearTimeout(timer)
    },
  }
}

type Listener = (status: CheckoutStatus) => void

const readStates = (db: Db, publicIds: string[]) =>
  db
    .select({ publicId: checkouts.publicId, status: checkouts.status })
    .from(checkouts)
    .where(inArray(checkouts.publicId, publicIds))
