import { and, eq, inArray, isNotNull, ne } from 'drizzle-orm'
import { payments, terms } from '#src/db/billing-tables.ts'
import type { Db } from '#src/db/index.ts'
import { withRetry } from '#src/db/retry.ts'
import { checkouts } from '#src/db/schema.ts'
import type { Deps } from '#src/deps.ts'
import { failpoint } from '#src/lib/failpoint.ts'
import type { ChargeStatus } from '#src/payments/gateway.ts'
import { ensureAccount } from '#src/services/accounts/ensure-account.ts'
import { grantTerm, revokeTerm } from './place-terms.ts'
import { isNews, isOpen, isPaidOnce, OPEN_PAYMENTS } from './states.ts'

/** What a gateway says of one of our charges. */
export interface ChargeReport {
  /** Null where the gateway has none, for it has refused or never got the order. */
  externalId: string | null
  status: ChargeStatus
  amountCents: number
  currency: string
  /** When the money came, where the gateway says so. */
  paidAt: Date | null
  /** When it became so. */
  occurredAt: Date
}

/**
 * `settled`: it was news, and everything that follows is done. `known`: it was not. `parked`: it does not fit what we
 * asked for, so nothing follows until a person has looked.
 */
export type Settlement = 'settled' | 'known' | 'parked'

type Payment = typeof payments.$inferSelect
type Checkout = typeof checkouts.$inferSelect
type SettleDeps = Pick<Deps, 'database' | 'jobs'>

/**
 * The one way in which money moves: whoever hears of a charge, the webhook, the return page or the reconciler, comes
 * here. Amount, currency and plan are those of our rows; the report is only compared with them.
 * @param also what has to be committed with it.
 */
export async function settle(
  deps: SettleDeps,
  paymentId: number,
  report: ChargeReport,
  now: Date,
  also: (tx: Db, settlement: Settlement) => Promise<void> = async () => {},
): Promise<Settlement> {
  const settlement = await withRetry(() =>
    deps.database.db.transaction(async (tx) => {
      const settlement = await settleIn(tx, deps, paymentId, report, now)
      await also(tx, settlement)
      await failpoint('settle: before the commit')
      return settlement
    }),
  )
  await failpoint('settle: committed')
  if (settlement === 'settled') deps.jobs.wake('mail')
  return settlement
}

async function settleIn(
  tx: Db,
  deps: SettleDeps,
  paymentId: number,
  report: ChargeReport,
  now: Date,
): Promise<Settlement> {
  const { checkout, payment } = await lockCheckout(tx, paymentId)
  await failpoint('settle: checkout locked')
  if (report.amountCents !== payment.amountCents || report.currency !== payment.currency) {
    await tx
      .update(payments)
      .set({ review: REVIEW_AMOUNT, checkedAt: now })
      .where(eq(payments.id, payment.id))
    return 'parked'
  }
  const externalId = report.externalId ?? payment.externalId
  if (payment.externalId !== null && payment.externalId !== externalId) {
    await tx
      .update(payments)
      .set({ review: REVIEW_CHARGE, checkedAt: now })
      .where(eq(payments.id, payment.id))
    return 'parked'
  }
  if (!isNews(payment.status, report.status)) {
    await tx.update(payments).set({ externalId, checkedAt: now }).where(eq(payments.id, payment.id))
    return 'known'
  }

  if (isPaidOnce(report.status)) {
    const paid = payment.paidAt === null ? await bePaid(tx, deps, checkout, payment, report, now) : payment
    if (report.status !== 'paid') await beGivenBack(tx, deps, checkout, paid, report.status, report, now)
  } else {
    await beUnpaid(tx, checkout, payment, report, now)
  }
  return 'settled'
}

const REVIEW_AMOUNT = 'The gateway tells of another amount or currency than was asked for.'
const REVIEW_CHARGE = 'The gateway has a second charge for what was asked once.'
export const REVIEW_SURPLUS = 'A second payment of a checkout that is paid: to be refunded.'

/** The checkout first, so that all its charges are settled one after the other. */
async function lockCheckout(tx: Db, paymentId: number): Promise<{ checkout: Checkout; payment: Payment }> {
  const mine = tx.select({ id: payments.checkoutId }).from(payments).where(eq(payments.id, paymentId))
  const [checkout] = await tx.select().from(checkouts).where(inArray(checkouts.id, mine)).for('update')
  const [payment] = await tx.select().from(payments).where(eq(payments.id, paymentId)).for('update')
  if (!checkout || !payment) throw new Error(`There is no payment ${paymentId}.`)
  return { checkout, payment }
}

async function bePaid(
  tx: Db,
  { jobs }: SettleDeps,
  checkout: Checkout,
  payment: Payment,
  report: ChargeReport,
  now: Date,
): Promise<Payment> {
  const paidAt = within(report.paidAt ?? report.occurredAt, checkout.createdAt, now)
  const isSurplus = await hasSettled(tx, checkout.id, payment.id)
  const externalId = report.externalId ?? payment.externalId
  const [paid] = await tx
    .update(payments)
    .set({
      status: 'paid',
      paidAt,
      externalId,
      isSurplus,
      review: isSurplus ? REVIEW_SURPLUS : null,
      checkedAt: now,
    })
    .where(eq(payments.id, payment.id))
    .returning()
  if (!paid) throw new Error('A payment that was updated was not returned.')
  await failpoint('settle: payment moved')
  if (isSurplus) return paid

  const userId = checkout.userId ?? (await ensureAccount(tx, buyerOf(checkout))).userId
  await tx.update(checkouts).set({ status: 'paid', paidAt, userId }).where(eq(checkouts.id, checkout.id))
  await grantTerm(
    tx,
    {
      userId,
      planId: checkout.planId,
      source: 'charge',
      checkoutId: checkout.id,
      paymentId: payment.id,
      days: checkout.planDays ?? 0,
      planCents: checkout.planCents ?? 0,
      amountCents: payment.amountCents,
      currency: payment.currency,
      grantedAt: paidAt,
    },
    now,
  )
  await failpoint('settle: term granted')
  await jobs.send(tx, 'mail', { template: 'receipt', userId, about: payment.id })
  return paid
}

async function beGivenBack(
  tx: Db,
  { jobs }: SettleDeps,
  checkout: Checkout,
  payment: Payment,
  status: 'refunded' | 'charged_back' | ChargeStatus,
  report: ChargeReport,
  now: Date,
) {
  const reason = status === 'charged_back' ? 'charged_back' : 'refunded'
  await tx
    .update(payments)
    .set({ status: reason, review: null, checkedAt: now })
    .where(eq(payments.id, payment.id))
  if (payment.isSurplus) return

  await tx.update(checkouts).set({ status: reason }).where(eq(checkouts.id, checkout.id))
  const [term] = await tx.select().from(terms).where(eq(terms.paymentId, payment.id))
  if (!term) throw new Error(`Payment ${payment.id} was paid and has no term.`)
  await revokeTerm(tx, term, { reason, revokedAt: within(report.occurredAt, term.grantedAt, now) }, now)
  await jobs.send(tx, 'mail', { template: 'refunded', userId: term.userId, about: payment.id })
}

async function beUnpaid(tx: Db, checkout: Checkout, payment: Payment, report: ChargeReport, now: Date) {
  const { status } = report
  const externalId = report.externalId ?? payment.externalId
  await tx
    .update(payments)
    .set({ status: status as 'pending' | 'failed' | 'expired' | 'canceled', externalId, checkedAt: now })
    .where(eq(payments.id, payment.id))
  await failpoint('settle: payment moved')
  const stillWaits = isOpen(status as Payment['status']) || (await hasOther(tx, checkout.id, payment.id))
  if (checkout.status !== 'pending' || stillWaits) return
  await tx
    .update(checkouts)
    .set({ status: status === 'expired' ? 'expired' : 'failed' })
    .where(eq(checkouts.id, checkout.id))
}

async function hasSettled(tx: Db, checkoutId: number, except: number) {
  const [other] = await tx
    .select({ id: payments.id })
    .from(payments)
    .where(
      and(
        eq(payments.checkoutId, checkoutId),
        ne(payments.id, except),
        isNotNull(payments.paidAt),
        eq(payments.isSurplus, false),
      ),
    )
    .limit(1)
  return other !== undefined
}

async function hasOther(tx: Db, checkoutId: number, except: number) {
  const [other] = await tx
    .select({ id: payments.id })
    .from(payments)
    .where(
      and(
        eq(payments.checkoutId, checkoutId),
        ne(payments.id, except),
        inArray(payments.status, [...OPEN_PAYMENTS]),
      ),
    )
    .limit(1)
  return other !== undefined
}

function buyerOf(checkout: Checkout) {
  const { customerEmail, customerName } = checkout
  if (customerEmail === null) throw new Error('A guest has bought without an e-mail.')
  return { email: customerEmail, name: customerName, language: checkout.language }
}

/** A gateway's clock may go wrong: nothing was paid before it was asked for, or will be. */
const within = (date: Date, from: Date, to: Date) =>
  new Date(Math.min(Math.max(date.getTime(), from.getTime()), Math.max(to.getTime(), from.getTime())))
