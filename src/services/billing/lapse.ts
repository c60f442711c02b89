import { and, asc, eq, gt, inArray, isNull, lt, lte, ne, notExists, or, sql } from 'drizzle-orm'
import { payments } from '#src/db/billing-tables.ts'
import { withRetry } from '#src/db/retry.ts'
import { checkouts, subscriptions, users } from '#src/db/schema.ts'
import type { Deps } from '#src/deps.ts'
import { lockMember } from './place-terms.ts'
import { OPEN_PAYMENTS } from './states.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** A checkout that nobody has paid by then is not waited for; late money is honoured all the same. */
const ABANDONED_AFTER_MS = 2 * HOUR_MS
/** How long before the end a member is reminded. */
const REMIND_BEFORE_MS = 3 * DAY_MS
const MOST_AT_A_TIME = 500

type LapseDeps = Pick<Deps, 'database' | 'jobs' | 'now'>

/**
 * Notes that subscriptions have ended. Access ended by the clock, without this; this is for lists, counts and mails.
 * @returns how many.
 */
export async function expireSubscriptions({ database, now }: LapseDeps): Promise<number> {
  const { db } = database
  const at = now()
  const hasLapsed = and(inArray(subscriptions.status, ['active', 'canceled']), lte(subscriptions.endDate, at))
  const lapsed = await db
    .selectDistinct({ userId: subscriptions.userId })
    .from(subscriptions)
    .where(hasLapsed)
    .orderBy(asc(subscriptions.userId))
    .limit(MOST_AT_A_TIME)
  let expired = 0
  for (const { userId } of lapsed) {
    const rows = await withRetry(() =>
      db.transaction(async (tx) => {
        await lockMember(tx, userId)
        return tx
          .update(subscriptions)
          .set({ status: 'expired' })
          .where(and(eq(subscriptions.userId, userId), hasLapsed))
          .returning({ id: subscriptions.id })
      }),
    )
    expired += rows.length
  }
  return expired
}

/** Closes checkouts that nobody is about to pay any more. @returns how many. */
export async function abandonCheckouts({ database, now }: LapseDeps): Promise<number> {
  const { db } = database
  const abandoned = await db
    .update(checkouts)
    .set({ status: 'abandoned' })
    .where(
      and(
        eq(checkouts.status, 'pending'),
        lt(checkouts.createdAt, new Date(now().getTime() - ABANDONED_AFTER_MS)),
        notExists(
          db
            .select({ one: sql`1` })
            .from(payments)
            .where(and(eq(payments.checkoutId, checkouts.id), inArray(payments.status, [...OPEN_PAYMENTS]))),
        ),
      ),
    )
    .returning({ id: checkouts.id })
  return abandoned.length
}

/** Writes once to each member whose access is about to end, and who has not said to let it. @returns how many. */
export async function remindMembers({ database, jobs, now }: LapseDeps): Promise<number> {
  const { db } = database
  const at = now()
  const due = await db
    .select({ id: subscriptions.id, userId: subscriptions.userId, endDate: subscriptions.endDate })
    .from(subscriptions)
    .innerJoin(users, eq(users.id, subscriptions.userId))
    .where(
      and(
        eq(subscriptions.status, 'active'),
        gt(subscriptions.endDate, at),
        lte(subscriptions.endDate, new Date(at.getTime() + REMIND_BEFORE_MS)),
        // Of a term that is hardly longer than the notice, the beginning is no time to speak of its end.
        lt(subscriptions.startDate, new Date(at.getTime() - DAY_MS)),
        or(isNull(subscriptions.remindedFor), ne(subscriptions.remindedFor, subscriptions.endDate)),
        isNull(users.disabledAt),
        isNull(users.erasedAt),
      ),
    )
    .limit(MOST_AT_A_TIME)
  for (const { id, userId, endDate } of due) {
    await db.transaction(async (tx) => {
      const [marked] = await tx
        .update(subscriptions)
        .set({ remindedFor: endDate })
        .where(and(eq(subscriptions.id, id), sql`${subscriptions.remindedFor} is distinct from ${endDate}`))
        .returning({ id: subscriptions.id })
      if (marked) await jobs.send(tx, 'mail', { template: 'reminder', userId, about: id })
    })
  }
  return due.length
}
