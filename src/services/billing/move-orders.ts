import { and, asc, eq, inArray, isNull, notExists } from 'drizzle-orm'
import { payments, terms } from '#src/db/billing-tables.ts'
import type { Db } from '#src/db/index.ts'
import { checkouts, subscriptions, users } from '#src/db/schema.ts'
import type { JobQueue } from '#src/jobs/job-queue.ts'
import type { NewTerm } from './member-changes.ts'
import { grantTerm, lockMembers, revokeTerms } from './place-terms.ts'

type Term = typeof terms.$inferSelect

export interface OrderMove {
  /** Users. */
  from: number
  to: number
  /** That of `to`. */
  email: string
}

/**
 * Gives orders and the terms they made to another user, in a transaction that has locked the orders: each of the two has
 * what they would have, had the money been the other's from the first. What gives no access any more, or is on its way
 * back, stays where it is.
 * @returns the checkouts that moved.
 * @throws Outdated, for `withRetry`, when the new user has another e-mail by now, or is gone.
 */
export async function moveOrders(
  tx: Db,
  checkoutIds: number[],
  { from, to, email }: OrderMove,
  now: Date,
): Promise<number[]> {
  await lockMembers(tx, [from, to])
  await insistOnEmail(tx, to, email)
  const moved = await countingTerms(tx, checkoutIds, from)
  const movedIds = moved.flatMap(({ term: { checkoutId } }) => checkoutId ?? [])
  await tx
    .update(checkouts)
    .set({ userId: to, customerEmail: email, typedByOwner: false })
    .where(inArray(checkouts.id, movedIds))
  const taken = moved.map(({ term }) => term)
  await takeTerms(tx, from, taken, now)
  for (const { term, externalId } of moved) await grantTerm(tx, to, grantOf(term, externalId), now)
  return movedIds
}

/**
 * Writes of orders that moved: the receipt of the one that was asked for to whom it belongs now, and word to whom it
 * belonged, where somebody has claimed that account. One mail each, however many moved along.
 */
export async function tellOfMove(
  tx: Db,
  jobs: JobQueue,
  checkoutId: number,
  { from, to }: Pick<OrderMove, 'from' | 'to'>,
): Promise<void> {
  const [term] = await tx
    .select({ paymentId: terms.paymentId })
    .from(terms)
    .where(eq(terms.checkoutId, checkoutId))
  const about = term?.paymentId ?? 0
  await jobs.send(tx, 'mail', { template: 'receipt', userId: to, about })
  if (from !== to && (await isClaimed(tx, from)))
    await jobs.send(tx, 'mail', { template: 'order-moved', userId: from, about })
}

/** Between looking for the account and locking it its owner may have erased it or given it another e-mail. */
async function insistOnEmail(tx: Db, userId: number, email: string) {
  const [user] = await tx
    .select({ email: users.email, erasedAt: users.erasedAt })
    .from(users)
    .where(eq(users.id, userId))
  if (user?.email !== email || user.erasedAt !== null) throw new Outdated()
}

/** What was read before locking is not so any more; the whole transaction has to be run again. */
class Outdated extends Error {
  readonly code = '40001'
}

/** The first that was granted first. */
const countingTerms = (tx: Db, checkoutIds: number[], userId: number) =>
  tx
    .select({ term: terms, externalId: payments.externalId })
    .from(terms)
    .innerJoin(payments, eq(payments.id, terms.paymentId))
    .where(
      and(
        eq(terms.userId, userId),
        inArray(terms.checkoutId, checkoutIds),
        isNull(terms.revokedAt),
        isNull(payments.refundRequestedAt),
      ),
    )
    .orderBy(asc(terms.grantedAt), asc(terms.id))

/** As if they had never been there: the others of the user take their places, and a subscription without any is gone. */
async function takeTerms(tx: Db, userId: number, taken: Term[], now: Date) {
  const ids = taken.map(({ id }) => id)
  const isRevoked = ({ id }: { id: number | null }) => id !== null && ids.includes(id)
  await revokeTerms(tx, userId, { isRevoked, reason: 'ended', revokedAt: now }, now)
  await tx.delete(terms).where(inArray(terms.id, ids))
  const left = tx.select({ id: terms.id }).from(terms).where(eq(terms.subscriptionId, subscriptions.id))
  const opened = taken.map(({ subscriptionId }) => subscriptionId)
  await tx.delete(subscriptions).where(and(inArray(subscriptions.id, opened), notExists(left)))
}

/** Of the receiver, who has not chosen it: it changes no plan of theirs, and leaves a cancellation as it is. */
function grantOf(term: Term, externalId: string | null): NewTerm {
  const { planId, days, planCents, grantedAt, checkoutId, paymentId, amountCents, currency } = term
  if (checkoutId === null || paymentId === null || amountCents === null || currency === null) {
    throw new Error(`Term ${term.id} was not paid for.`)
  }
  const charge = { checkoutId, paymentId, amountCents, currency, externalId }
  return { planId, days, planCents, changesPlan: false, isRenewal: false, grantedAt, charge }
}

async function isClaimed(tx: Db, userId: number): Promise<boolean> {
  const [user] = await tx.select({ claimedAt: users.claimedAt }).from(users).where(eq(users.id, userId))
  return user !== undefined && user.claimedAt !== null
}
