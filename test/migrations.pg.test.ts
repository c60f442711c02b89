import { setTimeout as delay } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Database, openDatabase } from '#src/db/index.ts'
import { migrate } from '#src/db/migrate.ts'
import { readMigrations } from '#src/db/migrations.ts'
import { findDrift } from '#src/services/integrity/drift.ts'
import { emptyGround, removeGround, type TestGround } from './support/database.ts'

const NODES = 8

let ground: TestGround
let nodes: Database[]

beforeEach(async () => {
  ground = await emptyGround()
  nodes = await Promise.all(Array.from({ length: NODES }, () => openDatabase(ground)))
})
afterEach(async () => {
  await Promise.all(nodes.map((node) => node.close()))
  await removeGround(ground)
})

function node(index = 0) {
  const database = nodes[index]
  if (!database) throw new Error(`There is no node ${index}.`)
  return database
}

test('eight nodes that start at once apply each migration once, and none fails', async () => {
  const applied = await Promise.all(nodes.map((database) => migrate(database)))
  const files = await readMigrations()

  expect(applied.flat().map(({ tag }) => tag)).toEqual(files.map(({ tag }) => tag))
  expect(applied.filter((some) => some.length > 0)).toHaveLength(1)
  const { rows } = await node().db.execute(sql`select hash from drizzle.__drizzle_migrations order by id`)
  expect(rows.map(({ hash }) => hash)).toEqual(files.map(({ hash }) => hash))
  expect(await findDrift(node().db)).toEqual([])
})

test('a migration gives way to a transaction that holds its table, and visitors wait a second at most', async () => {
  const files = await readMigrations()
  await migrate(node(), files.slice(0, 7))
  let migrating: Promise<unknown> | undefined
  let longest = 0

  await node(1).db.transaction(async (tx) => {
    await tx.execute(sql`select count(*) from users`)
    migrating = migrate(node())
    for (const end = Date.now() + 2_500; Date.now() < end; await delay(50)) {
      const start = Date.now()
      await node(2).db.execute(sql`select count(*) from users`)
      longest = Math.max(longest, Date.now() - start)
    }
  })
  await migrating

  expect(longest).toBeLessThan(2_000)
  expect(await findDrift(node().db)).toEqual([])
}, 60_000)

test('a node that dies while it migrates leaves the next one free to go on', async () => {
  const files = await readMigrations()
  const [head, ...rest] = files
  if (!head) throw new Error('There are no migrations.')
  const stuck = { ...head, statements: ['select pg_sleep(60)'] }
  const dying = migrate(node(), [stuck, ...rest])
  dying.catch(() => {})
  await expect.poll(async () => (await node(1).db.execute(sleeping)).rows.length, { timeout: 5_000 }).toBe(1)
  await node(1).db.execute(sql`select pg_terminate_backend(pid) from (${sleeping}) as dying`)

  expect(await migrate(node(2))).toHaveLength(files.length)
  await expect(dying).rejects.toThrow('The database does not answer')
})

const sleeping = sql`
  select pid from pg_stat_activity
  where datname = current_database() and query like 'select pg_sleep%' and pid <> pg_backend_pid()
`
