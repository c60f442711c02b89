import { EventEmitter, once } from 'node:events'
import { sql } from 'drizzle-orm'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest'
import { type Database, openDatabase } from '#src/db/index.ts'
import { migratedGround, removeGround, type TestGround } from '#test/support/database.ts'
import {
  emptyLibrary,
  halfSeen,
  libraryRows,
  openTestLibrary,
  storeWith,
  syncFrom,
  type TestLibrary,
} from '#test/support/library.ts'
import { recentRuns } from './sync-runs.ts'

let ground: TestGround
let database: Database
let library: TestLibrary

beforeAll(async () => {
  ground = await migratedGround()
  database = await openDatabase(ground)
})
afterAll(async () => {
  await database.close()
  await removeGround(ground)
})
beforeEach(async () => {
  await emptyLibrary(database.db)
  library = await openTestLibrary(database)
})
afterEach(async () => {
  const half = await halfSeen(database.db)
  await library.close()
  expect(half).toEqual([])
})

const numbered = (folder: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${folder}/${index + 1}.jpg`)

test('of four nodes that start a sync at the same moment exactly one runs', async () => {
  const nodes = await Promise.all(Array.from({ length: 4 }, () => openDatabase(ground)))
  for (let round = 0; round < 10; round++) {
    await library.put([`round-${round}/x/1.jpg`])
    const bell = new EventEmitter()
    let refused = 0
    const store = storeWith(library.media, {
      async *list(options) {
        while (refused < 3) await once(bell, 'refused')
        yield* library.media.list(options)
      },
    })
    const reports = await Promise.all(
      nodes.map(async (node) => {
        const report = await syncFrom(node, store)
        if (report.status === 'failed') {
          refused++
          bell.emit('refused')
        }
        return report
      }),
    )
    expect(reports.map(({ status }) => status).toSorted()).toEqual(['applied', 'failed', 'failed', 'failed'])
    for (const { status, reason } of reports) {
      if (status === 'failed') expect(reason).toMatch(/^Another sync is running/)
    }
  }
  await Promise.all(nodes.map((node) => node.close()))
})

test('a deadlock is tried again', async () => {
  await library.put([...numbered('a/x', 3)])
  await library.sync()
  await library.put(['a/x/4.jpg'])
  await database.session(async ({ db: other }) => {
    await other.execute(sql`set deadlock_timeout = '10s'`)
    await other.execute(sql`begin`)
    await other.execute(sql`lock table whitelabel_posts in row exclusive mode`)
    const syncing = library.sync()
    // The sync has the creators and waits for the posts, which the other has.
    await until(sql`select from pg_locks where not granted and mode = 'ShareRowExclusiveLock'
      and relation = 'whitelabel_posts'::regclass`)
    await other.execute(sql`update whitelabel_models set status = 'active'`)
    await other.execute(sql`commit`)
    expect(await syncing).toMatchObject({ status: 'applied', added: { media: 1 } })
  })
  const { models, posts } = await libraryRows(database.db)
  expect([models[0]?.status, posts[0]?.image_count]).toEqual(['active', 4])
})

async function until(found: ReturnType<typeof sql>) {
  while ((await database.db.execute(found)).rows.length === 0);
}

describe('when the database goes away', () => {
  test('a lost connection is told in words, and the row of the run is closed', async () => {
    await library.put([...numbered('a/x', 3)])
    await library.sync()
    const before = await libraryRows(database.db)
    await library.put(['b/x/1.jpg'])
    const cutting = storeWith(library.media, {
      async *list(options) {
        await database.db.execute(sql`
          select pg_terminate_backend(pid) from pg_locks
          where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())`)
        yield* library.media.list(options)
      },
    })
    const report = await syncFrom(database, cutting)
    expect(report).toMatchObject({ status: 'failed' })
    expect(report.reason).toBe('The database does not answer. It is tried again with the next request.')
    expect((await recentRuns(database.db))[0]).toMatchObject({ status: 'failed', reason: report.reason })
    expect(await libraryRows(database.db)).toEqual(before)
    expect(await library.sync()).toMatchObject({ status: 'applied', added: { models: 1 } })
  })

  test('a whole database that is gone is told in words, and the next run closes the row', async () => {
    await library.put([...numbered('a/x', 3)])
    const { rows } = await database.db.execute<{ name: string }>(sql`select current_database() as name`)
    const name = rows[0]?.name ?? ''
    const admin = new pg.Client({ connectionString: inject('postgresUrl') })
    await admin.connect()
    const vanishing = storeWith(library.media, {
      async *list(options) {
        await admin.query(`alter database ${name} allow_connections false`)
        await admin.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name])
        yield* library.media.list(options)
      },
    })
    const report = await syncFrom(database, vanishing).finally(() =>
      admin.query(`alter database ${name} allow_connections true`),
    )
    await admin.end()
    expect(report.status).toBe('failed')
    expect(report.reason).not.toMatch(/select|insert|update|Failed query/i)

    expect(await library.sync()).toMatchObject({ status: 'applied', added: { media: 3 } })
    const runs = await recentRuns(database.db)
    expect(runs.map((run) => [run.status, run.reason])).toEqual([
      ['applied', null],
      ['failed', 'It ended without a word: the process was stopped.'],
    ])
  })
})
