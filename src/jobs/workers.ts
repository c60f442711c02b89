import type { Logger } from 'pino'
import type { Database } from '#src/db/index.ts'
import { runStatement } from '#src/db/statement.ts'
import { openBoss } from './boss.ts'
import type { JobName, JobQueue, Jobs } from './job-queue.ts'

/** What each kind of job does. It may be done twice, and must come to the same then. */
export type JobHandlers = { [Name in JobName]: (job: Jobs[Name]) => Promise<unknown> }

/** What is done by the clock, on one node at a time. */
export const SCHEDULES = {
  reconcile: '* * * * *',
  expire: '* * * * *',
  remind: '7 * * * *',
  sweep: '23 3 * * *',
} as const
export type ScheduleName = keyof typeof SCHEDULES
export type ScheduleHandlers = { [Name in ScheduleName]: () => Promise<unknown> }

export interface Workers {
  /** Takes no more jobs; resolves when those under way have ended, or after ten seconds. */
  stop(): Promise<void>
}

/** Seconds between two looks. A webhook wakes its node at once; the looks are for the jobs of other nodes. */
const LOOK_SECONDS: Record<JobName, number> = { 'settle-event': 1, 'refund-payment': 2, mail: 2 }
const SCHEDULE_LOOK_SECONDS = 5
/** What pg-boss reads as an answer without rows. */
const NOTHING = undefined as never
/** How many of a kind a node does side by side: money as fast as it comes, mail as slowly as mail servers want it. */
const AT_ONCE: Record<JobName, number> = { 'settle-event': 16, 'refund-payment': 4, mail: 4 }
const DRAIN_MS = 10_000
/** Jobs of a process that died are taken up again by then, and by the time their queue gives them. */
const LOOK_AFTER_SECONDS = 10
const FAILED_STAY_SECONDS = 30 * 24 * 60 * 60

/** Does the jobs that are waiting, and what the clock asks for, until it is stopped. */
export async function startWorkers(
  { database, jobs, log }: { database: Database; jobs: JobQueue; log: Logger },
  handlers: JobHandlers,
  schedules: ScheduleHandlers,
  { lookAfterSeconds = LOOK_AFTER_SECONDS } = {},
): Promise<Workers> {
  let isRunning = false
  const boss = openBoss(
    async (text, values) => {
      try {
        if (isScript(text)) return await database.script(text).then(() => NOTHING)
        return await runStatement(database.db, text, values)
      } catch (error) {
        if (!isRunning) throw error
        // pg-boss 10 does not wait for the end of its own bookkeeping: a rejection there would end the process. Work
        // that could not be ticked off is done again when its time is over.
        log.warn({ err: error }, 'the database did not take what the jobs told it')
        return NOTHING
      }
    },
    {
      archiveFailedAfterSeconds: FAILED_STAY_SECONDS,
      cronWorkerIntervalSeconds: SCHEDULE_LOOK_SECONDS,
      maintenanceIntervalSeconds: lookAfterSeconds,
    },
  )
  boss.on('error', (error) => log.warn({ err: error }, 'jobs'))
  await boss.start()

  const workers = new Map<JobName, string>()
  for (const name of Object.keys(handlers) as JobName[]) {
    const options = { batchSize: AT_ONCE[name], pollingIntervalSeconds: LOOK_SECONDS[name] }
    workers.set(name, await boss.work<never>(name, options, (jobs) => doAll(jobs)))

    async function doAll(jobs: Array<{ id: string; data: never }>) {
      // Where there were as many as fit, there are more: they do not wait for the next look.
      if (jobs.length === options.batchSize) boss.notifyWorker(workers.get(name) ?? '')
      const results = await Promise.allSettled(jobs.map(({ data }) => handlers[name](data)))
      // pg-boss ends a whole batch alike: those that failed are told one by one, the others are done.
      for (const [index, result] of results.entries()) {
        const id = jobs[index]?.id
        if (result.status === 'fulfilled' || id === undefined) continue
        log.warn({ err: result.reason, job: name }, 'a job failed')
        await boss.fail(name, id, { message: messageOf(result.reason) })
      }
    }
  }
  for (const [name, cron] of Object.entries(SCHEDULES)) {
    await boss.schedule(name, cron)
    await boss.work(name, { pollingIntervalSeconds: SCHEDULE_LOOK_SECONDS }, async () => {
      await schedules[name as ScheduleName]()
    })
  }

  isRunning = true
  jobs.onWake((name) => boss.notifyWorker(workers.get(name) ?? ''))
  return {
    stop: () => boss.stop({ graceful: true, timeout: DRAIN_MS, close: false }),
  }
}

/** What tidies up comes as several statements at once, which have no values and answer nothing. */
const isScript = (text: string) => /;\s*\S/.test(text)

/** For the list of jobs that failed: the first line, which names no values. */
const messageOf = (reason: unknown) =>
  reason instanceof Error ? reason.message.split('\n', 1)[0] : 'unknown'
