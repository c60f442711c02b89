import { and, eq } from 'drizzle-orm'
import { payments, terms } from '#src/db/billing-tables.ts'
import type { Db } from '#src/db/index.ts'
import { withRetry } from '#src/db/retry.ts'
import { checkouts } from '#src/db/schema.ts'
import type { Deps } from '#src/deps.ts'
import { Conflict, NotFound } from '#src/errors.ts'
import { failpoint } from '#src/lib/failpoint.ts'
import { GatewayRefused } from '#src/payments/failures.ts'
import { gatewayById } from '#src/services/gateways/gateways.ts'
import { type ChargeDeps, reportOf } from './charge.ts'
import { revokeTerms } from './place-terms.ts'
import { settle } from './settle.ts'
import { withdrawUntil } from './withdrawal.ts'

type Payment = typeof payments.$inferSelect

/**
 * The member gives back what they bought less than seven days ago: access ends at once, and the money is on its way.
 * @throws NotFound when it is not theirs. @throws Conflict when it is too late, or was done.
 */
export async function withdraw(deps: RefundDeps, userId: number, paymentId: number): Promise<void> {
  await paymentOfUser(deps.database.db, userId, paymentId)
  await refund(deps, paymentId, async (tx, payment) => {
    // It may have become another's since, whose e-mail was meant.
    await paymentOfUser(tx, userId, paymentId)
    if (withdrawUntil(payment, deps.now()) !== null) return
    throw new Conflict('This payment cannot be given back any more: seven days have passed, or it was done.')
  })
}

/**
 * Gives the money of a payment back: access ends at once, a job asks the gateway until it has done it.
 * @throws NotFound @throws Conflict when there is nothing to give back, or it was asked for.
 */
export const requestRefund = (deps: RefundDeps, paymentId: number): Promise<void> =>
  refund(deps, paymentId, async () => {})

async function refund(
  deps: RefundDeps,
  paymentId: number,
  insist: (tx: Db, locked: Payment) => Promise<void>,
): Promise<void> {
  const now = deps.now()
  await withRetry(() =>
    deps.database.db.transaction(async (tx) => {
      const payment = await lockedPayment(tx, paymentId)
      await insist(tx, payment)
      if (payment.status !== 'paid') throw new Conflict(`Payment ${paymentId} holds no money to give back.`)
      if (payment.refundRequestedAt !== null) {
        throw new Conflict(`The money of payment ${paymentId} is on its way back already.`)
      }
      await tx
        .update(payments)
        .set({ refundRequestedAt: now, review: null })
        .where(eq(payments.id, paymentId))
      const [term] = await tx.select().from(terms).where(eq(terms.paymentId, paymentId))
      const isRevoked = (one: { paymentId: number | null }) => one.paymentId === paymentId
      if (term) await revokeTerms(tx, term.userId, { isRevoked, reason: 'refunded', revokedAt: now }, now)
      await deps.jobs.send(tx, 'refund-payment', { paymentId })
    }),
  )
  deps.jobs.wake('refund-payment')
}

type RefundDeps = Pick<Deps, 'database' | 'jobs' | 'now'>

/**
 * The job: asks the gateway for the refund, as often as it takes; it gives the money back once.
 * @throws GatewayUncertain while it is not known, GatewayRefused when a person has to see to it.
 */
export async function refundPayment(deps: ChargeDeps, paymentId: number): Promise<void> {
  const [payment] = await deps.database.db.select().from(payments).where(eq(payments.id, paymentId))
  if (payment?.status !== 'paid' || payment.externalId === null) return
  const { gateway } = await gatewayById(deps, payment.gatewayId)
  await failpoint('refund: before the gateway is asked')
  try {
    const charge = await gateway.refund(payment.externalId)
    await failpoint('refund: the gateway has answered')
    await settle(deps, paymentId, reportOf(charge, deps.now()), deps.now())
  } catch (error) {
    if (error instanceof GatewayRefused) await flag(deps, paymentId)
    throw error
  }
}

export const REVIEW_REFUND_REFUSED = 'The gateway refuses to give the money back: see its own pages.'

async function flag({ database }: ChargeDeps, paymentId: number) {
  await database.db.update(payments).set({ review: REVIEW_REFUND_REFUSED }).where(eq(payments.id, paymentId))
}

/** @throws NotFound */
async function paymentOfUser(db: Db, userId: number, paymentId: number): Promise<void> {
  const [found] = await db
    .select({ id: payments.id })
    .from(payments)
    .innerJoin(checkouts, eq(checkouts.id, payments.checkoutId))
    .where(and(eq(payments.id, paymentId), eq(checkouts.userId, userId)))
  if (!found) throw new NotFound('There is no payment of yours at this address.')
}

/** The checkout first, as settling does. */
async function lockedPayment(tx: Db, paymentId: number): Promise<Payment> {
  const [found] = await tx
    .select({ checkoutId: payments.checkoutId })
    .from(payments)
    .where(eq(payments.id, paymentId))
  if (!found) throw new NotFound(`There is no payment ${paymentId}. See: npx creatorflix members orders`)
  await tx
    .select({ id: checkouts.id })
    .from(checkouts)
    .where(eq(checkouts.id, found.checkoutId))
    .for('update')
  const [payment] = await tx.select().from(payments).where(eq(payments.id, paymentId)).for('update')
  return payment as Payment
}
