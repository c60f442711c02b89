import { and, asc, eq, inArray, isNull, notExists } from 'drizzle-orm'
import { payments, terms } from '#src/db/billing-tables.ts'
import type { Db } from '#src/db/index.ts'
import { checkouts, subscriptions } from '#src/db/schema.ts'
import type { NewTerm } from './member-changes.ts'
import { grantTerm, revokeTerms } from './place-terms.ts'

type Term = typeof terms.$inferSelect

/**
 * Gives paid orders, and the terms they made, to another user, in a transaction that has locked the orders and both users:
 * each has what they would have, had the money been the other's from the first. Terms that were revoked stay where they
 * are.
 */
export async function moveOrders(
  tx: Db,
  checkoutIds: number[],
  { from, to }: { from: number; to: number },
  now: Date,
): Promise<void> {
  await tx.update(checkouts).set({ userId: to }).where(inArray(checkouts.id, checkoutIds))
  const moved = await tx
    .select({ term: terms, externalId: payments.externalId })
    .from(terms)
    .innerJoin(payments, eq(payments.id, terms.paymentId))
    .where(and(eq(terms.userId, from), inArray(terms.checkoutId, checkoutIds), isNull(terms.revokedAt)))
    .orderBy(asc(terms.grantedAt), asc(terms.id))
  const taken = moved.map(({ term }) => term)
  await takeTerms(tx, from, taken, now)
  for (const { term, externalId } of moved) await grantTerm(tx, to, grantOf(term, externalId), now)
}

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

function grantOf(term: Term, externalId: string | null): NewTerm {
  const { planId, days, planCents, changesPlan, grantedAt, checkoutId, paymentId, amountCents, currency } =
    term
  if (checkoutId === null || paymentId === null || amountCents === null || currency === null) {
    throw new Error(`Term ${term.id} was not paid for.`)
  }
  const charge = { checkoutId, paymentId, amountCents, currency, externalId }
  return { planId, days, planCents, changesPlan, grantedAt, charge }
}
