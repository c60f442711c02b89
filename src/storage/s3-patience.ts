import { setTimeout as pause } from 'node:timers/promises'
import { S3Failure } from '#src/storage/s3-failure.ts'

export interface Patience {
  attempts: number
  /** For one attempt, the answer's body included. */
  requestMilliseconds: number
  /** The first pause is at most this long, each later one at most twice the one before. */
  pauseMilliseconds: number
}

const LONGEST_PAUSE_MILLISECONDS = 10_000

/**
 * Asks until it is answered, as often as `attempts` allows, when what failed may pass. Pauses are random up to a
 * doubling bound, so that nodes turned away together do not come back together.
 */
export async function persistently<T>(
  ask: () => Promise<T>,
  patience: Patience,
  signal?: AbortSignal,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await ask()
    } catch (error) {
      if (!(error instanceof S3Failure) || !error.isPassing || attempt === patience.attempts) throw error
    }
    const bound = Math.min(patience.pauseMilliseconds * 2 ** (attempt - 1), LONGEST_PAUSE_MILLISECONDS)
    await pause(Math.random() * bound, undefined, { signal })
  }
}

/**
 * The answer, or an S3Failure when it takes longer: also when the far side has begun to answer and stopped.
 * @throws the signal's reason when that is aborted
 */
export async function withinTime<T>(
  milliseconds: number,
  ask: (signal: AbortSignal) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  signal?.throwIfAborted()
  const asking = new AbortController()
  const stopped = new Promise<never>((_, reject) => {
    asking.signal.addEventListener('abort', () => reject(asking.signal.reason))
  })
  const callOff = () => asking.abort(signal?.reason)
  signal?.addEventListener('abort', callOff)
  const timer = setTimeout(() => asking.abort(tooSlow(milliseconds)), milliseconds)
  try {
    return await Promise.race([ask(asking.signal), stopped])
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', callOff)
  }
}

function tooSlow(milliseconds: number) {
  const words = `The store did not answer within ${milliseconds / 1000} seconds.`
  return new S3Failure('timed out', words, { isPassing: true })
}
