import { createHmac } from 'node:crypto'
import { and, desc, eq, gt } from 'drizzle-orm'
import { RateLimiterDrizzle, RateLimiterRes } from 'rate-limiter-flexible'
import { payments } from '#src/db/billing-tables.ts'
import type { Db } from '#src/db/index.ts'
import { rateLimits } from '#src/db/media-tables.ts'
import { checkouts } from '#src/db/schema.ts'
import type { Deps } from '#src/deps.ts'
import { TooManyRequests } from '#src/errors.ts'
import type { PaymentMethod } from './views.ts'

const HOUR_SECONDS = 3_600

/** New charges in an hour. A buyer who errs needs a few; who tries out stolen cards, or floods a gateway, needs hundreds. */
export const CHARGE_LIMITS = {
  browser: 10,
  // Phones of one carrier share an address, and no card is tried out by PIX.
  network: { credit_card: 20, pix: 500 },
}

/** Who asks for a charge. */
export interface Payer {
  sessionId: number
  /** Where they are; null where that is not known. */
  network: string | null
}

/**
 * Counts a charge that is about to be made, in the transaction that makes its row: asking twice for the same charge
 * counts once, and what is refused counts for nothing. The network stands in no table but as a keyed hash.
 * @throws TooManyRequests when it is one too many.
 */
export async function countCharge(
  tx: Db,
  { hashKey, now }: Pick<Deps, 'hashKey' | 'now'>,
  { sessionId, network }: Payer,
  method: PaymentMethod,
): Promise<void> {
  await countBrowser(tx, sessionId, now())
  if (network === null) return
  const key = createHmac('sha256', hashKey).update('charges ').update(network).digest('base64url')
  try {
    await limiterOf(tx, `${method} by network`, CHARGE_LIMITS.network[method], HOUR_SECONDS).consume(key)
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal
    throw tooMany(refusal.msBeforeNext)
  }
}

/** By the charges themselves: whoever asks holds the lock of the session. */
async function countBrowser(tx: Db, sessionId: number, now: Date) {
  const recent = await tx
    .select({ createdAt: payments.createdAt })
    .from(payments)
    .innerJoin(checkouts, eq(checkouts.id, payments.checkoutId))
    .where(
      and(
        eq(checkouts.sessionId, sessionId),
        gt(payments.createdAt, new Date(now.getTime() - HOUR_SECONDS * 1_000)),
      ),
    )
    .orderBy(desc(payments.createdAt))
    .limit(CHARGE_LIMITS.browser)
  const oldest = recent[CHARGE_LIMITS.browser - 1]
  if (oldest) throw tooMany(oldest.createdAt.getTime() + HOUR_SECONDS * 1_000 - now.getTime())
}

/** How often a page may have the gateway asked about one charge: its buyer comes back once or twice. */
export const ASKS = { times: 5, seconds: 10 }

/** Counts a question to the gateway that a page is about to cause. @returns whether it may be asked. */
export async function mayAsk(db: Db, paymentId: number): Promise<boolean> {
  try {
    await limiterOf(db, 'asks of charge', ASKS.times, ASKS.seconds).consume(paymentId)
    return true
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal
    return false
  }
}

const limiterOf = (db: Db, keyPrefix: string, points: number, duration: number) =>
  new RateLimiterDrizzle({
    storeClient: db,
    schema: rateLimits,
    keyPrefix,
    points,
    duration,
    // The limiter of links does so for the whole table.
    clearExpiredByTimeout: false,
  })

const tooMany = (waitMs: number) =>
  new TooManyRequests(
    'Too many payments were begun here within an hour. Nothing was charged. Come back a little later.',
    Math.max(Math.ceil(waitMs / 1_000), 1),
  )
