import { setTimeout as delay } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from '#src/db/index.ts'
import { openTestDatabase } from '#test/support/database.ts'
import { failedJobs, replayJob } from './failed-jobs.ts'
import { openJobQueue } from './job-queue.ts'
import { startWorkers, type Workers } from './workers.ts'

let database: Database
let workers: Workers | undefined
const jobs = openJobQueue()
const done: number[] = []
let failing = new Set<number>()

beforeAll(async () => {
  database = await openTestDatabase()
  workers = await startWorkers(
    { database, jobs, log: pino({ level: 'silent' }) },
    {
      'settle-event': async ({ eventId }) => {
        if (failing.has(eventId)) throw new Error('The gateway does not answer.')
        done.push(eventId)
      },
      'refund-payment': async () => {},
      mail: async () => {},
    },
    { reconcile: async () => {}, expire: async () => {}, remind: async () => {}, sweep: async () => {} },
    { lookAfterSeconds: 1 },
  )
})
afterAll(async () => {
  await workers?.stop()
  await database.close()
})

test('a job of a transaction that commits is done, one of a transaction that does not is not', async () => {
  await database.db.transaction((tx) => jobs.send(tx, 'settle-event', { eventId: 1 }))
  await database.db
    .transaction(async (tx) => {
      await jobs.send(tx, 'settle-event', { eventId: 2 })
      tx.rollback()
    })
    .catch(() => {})
  await jobs.send(database.db, 'settle-event', { eventId: 3 })
  jobs.wake('settle-event')

  await until(() => done.length === 2)
  expect(done.toSorted()).toEqual([1, 3])
})

test('jobs that have piled up are done in one go, though nobody wakes their workers', async () => {
  const ids = Array.from({ length: 400 }, (_, index) => 1_000 + index)
  for (const eventId of ids) await jobs.send(database.db, 'settle-event', { eventId })
  // At sixteen for each look it would take 25 seconds.
  await until(() => ids.every((id) => done.includes(id)), 15_000)
})

test('a job that keeps failing is tried again, then stays to be replayed', async () => {
  failing = new Set([7])
  await database.db.execute(
    sql`update pgboss.queue set retry_limit = 1, retry_delay = 0, retry_backoff = false where name = 'settle-event'`,
  )
  await jobs.send(database.db, 'settle-event', { eventId: 7 })
  jobs.wake('settle-event')
  await until(async () => (await failedJobs(database.db)).length === 1)

  const [failed] = await failedJobs(database.db)
  expect(failed).toMatchObject({ name: 'settle-event', reason: 'The gateway does not answer.' })
  expect(done).not.toContain(7)

  failing = new Set()
  await replayJob(database.db, failed?.id ?? '')
  await until(() => done.includes(7))
  expect(await failedJobs(database.db)).toEqual([])
})

test('the job of a process that died is done by another', async () => {
  await database.db.execute(
    sql`insert into pgboss.job (name, data, state, started_on, expire_in, retry_limit)
      values ('settle-event', '{"eventId": 9}', 'active', now() - interval '1 hour', interval '15 seconds', 3)`,
  )
  await until(() => done.includes(9))
})

async function until(condition: () => boolean | Promise<boolean>, patienceMs = 20_000) {
  const deadline = Date.now() + patienceMs
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('It did not come to it in time.')
    await delay(50)
  }
}
