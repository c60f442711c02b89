import { sql } from 'drizzle-orm'
import type { DatabaseSession, Db } from '#src/db/index.ts'
import type { Deps } from '#src/deps.ts'
import { AppError, NotFound } from '#src/errors.ts'
import { readSetting } from '#src/services/settings/settings.ts'

import { SAMPLE_SOURCE } from '#src/storage/open-store.ts'

import { applyPlan } from './apply.ts'
import { confirmRemovals } from './confirm.ts'
import { type GuardLimits, holdReason, type Release } from './guard.ts'
import { decide, dropPlan, isEmptyPlan, planNames, removalDigest, type SyncPlan } from './plan.ts'
import { createStaging, dropStaging, type ListingSummary, stageListing } from './staging.ts'
import { NOTHING, type SyncOptions, type SyncPhase, type SyncReport } from './sync-report.ts'
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
    let digest: string | null = null
    let report: SyncReport
    try {
      await this.list()
      const plan = await this.decide()
      digest = plan.removed.media > 0 ? await removalDigest(this.session.db) : null
      report = await this.guardAndApply(plan, digest)
    } catch (error) {
      // The edge of the run: whatever broke it is the run's outcome, told and recorded.
      report = this.failure(error)
    }
    report.unpublished = await countUnpublished(this.deps.database.db)
    await this.close(report, digest)
    return report
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
    this.summary = await stageListing(
      this.session,
      this.deps.media.list(signal ? { signal } : {}),
      async (listed) => {
        signal?.throwIfAborted()
        this.summary.listed = listed
        if (Date.now() - this.lastProgress > PROGRESS_MS) await this.progress('listing')
      },
    )
  }

  private async decide(): Promise<SyncPlan> {
    await this.progress('deciding')
    return decide(this.session.db)
  }

  private async guardAndApply(plan: SyncPlan, digest: string | null): Promise<SyncReport> {
    if (isEmptyPlan(plan)) return this.report('unchanged', {})
    const { dryRun, signal } = this.options
    if (!dryRun) {
      await this.progress('confirming')
      await confirmRemovals(this.session, this.deps.media, signal)
    }
    const reason = await this.holdReason(plan, digest)
    const held = reason === null ? null : plan.removed
    const outcome = { ...plan, removed: held ? NOTHING : plan.removed, held, reason }
    if (dryRun) {
      return { ...this.report(held ? 'held' : 'applied', outcome), plan: await planNames(this.session.db) }
    }
    await this.apply(held === null)
    return this.report(held ? 'held' : 'applied', outcome)
  }

  private async apply(remove: boolean) {
    this.options.signal?.throwIfAborted()
    await this.progress('applying')
    const isSample = this.deps.media.source === SAMPLE_SOURCE
    const publish = await readSetting(this.deps.database.db, 'auto_publish', { isSample })
    await this.session.db.transaction((tx) => applyPlan(tx, { publish, remove }))
  }

  private async holdReason(plan: SyncPlan, digest: string | null) {
    const { db } = this.deps.database
    const { source } = this.deps.media
    if (this.approved && this.approved.removalDigest !== digest) {
      return 'The bucket no longer says what it said when that run was held. Look at this run and approve it instead.'
    }
    const previousSource = await librarySource(db)
    const facts = {
      listed: this.summary.listed,
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

  private failure(error: unknown): SyncReport {
    const isStopped = this.options.signal?.aborted
    if (!isStopped && !(error instanceof AppError)) this.deps.log.error({ err: error }, 'sync failed')
    return this.report('failed', {
      reason: isStopped ? 'It was stopped. Nothing was changed.' : reasonOf(error),
    })
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
      durationMs: this.deps.now().getTime() - this.started.getTime(),
      unpublished: 0,
    }
  }

  private async close(report: SyncReport, digest: string | null) {
    await dropPlan(this.session.db)
    await dropStaging(this.session.db)
    if (!this.runId) return
    await finishRun(this.deps.database.db, this.runId, report, {
      finishedAt: this.deps.now(),
      removalDigest: report.status === 'held' ? digest : null,
      approvedRunId: this.approved?.id ?? null,
    })
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
  throw new NotFound(
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

const reasonOf = (error: unknown) =>
  error instanceof AppError
    ? error.message
    : `Something unexpected happened: ${error instanceof Error ? error.message : error}`
