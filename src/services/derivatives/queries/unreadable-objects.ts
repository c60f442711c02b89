import { desc, eq, sql } from 'drizzle-orm'
import type { Db } from '#src/db/index.ts'
import { type UNREADABLE_REASONS, unreadableObjects } from '#src/db/media-tables.ts'

export type UnreadableReason = (typeof UNREADABLE_REASONS)[number]

/** An object that no picture can be made of. */
export interface UnreadableObject {
  key: string
  reason: UnreadableReason
  since: Date
  /** How often it was asked for. */
  times: number
}

/** The list for the owner, what was met last first. */
export function listUnreadable(db: Db): Promise<UnreadableObject[]> {
  return db
    .select({
      key: unreadableObjects.objectKey,
      reason: unreadableObjects.reason,
      since: unreadableObjects.firstNoticedAt,
      times: unreadableObjects.times,
    })
    .from(unreadableObjects)
    .orderBy(desc(unreadableObjects.lastNoticedAt))
}

/** Puts it on the list; what is there already for the same reason keeps its count and its beginning. */
export async function recordUnreadable(
  db: Db,
  objectKey: string,
  etag: string | null,
  reason: UnreadableReason,
) {
  const isNew = sql`(${unreadableObjects.etag} is distinct from excluded.etag or ${unreadableObjects.reason} <> excluded.reason)`
  await db
    .insert(unreadableObjects)
    .values({ objectKey, etag, reason })
    .onConflictDoUpdate({
      target: unreadableObjects.objectKey,
      set: {
        etag,
        reason,
        times: sql`case when ${isNew} then 1 else ${unreadableObjects.times} end`,
        firstNoticedAt: sql`case when ${isNew} then now() else ${unreadableObjects.firstNoticedAt} end`,
        lastNoticedAt: sql`now()`,
      },
    })
}

/** Counts that it was asked for again, and says whether a minute has passed since it was last tried. */
export async function countAsked(db: Db, objectKey: string): Promise<{ mayTryAgain: boolean }> {
  const isDue = sql`${unreadableObjects.lastNoticedAt} < now() - interval '1 minute'`
  const [row] = await db
    .update(unreadableObjects)
    .set({
      times: sql`${unreadableObjects.times} + 1`,
      lastNoticedAt: sql`case when ${isDue} then now() else ${unreadableObjects.lastNoticedAt} end`,
    })
    .where(eq(unreadableObjects.objectKey, objectKey))
    .returning({ mayTryAgain: sql<boolean>`${unreadableObjects.lastNoticedAt} = now()` })
  return row ?? { mayTryAgain: true }
}

/** It could be read after all. */
export async function forgetUnreadable(db: Db, objectKey: string) {
  await db.delete(unreadableObjects).where(eq(unreadableObjects.objectKey, objectKey))
}
