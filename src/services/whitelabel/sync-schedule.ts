import { desc } from 'drizzle-orm'
import type { Logger } from 'pino'
import type { Db } from '#src/db/index.ts'
import { syncRuns } from '#src/db/library-tables.ts'
import type { Deps } from '#src/deps.ts'
import { readSetting } from '#src/services/settings/settings.ts'
import type { MediaStore } from '#src/storage/media-store.ts'
import type { SyncReport } from './sync/sync-report.ts'

/** How often a node looks whether a sync is due. */
const LOOK_EVERY_MS = 30_000
/** Nodes that were started together do not look together. */
const JITTER = 0.2
const MINUTE_MS = 60_000

/** One sync, as the schedule or the start asks for it. */
export type ScheduledSync = (startedBy: 'schedule' | 'start', signal: AbortSignal) => Promise<SyncReport>

export interface SyncSchedule {
  /** Aborts a sync under way and waits for its end. */
  stop(): Promise<void>
}

/**
 * Syncs when the last run, of whichever node, began longer ago than the setting `sync_interval_minutes`. A library that
 * was never synced, or comes from another source than the last time, is synced at once whatever the setting says.
 * A look that fails is logged and the next comes.
 */
export function startSyncSchedule(
  deps: ScheduleDeps,
  sync: ScheduledSync,
  lookEveryMs = LOOK_EVERY_MS,
): SyncSchedule {
  const stopping = new AbortController()
  let timer: NodeJS.Timeout | undefined
  let looking = look(isDueAtStart)

  async function look(isDue: DueQuestion) {
    try {
      const last = await lastRun(deps.database.db)
      const startedBy = await isDue(deps, last)
      if (startedBy && !stopping.signal.aborted) record(deps.log, await sync(startedBy, stopping.signal))
    } catch (error) {
      if (!stopping.signal.aborted) deps.log.error({ err: error }, 'the schedule could not sync')
    }
    if (stopping.signal.aborted) return
    timer = setTimeout(() => {
      looking = look(isDueByInterval)
    }, jittered(lookEveryMs))
  }

  return {
    async stop() {
      stopping.abort()
      clearTimeout(timer)
      await looking
    },
  }
}

type ScheduleDeps = Pick<Deps, 'database' | 'now' | 'log'> & { media: Pick<MediaStore, 'source'> }
type LastRun = { startedAt: Date; source: string } | null
type DueQuestion = (deps: ScheduleDeps, last: LastRun) => Promise<'start' | 'schedule' | null>

async function isDueAtStart(deps: ScheduleDeps, last: LastRun) {
  if (last === null || last.source !== deps.media.source) return 'start'
  return isDueByInterval(deps, last)
}

async function isDueByInterval({ database, now }: ScheduleDeps, last: LastRun) {
  const minutes = await readSetting(database.db, 'sync_interval_minutes')
  const waited = now().getTime() - (last?.startedAt.getTime() ?? 0)
  return minutes > 0 && waited >= minutes * MINUTE_MS ? 'schedule' : null
}

async function lastRun(db: Db): Promise<LastRun> {
  const [last] = await db
    .select({ startedAt: syncRuns.startedAt, source: syncRuns.source })
    .from(syncRuns)
    .orderBy(desc(syncRuns.startedAt))
    .limit(1)
  return last ?? null
}

function record(log: Logger, report: SyncReport) {
  const { status, listed, added, changed, removed, reason, run, durationMs, unpublished } = report
  const line = { status, listed, added, changed, removed, reason, run, durationMs, unpublished }
  if (status === 'failed' || status === 'held') log.warn(line, 'sync')
  else log.info(line, 'sync')
}

const jittered = (milliseconds: number) => milliseconds * (1 + JITTER * (2 * Math.random() - 1))
