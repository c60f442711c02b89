import type { Db } from '#src/db/index.ts'
import { runStatement } from '#src/db/statement.ts'
import { NotFound } from '#src/errors.ts'
import { JOB_NAMES, type JobName } from './job-queue.ts'

/** A job whose last try failed. */
export interface FailedJob {
  id: string
  name: JobName
  failedAt: Date
  /** The error's message at the last try. */
  reason: string
  tries: number
}

/** What waits for a person, the newest first, at most a hundred. */
export async function failedJobs(db: Db): Promise<FailedJob[]> {
  const { rows } = await runStatement(
    db,
    `select id, name, completed_on, retry_count, coalesce(output->>'message', output->'value'->>'message', 'unknown') as reason
     from pgboss.job where state = 'failed' and name = any (string_to_array($1, ','))
     order by completed_on desc limit 100`,
    [JOB_NAMES.join(',')],
  )
  return rows.map((row) => ({
    id: String(row.id),
    name: row.name as JobName,
    failedAt: new Date(String(row.completed_on)),
    reason: String(row.reason),
    tries: Number(row.retry_count) + 1,
  }))
}

/**
 * Lets the job be tried again from now on.
 * @throws NotFound when no failed job has this id.
 */
export async function replayJob(db: Db, id: string): Promise<void> {
  const job = (await failedJobs(db)).find((job) => job.id === id)
  if (!job) throw new NotFound(`No failed job has the id ${id}. See: npx creatorflix jobs failed`)
  // Slow to read, and most commands are about something else.
  const { openBoss } = await import('./boss.ts')
  const boss = openBoss((text, values) => runStatement(db, text, values))
  await boss.retry(job.name, id)
}
