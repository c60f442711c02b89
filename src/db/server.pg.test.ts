import { setTimeout as delay } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestDatabase } from '#test/support/database.ts'
import type { Database } from './index.ts'

let database: Database

beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

test('a connection that the server ends between two statements fails its transaction and nothing else', async () => {
  const { db } = database
  const work = db.transaction(async (tx) => {
    const { rows } = await tx.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`)
    await db.execute(sql`select pg_terminate_backend(${rows[0]?.pid})`)
    await delay(200)
    await tx.execute(sql`select 1`)
  })
  await expect(work).rejects.toThrow()
  await database.ping()
})

test('a transaction in which nothing happens is ended by the server, those of long work are not', async () => {
  const setting = sql`select current_setting('idle_in_transaction_session_timeout') as value`
  const { rows } = await database.db.execute<{ value: string }>(setting)
  expect(rows[0]?.value).toBe('15s')
  const ofSession = await database.session(({ db }) => db.execute<{ value: string }>(setting))
  expect(ofSession.rows[0]?.value).toBe('0')
  const after = await database.db.execute<{ value: string }>(setting)
  expect(after.rows[0]?.value).toBe('15s')
})
