import { and, eq, inArray, lte } from 'drizzle-orm'
import { payments } from '#src/db/billing-tables.ts'
import { checkouts } from '#src/db/schema.ts'
import { GatewayUncertain } from '#src/payments/failures.ts'
import { gatewayById } from '#src/services/gateways/gateways.ts'
import { type ChargeDeps, giveUpCharge, recordCharge, requestCharge } from './charge.ts'
import { mayAsk } from './charge-limits.ts'
import { OPEN_PAYMENTS } from './states.ts'

type Payment = typeof payments.$inferSelect

/** A charge that nobody has seen by then was never made. */
const NEVER_CAME_MS = 10 * 60_000

export type Answer = 'news' | 'nothing new' | 'unanswered'

/**
 * Asks what became of the charge, and lets follow what follows. One that never reached the gateway is asked for again,
 * by the same key, as long as its buyer may be waiting. A gateway that does not answer changes nothing: the webhook
 * and the reconciler will tell.
 */
export async function askGateway(deps: ChargeDeps, payment: Payment): Promise<Answer> {
  try {
    const { gateway } = await gatewayById(deps, payment.gatewayId)
    const charge =
      payment.externalId === null
        ? await gateway.findCharge(payment.idempotencyKey)
        : await gateway.fetchCharge(payment.externalId)
    if (!charge) return await missing(deps, payment)
    return (await recordCharge(deps, payment, charge)) === 'settled' ? 'news' : 'nothing new'
  } catch (error) {
    if (!(error instanceof GatewayUncertain)) throw error
    deps.log.warn({ err: error, payment: payment.id }, 'the gateway does not say what became of a charge')
    return 'unanswered'
  }
}

/** The gateway has no such charge. */
async function missing(deps: ChargeDeps, payment: Payment): Promise<Answer> {
  const { db } = deps.database
  if (payment.status === 'created' || payment.status === 'unknown') {
    const [checkout] = await db.select().from(checkouts).where(eq(checkouts.id, payment.checkoutId))
    const isWaitedFor = deps.now().getTime() - payment.createdAt.getTime() <= NEVER_CAME_MS
    if (isWaitedFor && checkout?.status === 'pending') {
      const asked = await requestCharge(deps, payment, checkout, deps.env.BASE_URL)
      return asked === 'answered' ? 'news' : 'unanswered'
    }
    if (!isWaitedFor) {
      await giveUpCharge(deps, payment)
      return 'news'
    }
  }
  await db.update(payments).set({ checkedAt: deps.now() }).where(eq(payments.id, payment.id))
  return 'nothing new'
}

/** A charge whose time is over makes room for a new one only when the gateway says so: it might have been paid. */
export async function settleLapsed(deps: ChargeDeps, sessionId: number): Promise<void> {
  const lapsed = await deps.database.db
    .select({ payment: payments })
    .from(payments)
    .innerJoin(checkouts, eq(checkouts.id, payments.checkoutId))
    .where(
      and(
        eq(checkouts.sessionId, sessionId),
        inArray(payments.status, [...OPEN_PAYMENTS]),
        lte(payments.expiresAt, deps.now()),
      ),
    )
  for (const { payment } of lapsed) {
    if (await mayAsk(deps.database.db, payment.id)) await askGateway(deps, payment)
  }
}
