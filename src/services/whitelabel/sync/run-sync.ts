import { sql } from 'drizzle-orm'
import { databaseError } from '#src/db/database-error.ts'
import { explainDatabaseError } from '#src/db/explain-error.ts'
import type { DatabaseSession, Db } from '#src/db/index.ts'
import { withRetry } from '#src/db/retry.ts'
import type { Deps } from '#src/deps.ts'
import { AppError, Misconfigured, NotFound } from '#src/errors.ts'
import { readSetting } from '#src/services/settings/settings.ts'
import { SAMPLE_SOURCE } from '#src/storage/open-store.ts'

import { applyPlan } from './apply.ts'
import { confirmRemovals } from './confirm.ts'
import { type GuardLimits, holdReason, type Release } from './guard.ts'
import { decide, isEmptyPlan, planNames, removalDigest, type SyncPlan } from './plan.ts'
import { createStaging, type ListingSummary, stageListing } from './staging.ts'
import { isNothing, NOTHING, type SyncOptions, type SyncPhase, type SyncReport } from './sync-report.ts'
import {
  closeAbandonedRuns,
  finishRun,
  librarySource,
  recordProgress,
  runningSync,
  type SyncRun,
  startRun,
  syncRun,
} from './sync-runs.ts'

export type SyncDeps = Pick<Deps, 'database' | 'media' | 'now' | 'log'>

const PROGRESS_MS = 1_000

/**
 * Makes the library say what the bucket says: lists, decides, guards, applies (spec §2). One sync at a time on any
 * number of nodes. What goes wrong is the report's `failed` with its reason; nothing is changed then.
 * @throws NotFound when the run to approve does not exist or is not held.
 */
export async function runSync(deps: SyncDeps, options: SyncOptions): Promise<SyncReport> {
  const started = deps.now()
  const approved = options.approve === undefined ? null : await heldRun(deps.database.db, options.approve)
  const report = await deps.database.tryLock('sync', (session) =>
    new Sync(deps, options, session, started, approved).run(),
  )
  return report ?? alreadyRunning(deps, started)
}

/** One run: what it knows so far, and the steps in their order. */
class Sync {
  private readonly deps: SyncDeps
  private readonly options: SyncOptions
  private readonly session: DatabaseSession
  private readonly started: Date
  private readonly approved: SyncRun | null
  private runId: string | null = null
  private summary: ListingSummary = {
    listed: 0,
    ignored: 0,
    ignoredBy: {},
    quarantined: [],
    quarantinedCount: 0,
  }
  private lastProgress = 0

  constructor(
    deps: SyncDeps,
    options: SyncOptions,
    session: DatabaseSession,
    started: Date,
    approved: SyncRun | null,
  ) {
    this.deps = deps
    this.options = options
    this.session = session
    this.started = started
    this.approved = approved
  }

  async run(): Promise<SyncReport> {
    await this.open()
    try {
      await this.list()
      const plan = await this.decide()
      return await this.guardAndApply(plan)
    } catch (error) {
      // The edge of the run: whatever broke it is the run's outcome, told and recorded.
      return this.failed(error)
    }
  }

  private async open() {
    const { database, media } = this.deps
    await closeAbandonedRuns(database.db, this.started)
    if (this.options.dryRun) return
    this.runId = await startRun(database.db, {
      startedBy: this.options.startedBy,
      source: media.source,
      startedAt: this.started,
    })
  }

  private async list() {
    const { signal } = this.options
    await refuseSampleOverOwn(this.deps.database.db, this.deps.media.source)
    await this.progress('listing')
    if (this.deps.database.kind === 'server') await tuneSession(this.session.db)
    await createStaging(this.session.db)
    const onListed = async (listed: number) => {
      signal?.throwIfAborted()
      this.summary.listed = listed
      if (Date.now() - this.lastProgress > PROGRESS_MS) await this.progress('listing')
    }
    this.summary = await stageListing(this.session, this.deps.media, { signal, onListed })
  }

  private async decide(): Promise<SyncPlan> {
    await this.progress('deciding')
    return decide(this.session.db)
  }

  private async guardAndApply(plan: SyncPlan): Promise<SyncReport> {
    const { dryRun, signal } = this.options
    if (isEmptyPlan(plan)) return this.close(this.deps.database.db, this.report('unchanged', {}))
    if (!dryRun) {
      await this.progress('confirming')
      await confirmRemovals(this.session, this.deps.media, signal)
    }
    const digest = plan.removed.media > 0 ? await removalDigest(this.session.db) : null
    const reason = await this.holdReason(plan, digest)
    const report = reason === null ? this.report('applied', plan) : this.heldReport(plan, reason)
    if (!dryRun) return this.apply(report, digest)
    const dryReport = { ...report, plan: await planNames(this.session.db) }
    return this.close(this.deps.database.db, dryReport)
  }

  private heldReport({ added, changed, removed, losingPosts }: SyncPlan, reason: string) {
    const changedNow = { ...changed, posts: changed.posts - losingPosts }
    return this.report('held', { added, changed: changedNow, held: removed, reason })
  }

  /** The run's row says what was done in the transaction that does it: whatever dies in between, they agree. */
  private async apply(report: SyncReport, digest: string | null): Promise<SyncReport> {
    this.options.signal?.throwIfAborted()
    await this.progress('applying')
    const isSample = this.deps.media.source === SAMPLE_SOURCE
    const publish = await readSetting(this.deps.database.db, 'auto_publish', { isSample })
    return withRetry(() =>
      this.session.db.transaction(async (tx) => {
        await applyPlan(tx, { publish, remove: report.held === null })
        return this.close(tx, report, digest)
      }),
    )
  }

  private async holdReason(plan: SyncPlan, digest: string | null) {
    const { db } = this.deps.database
    const { source } = this.deps.media
    const { approved } = this
    if (isNothing(plan.removed)) return null
    if (approved && (approved.removalDigest !== digest || approved.source !== source)) {
      return 'The bucket no longer says what it said when that run was held. Look at this run and approve it instead.'
    }
    const previousSource = await librarySource(db)
    const facts = {
      listedMedia: plan.library.media - plan.removed.media + plan.added.media,
      library: plan.library,
      removed: plan.removed,
      previousSource,
      source,
      replacesSample: previousSource === SAMPLE_SOURCE && source !== SAMPLE_SOURCE,
    }
    return holdReason(facts, await guardLimits(db), this.release)
  }

  private get release(): Release {
    if (this.approved) return 'approval'
    return this.options.allowDeletes ? 'allow-deletes' : 'none'
  }

  private async progress(phase: SyncPhase) {
    this.lastProgress = Date.now()
    const progress = { phase, listed: this.summary.listed }
    this.options.onProgress?.(progress)
    if (this.runId) await recordProgress(this.deps.database.db, this.runId, progress)
  }

  private async failed(error: unknown): Promise<SyncReport> {
    const { deps, options } = this
    const known = explained(error)
    const reason = options.signal?.aborted ? 'It was stopped. Nothing was changed.' : reasonOf(known)
    if (!options.signal?.aborted && !(known instanceof AppError))
      deps.log.error({ err: error }, 'sync failed')
    const report = this.report('failed', { reason })
    try {
      return await this.close(deps.database.db, report)
    } catch (error) {
      // The reason is told all the same; the next run closes the row of this one.
      deps.log.error({ err: error, run: this.runId }, 'the failed sync could not be recorded')
      return report
    }
  }

  private report(status: SyncReport['status'], outcome: Partial<SyncReport>): SyncReport {
    const { listed, ignored, ignoredBy, quarantined } = this.summary
    return {
      status,
      listed,
      added: outcome.added ?? NOTHING,
      changed: outcome.changed ?? NOTHING,
      removed: outcome.removed ?? NOTHING,
      ignored,
      ignoredBy,
      quarantined,
      held: outcome.held ?? null,
      reason: outcome.reason ?? null,
      run: this.runId,
      durationMs: 0,
      unpublished: 0,
    }
  }

  private async close(db: Db, report: SyncReport, digest: string | null = null): Promise<SyncReport> {
    const finishedAt = this.deps.now()
    const durationMs = finishedAt.getTime() - this.started.getTime()
    const closed = { ...report, durationMs, unpublished: await countUnpublished(db) }
    if (this.runId) {
      const removalDigest = report.status === 'held' ? digest : null
      await finishRun(db, this.runId, closed, {
        finishedAt,
        removalDigest,
        approvedRunId: this.approved?.id ?? null,
      })
    }
    return closed
  }
}

/** Sets of a million rows are joined in memory, and a rough idea of the temporary tables is enough to plan by. */
async function tuneSession(db: Db) {
  await db.execute(sql`set work_mem = '256MB'`)
  await db.execute(sql`set default_statistics_target = 10`)
  await db.execute(sql`set jit = off`)
}

async function heldRun(db: Db, id: string): Promise<SyncRun> {
  const run = await syncRun(db, id)
  if (run?.status === 'held') return run
  throw new NotFound(
    run
      ? `The run ${id} is not held: it is ${run.status}.`
      : `There is no sync run ${id}. The run that was held says its id.`,
  )
}

/** Without MEDIA_DIR and S3_* the source is the sample: most likely they were forgotten, not meant. */
async function refuseSampleOverOwn(db: Db, source: string) {
  const previous = await librarySource(db)
  if (source !== SAMPLE_SOURCE || previous === null || previous === SAMPLE_SOURCE) return
  throw new Misconfigured(
    `The library came from ${previous}, but neither MEDIA_DIR nor S3_BUCKET is set now. Set them as before; the sample library does not replace your own.`,
  )
}

async function guardLimits(db: Db): Promise<GuardLimits> {
  return {
    media: await readSetting(db, 'sync_guard_media_min'),
    mediaPercent: await readSetting(db, 'sync_guard_percent'),
    modelsPercent: await readSetting(db, 'sync_guard_models_percent'),
  }
}

async function alreadyRunning(deps: SyncDeps, started: Date): Promise<SyncReport> {
  const running = await runningSync(deps.database.db)
  const since = running ? ` since ${running.startedAt.toISOString()}, started by ${running.startedBy}` : ''
  return {
    status: 'failed',
    listed: 0,
    added: NOTHING,
    changed: NOTHING,
    removed: NOTHING,
    ignored: 0,
    ignoredBy: {},
    quarantined: [],
    held: null,
    reason: `Another sync is running${since}. It goes on; this one did nothing.`,
    run: null,
    durationMs: deps.now().getTime() - started.getTime(),
    unpublished: await countUnpublished(deps.database.db),
  }
}

async function countUnpublished(db: Db) {
  const { rows } = await db.execute<{ models: number }>(
    sql`select models from whitelabel_model_totals where status = 'new'`,
  )
  return rows[0]?.models ?? 0
}

const explained = (error: unknown) =>
  error instanceof AppError ? error : (explainDatabaseError(error) ?? databaseError(error) ?? error)

const reasonOf = (error: unknown) => {
  if (error instanceof AppError) return error.message
  return `Something unexpected happened: ${error instanceof Error ? error.message : error}`
}
