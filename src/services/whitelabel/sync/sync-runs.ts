import { desc, eq, inArray, sql } from 'drizzle-orm'
import type { Db } from '#src/db/index.ts'
import { syncRuns } from '#src/db/library-tables.ts'
import type { SyncProgress, SyncReport } from './sync-report.ts'

export type SyncRun = typeof syncRuns.$inferSelect

/** The newest runs first. */
export const recentRuns = (db: Db, limit = 20): Promise<SyncRun[]> =>
  db.select().from(syncRuns).orderBy(desc(syncRuns.startedAt)).limit(limit)

export async function syncRun(db: Db, id: string): Promise<SyncRun | null> {
  const [run] = await db.select().from(syncRuns).where(sql`${syncRuns.id}::text = ${id}`)
  return run ?? null
}

export async function runningSync(db: Db): Promise<SyncRun | null> {
  const [run] = await db
    .select()
    .from(syncRuns)
    .where(eq(syncRuns.status, 'running'))
    .orderBy(desc(syncRuns.startedAt))
  return run ?? null
}

/** Where the library came from: the source of the last run that was not held or broken off. */
export async function librarySource(db: Db): Promise<string | null> {
  const [run] = await db
    .select({ source: syncRuns.source })
    .from(syncRuns)
    .where(inArray(syncRuns.status, ['applied', 'unchanged']))
    .orderBy(desc(syncRuns.startedAt))
    .limit(1)
  return run?.source ?? null
}

export async function startRun(
  db: Db,
  run: { startedBy: string; source: string; startedAt: Date },
): Promise<string> {
  const [started] = await db
    .insert(syncRuns)
    .values({ ...run, phase: 'listing' })
    .returning({ id: syncRuns.id })
  if (!started) throw new Error('The run left no row.')
  return started.id
}

/** Whoever holds the lock knows that a run still called running has died. */
export async function closeAbandonedRuns(db: Db, now: Date) {
  await db
    .update(syncRuns)
    .set({
      status: 'failed',
      phase: null,
      finishedAt: now,
      reason: 'It ended without a word: the process was stopped.',
    })
    .where(eq(syncRuns.status, 'running'))
}

export async function recordProgress(db: Db, id: string, { phase, listed }: SyncProgress) {
  await db.update(syncRuns).set({ phase, listed }).where(eq(syncRuns.id, id))
}

export async function finishRun(
  db: Db,
  id: string,
  report: SyncReport,
  more: { finishedAt: Date; removalDigest: string | null; approvedRunId: string | null },
) {
  const { status, listed, added, changed, removed, held, ignored, ignoredBy, quarantined, reason } = report
  await db
    .update(syncRuns)
    .set({
      status,
      listed,
      added,
      changed,
      removed,
      held,
      ignored,
      ignoredBy,
      quarantined,
      reason,
      phase: null,
      ...more,
    })
    .where(eq(syncRuns.id, id))
}
