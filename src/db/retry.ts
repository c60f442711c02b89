import { setTimeout as delay } from 'node:timers/promises'
import { sqlState } from './database-error.ts'

/** Two transactions stood in each other's way and this one gave in: nothing of it was saved. */
const WORTH_RETRYING = new Set(['40001', '40P01'])
const TRIES = 5
const FIRST_PAUSE_MS = 50

/**
 * Runs a transaction again, up to five times, when the database asks for it (serialization failure, deadlock).
 * `work` is the whole transaction and must have no effect outside of it.
 */
export async function withRetry<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      if (attempt === TRIES || !WORTH_RETRYING.has(sqlState(error) ?? '')) throw error
      await delay(jitter(attempt))
    }
  }
}

/** Anything up to a pause that doubles, so that two do not meet again. */
const jitter = (attempt: number) => FIRST_PAUSE_MS * 2 ** (attempt - 1) * Math.random()
