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
 * what they would have, had the money been the other's from the first. The new one gets the receipts; the former one is
 * told, where the account has been claimed. What gives no access any more, or is on its way back, stays where it is.
 * @returns the checkouts that moved.
 */
export async function moveOrders(
  tx: Db,
  jobs: JobQueue,
  checkoutIds: number[],
  { from, to, email }: OrderMove,
  now: Date,
): Promise<number[]> {
  await lockMembers(tx, [from, to])
  const moved = await countingTerms(tx, checkoutIds, from)
  const movedIds = moved.flatMap(({ term: { checkoutId } }) => checkoutId ?? [])
  await tx.update(checkouts).set({ userId: to, customerEmail: email }).where(inArray(checkouts.id, movedIds))
  const taken = moved.map(({ term }) => term)
  await takeTerms(tx, from, taken, now)
  for (const { term, externalId } of moved) await grantTerm(tx, to, grantOf(term, externalId), now)

  const isTold = await isClaimed(tx, from)
  for (const { paymentId } of taken) {
    const about = paymentId ?? 0
    await jobs.send(tx, 'mail', { template: 'receipt', userId: to, about })
    if (isTold) await jobs.send(tx, 'mail', { template: 'order-moved', userId: from, about })
  }
  return movedIds
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
