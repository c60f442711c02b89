import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { RateLimiterDrizzle, RateLimiterRes } from 'rate-limiter-flexible'
import { rateLimits } from '#src/db/media-tables.ts'
import type { Deps } from '#src/deps.ts'
import { TooManyRequests } from '#src/errors.ts'
import { normalEmail } from './email-address.ts'

const MINUTE_SECONDS = 60

/** How often one may try, by what: `account` is the e-mail that was typed, whether it has an account or not. */
export const ATTEMPT_LIMITS = {
  'sign-in': {
    account: { tries: 10, seconds: 15 * MINUTE_SECONDS },
    network: { tries: 30, seconds: 15 * MINUTE_SECONDS },
  },
  /** Asking for a mail. */
  mail: {
    account: { tries: 5, seconds: 60 * MINUTE_SECONDS },
    network: { tries: 30, seconds: 15 * MINUTE_SECONDS },
  },
} as const

export type AttemptKind = keyof typeof ATTEMPT_LIMITS

/** Who tries: the e-mail they typed, the network they come from, and the mark of their browser. */
export interface Attempt {
  email: string
  network: string
  /** What `markOf` gave the browser, or whatever it sends instead. */
  mark: string | null
}

/** Counts tries on all nodes together. Neither e-mails nor addresses stand in the table, only keyed hashes of them. */
export interface Attempts {
  /**
   * A browser that has signed in to the account before is counted by itself: whoever else tries, and how often, does not
   * keep its owner out.
   * @throws TooManyRequests when it is one too many; it is not to be looked at then.
   */
  count(kind: AttemptKind, attempt: Attempt): Promise<void>
  /** Who was right may be wrong as often again. The network's count stays: others may be there. */
  forgive(kind: AttemptKind, attempt: Attempt): Promise<void>
  /** For the browser that has signed in to the account: tells nobody which account it was. */
  markOf(email: string): string
}

export function openAttempts({ database, hashKey }: Pick<Deps, 'database' | 'hashKey'>): Attempts {
  const limiterOf = (kind: AttemptKind, by: 'account' | 'network') =>
    new RateLimiterDrizzle({
      storeClient: database.db,
      schema: rateLimits,
      keyPrefix: `${kind} by ${by}`,
      points: ATTEMPT_LIMITS[kind][by].tries,
      duration: ATTEMPT_LIMITS[kind][by].seconds,
      // The limiter of links does so for the whole table.
      clearExpiredByTimeout: false,
    })
  const limitersOf = (kind: AttemptKind) => ({
    account: limiterOf(kind, 'account'),
    network: limiterOf(kind, 'network'),
  })
  const limiters = { 'sign-in': limitersOf('sign-in'), mail: limitersOf('mail') }
  const keyOf = (text: string) =>
    createHmac('sha256', hashKey).update('attempt ').update(text).digest('base64url')

  const signatureOf = (email: string, nonce: string) =>
    createHmac('sha256', hashKey)
      .update(`device ${nonce} ${normalEmail(email)}`)
      .digest()

  /** By the account that was named, or by the browser that knows it. */
  const accountKey = ({ email, mark }: Attempt) => {
    const [nonce = '', signature = ''] = mark?.split('.') ?? []
    const isKnown = isSame(Buffer.from(signature, 'base64url'), signatureOf(email, nonce))
    return keyOf(isKnown ? `device ${nonce}` : normalEmail(email))
  }

  return {
    async count(kind, attempt) {
      await consume(limiters[kind].network, keyOf(attempt.network))
      await consume(limiters[kind].account, accountKey(attempt))
    },
    async forgive(kind, attempt) {
      await limiters[kind].account.delete(accountKey(attempt))
    },
    markOf(email) {
      const nonce = randomBytes(16).toString('base64url')
      return `${nonce}.${signatureOf(email, nonce).toString('base64url')}`
    },
  }
}

const isSame = (one: Buffer, other: Buffer) => one.length === other.length && timingSafeEqual(one, other)

async function consume(limiter: RateLimiterDrizzle, key: string) {
  try {
    await limiter.consume(key)
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal
    throw new TooManyRequests(
      'You have tried too often. Come back a little later.',
      Math.ceil(refusal.msBeforeNext / 1000),
    )
  }
}
