import { and, desc, eq, gt, inArray, isNotNull, isNull, lte, sql } from 'drizzle-orm'
import { payments, terms } from '#src/db/billing-tables.ts'
import type { Db } from '#src/db/index.ts'
import { checkouts, plans, subscriptions } from '#src/db/schema.ts'
import type { Deps } from '#src/deps.ts'
import { Conflict, InvalidInput, NotFound } from '#src/errors.ts'
import { currentSubscription } from '#src/services/access/current-subscription.ts'
import { parseEmail } from '#src/services/accounts/email-address.ts'
import { ensureAccount } from '#src/services/accounts/ensure-account.ts'
import { linesOf } from './checkout-lines.ts'
import { grantTerm, lockMember, revokeTerms } from './place-terms.ts'
import { planOnSale } from './plans.ts'
import { MEMBER_SUBSCRIPTION_STATUSES, type MemberAccount, type MemberPayment } from './views.ts'
import { withdrawUntil } from './withdrawal.ts'

const MOST_PAYMENTS = 100

/** What the member has and has paid. */
export async function memberAccount(
  { database, now }: Pick<Deps, 'database' | 'now'>,
  userId: number,
): Promise<MemberAccount> {
  const [subscription, paid] = await Promise.all([
    shownSubscription(database.db, userId, now()),
    paymentsOf(database.db, userId, now()),
  ])
  return { subscription, payments: paid }
}

async function shownSubscription(db: Db, userId: number, now: Date): Promise<MemberAccount['subscription']> {
  const current = await currentSubscription(db, userId)
  const row = current ?? (await lastSubscription(db, userId))
  if (!row?.endDate || row.status === 'pending') return null
  const planId = (await runningPlan(db, row.id, now)) ?? row.planId
  const [plan] = await db.select().from(plans).where(eq(plans.id, planId))
  return {
    planId,
    planName: plan?.name ?? '',
    isOnSale: plan?.retiredAt === null,
    status: row.status,
    endsAt: row.endDate,
  }
}

/** Terms of several plans may follow one another; the row keeps the one that ran when it was written. */
async function runningPlan(db: Db, subscriptionId: number, now: Date): Promise<number | null> {
  const [running] = await db
    .select({ planId: terms.planId })
    .from(terms)
    .where(
      and(
        eq(terms.subscriptionId, subscriptionId),
        isNull(terms.revokedAt),
        lte(terms.startsAt, now),
        gt(terms.endsAt, now),
      ),
    )
    .limit(1)
  return running?.planId ?? null
}

async function lastSubscription(db: Db, userId: number) {
  const [last] = await db
    .select()
    .from(subscriptions)
    .where(
      and(eq(subscriptions.userId, userId), inArray(subscriptions.status, [...MEMBER_SUBSCRIPTION_STATUSES])),
    )
    .orderBy(sql`${subscriptions.endDate} desc nulls last`, desc(subscriptions.id))
    .limit(1)
  return last ?? null
}

async function paymentsOf(db: Db, userId: number, now: Date): Promise<MemberPayment[]> {
  const rows = await db
    .select({ payment: payments, checkout: checkouts })
    .from(payments)
    .innerJoin(checkouts, eq(checkouts.id, payments.checkoutId))
    .where(and(eq(checkouts.userId, userId), isNotNull(payments.paidAt)))
    .orderBy(desc(payments.paidAt), desc(payments.id))
    .limit(MOST_PAYMENTS)
  return rows.map(({ payment, checkout }) => ({
    id: payment.id,
    publicId: checkout.publicId,
    planName: checkout.planName ?? '',
    lines: linesOf(checkout),
    amountCents: payment.amountCents,
    currency: payment.currency,
    method: payment.method,
    status: payment.status as MemberPayment['status'],
    paidAt: payment.paidAt ?? now,
    isRefundRequested: payment.status === 'paid' && payment.refundRequestedAt !== null,
    withdrawUntil: withdrawUntil(payment, now),
  }))
}

/**
 * The member wants no reminders and lets it end; access stays until then. Nothing is charged by itself, so nothing
 * else has to stop.
 * @throws Conflict when nothing runs.
 */
export const cancelSubscription = (deps: Pick<Deps, 'database' | 'now'>, userId: number) =>
  turn(deps, userId, 'active', 'canceled')

/** Takes the cancellation back. @throws Conflict when nothing canceled runs. */
export const resumeSubscription = (deps: Pick<Deps, 'database' | 'now'>, userId: number) =>
  turn(deps, userId, 'canceled', 'active')

async function turn(
  { database, now }: Pick<Deps, 'database' | 'now'>,
  userId: number,
  from: 'active' | 'canceled',
  to: 'active' | 'canceled',
): Promise<void> {
  await database.db.transaction(async (tx) => {
    await lockMember(tx, userId)
    const current = await currentSubscription(tx, userId)
    if (current?.status === to) return
    if (current?.status !== from || current.endDate === null || current.endDate <= now()) {
      throw new Conflict('There is no membership that runs.')
    }
    await tx.update(subscriptions).set({ status: to }).where(eq(subscriptions.id, current.id))
  })
}

/**
 * Gives a member time that nobody pays for.
 * @param days of the plan; its duration unless said otherwise.
 * @throws NotFound when the plan is not on sale.
 */
export async function giveTerm(
  { database, now }: Pick<Deps, 'database' | 'now'>,
  userId: number,
  planId: number,
  days?: number,
): Promise<void> {
  const plan = await planOnSale(database.db, planId)
  const at = now()
  const grant = {
    planId,
    days: days ?? plan.days,
    planCents: 0,
    changesPlan: false,
    isRenewal: false,
    grantedAt: at,
    charge: null,
  }
  await database.db.transaction((tx) => grantTerm(tx, userId, grant, at))
}

/**
 * The same by e-mail; who has no account yet gets one, and a mail with the link to it.
 * @returns whether the account is new.
 * @throws InvalidInput when it is no e-mail.
 */
export async function giveTermTo(
  deps: Pick<Deps, 'database' | 'jobs' | 'now'>,
  typed: string,
  planId: number,
  days?: number,
): Promise<{ isNew: boolean }> {
  const email = parseEmail(typed)
  if (email === null) throw new InvalidInput(`${typed} is no e-mail address. It looks like ana@example.com.`)
  await planOnSale(deps.database.db, planId)
  const { userId, isNew } = await deps.database.db.transaction(async (tx) => {
    const account = await ensureAccount(tx, { email, name: null, language: null })
    if (account.isNew) await deps.jobs.send(tx, 'mail', { template: 'claim', userId: account.userId })
    return account
  })
  if (isNew) deps.jobs.wake('mail')
  await giveTerm(deps, userId, planId, days)
  return { isNew }
}

/** Ends a member's access now, giving no money back. @throws NotFound when nothing runs. */
export async function endMembership({ database, now }: Pick<Deps, 'database' | 'now'>, userId: number) {
  const at = now()
  await database.db.transaction(async (tx) => {
    await lockMember(tx, userId)
    const current = await currentSubscription(tx, userId)
    if (!current?.endDate || current.endDate <= at) {
      throw new NotFound('This member has no membership that runs.')
    }
    const isRevoked = ({ endsAt }: { endsAt: Date }) => endsAt > at
    await revokeTerms(tx, userId, { isRevoked, reason: 'ended', revokedAt: at }, at)
  })
}
