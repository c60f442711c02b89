import { and, desc, eq, inArray, sql } from 'drizzle-orm'
import type { Db } from '#src/db/index.ts'
import { subscriptions } from '#src/db/schema.ts'

/** Canceled keeps access to its end (spec §4); pending, expired and refunded rows give none. */
const GIVES_ACCESS = ['active', 'canceled'] as const

/**
 * The subscription that says until when this user has access: of the active and canceled ones that which ends last,
 * or null. Whether that end has passed is for the caller to ask.
 */
export async function currentSubscription(db: Db, userId: number) {
  const [current] = await db
    .select()
    .from(subscriptions)
    .where(and(eq(subscriptions.userId, userId), inArray(subscriptions.status, [...GIVES_ACCESS])))
    .orderBy(sql`${subscriptions.endDate} desc nulls last`, desc(subscriptions.id))
    .limit(1)
  return current ?? null
}
