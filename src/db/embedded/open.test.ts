import { execFileSync, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Misconfigured, Unavailable } from '#src/errors.ts'
import { killDuringFirstStart, killWhileWriting } from './drill/kill-drill.ts'
import { FolderInUse } from './folder-lock.ts'
import { openEmbedded } from './open.ts'

/** A few here, 100 in `npm run test:chaos`. */
const KILLS = Number(process.env.CHAOS_ROUNDS ?? 4)

let parent: string
let folder: string

beforeEach(async () => {
  parent = await mkdtemp(path.join(tmpdir(), 'embedded-'))
  folder = path.join(parent, 'database')
})

afterEach(async () => {
  await rm(parent, { recursive: true })
})

test('the first start makes a database of UTF-8, the next finds it as it was left', async () => {
  const first = await openEmbedded(folder)
  const { rows: settings } = await first.client.query(
    `select pg_encoding_to_char(encoding) as encoding, current_setting('server_version_num')::int / 10000 as major
     from pg_database where datname = current_database()`,
  )
  expect(settings).toEqual([{ encoding: 'UTF8', major: 18 }])
  await first.client.exec("create table films (title text); insert into films values ('Ação')")
  await first.close()

  const second = await openEmbedded(folder)
  expect((await second.client.query('select * from films')).rows).toEqual([{ title: 'Ação' }])
  await second.close()
})

test('a fresh folder takes less than 45 MB', async () => {
  const database = await openEmbedded(folder)
  expect(await megabytesOf(folder)).toBeLessThan(45)
  await database.close()
  expect(await megabytesOf(folder)).toBeLessThan(45)
})

test('the very first start stays below 400 MB in its process', async () => {
  const { maxRSS } = await runFirstStart()
  expect(maxRSS / 1024).toBeLessThan(400)
})

test('nobody opens a folder that is open, and everybody can once it is closed', async () => {
  const first = await openEmbedded(folder)
  first.announce('/run/creatorflix.sock')
  const began = performance.now()
  const refusal = await openEmbedded(folder).catch((error) => error)
  expect(performance.now() - began).toBeLessThan(500)
  expect(refusal).toBeInstanceOf(FolderInUse)
  expect(refusal).toMatchObject({ pid: process.pid, socket: '/run/creatorflix.sock' })

  await first.close()
  await (await openEmbedded(folder)).close()
})

test('a start that was killed before PostgreSQL had written its lock file stops no later one', async () => {
  await (await openEmbedded(folder)).close()
  await writeFile(path.join(folder, 'postgres', 'postmaster.pid'), '')
  await (await openEmbedded(folder)).close()
})

describe('closing', () => {
  test('lets what was asked before come to its end and refuses what comes after', async () => {
    const { client, close } = await openEmbedded(folder)
    await client.exec('create table films (title text)')
    const asked = Promise.all([
      client.transaction((tx) => tx.query("insert into films values ('a')")),
      client.query<{ count: number }>('select count(*) from films'),
    ])
    const closing = close()
    await expect(client.query('select 1')).rejects.toThrow('is closed')
    expect((await asked)[1].rows).toEqual([{ count: 1 }])
    await closing
    await close()
  })

  test('cuts off what takes too long, loses nothing and gives the folder free', async () => {
    const { client, close } = await openEmbedded(folder, { longestWaitMs: 100 })
    await client.exec("create table films (title text); insert into films values ('a')")
    const long = client.query('select count(*) from generate_series(1, 100000000)').catch((error) => error)
    await expect(close()).rejects.toThrow('busy')
    expect(await long).toBeInstanceOf(Unavailable)

    const next = await openEmbedded(folder)
    expect((await next.client.query('select * from films')).rows).toHaveLength(1)
    await next.close()
  })
})

describe('a folder that is not ours', () => {
  test('of another PostgreSQL is refused in words and left alone', async () => {
    await mkdir(path.join(folder, 'postgres'), { recursive: true })
    await writeFile(path.join(folder, 'postgres/PG_VERSION'), '15\n')
    const refusal = await openEmbedded(folder).catch((error) => error)
    expect(refusal).toBeInstanceOf(Misconfigured)
    expect(refusal.message).toContain('PostgreSQL 15')
    expect(await readdir(path.join(folder, 'postgres'))).toEqual(['PG_VERSION'])
  })

  test('without a database in it is refused in words', async () => {
    await mkdir(path.join(folder, 'postgres'), { recursive: true })
    await expect(openEmbedded(folder)).rejects.toThrow('is not a database')
  })

  test('that PostgreSQL cannot start on is refused with its reason', async () => {
    await (await openEmbedded(folder)).close()
    await rm(path.join(folder, 'postgres/global/pg_control'))
    const refusal = await openEmbedded(folder).catch((error) => error)
    expect(refusal).toBeInstanceOf(Unavailable)
    expect(refusal.message).toContain('pg_control')
  })
})

test('when PostgreSQL dies every call that waits is answered, the owner hears it once, nothing saved is lost', async () => {
  const database = await openEmbedded(folder)
  const { client } = database
  await client.exec('create table films (title text)')
  const failures: Error[] = []
  database.onFailure((failure) => failures.push(failure))

  // Its log has nowhere to go on to: PostgreSQL panics as soon as the present segment is full.
  const log = path.join(folder, 'postgres/pg_wal')
  await rename(log, `${log}.away`)
  const fill = () =>
    client.query('insert into films select repeat(md5(n::text), 20) from generate_series(1, 60000) n')
  const answers = await Promise.allSettled([fill(), client.transaction(fill), client.query('select 1')])
  await rename(`${log}.away`, log)

  for (const answer of answers) {
    expect(answer).toMatchObject({ status: 'rejected', reason: expect.any(Unavailable) })
  }
  expect(failures).toHaveLength(1)
  expect(failures[0]?.message).toMatch(/has stopped: PANIC: .*pg_wal/)
  await expect(client.query('select 1')).rejects.toBeInstanceOf(Unavailable)

  await database.close()
  const next = await openEmbedded(folder)
  expect((await next.client.query('select * from films')).rows).toEqual([])
  await next.close()
})

describe('kill -9', () => {
  test(`while writing loses nothing that was acknowledged and leaves no half of a transaction, ${KILLS} times`, async () => {
    const outcome = await killWhileWriting({ folder, rounds: KILLS })
    expect(outcome.acknowledged).toBeGreaterThan(0)
    expect(outcome).toMatchObject({ lost: [], halves: 0 })
  }, 900_000)

  test(`of the very first start leaves nothing that stops the next, ${KILLS} times`, async () => {
    expect(await killDuringFirstStart({ folder, rounds: KILLS })).toBe(KILLS)
  }, 900_000)
})

const isRoot = process.getuid?.() === 0
if (!isRoot) process.stderr.write('Skipped: a full disk. It mounts a small one, which only root may do.\n')

describe.skipIf(!isRoot)('a full disk', () => {
  let disk: string

  beforeEach(async () => {
    disk = path.join(parent, 'disk')
    await mkdir(disk)
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=90m', 'tmpfs', disk])
  })

  afterEach(() => {
    execFileSync('umount', [disk])
  })

  test.each([
    ['the tables', 20],
    ['its log', 36],
  ])('that stops %s is said, and every acknowledged row is there once there is room', async (_, ballast) => {
    await writeFile(path.join(disk, 'ballast'), Buffer.alloc(ballast << 20))
    const { client, close } = await openEmbedded(path.join(disk, 'database'))
    await client.exec('create table films (title text)')
    let acknowledged = 0
    const refusal = await fillUp()
    async function fillUp() {
      for (;;) {
        const insert = 'insert into films select repeat(md5(n::text), 10) from generate_series(1, 2000) n'
        const failure = await client.query(insert).then(
          () => null,
          (error) => error,
        )
        if (failure) return failure
        acknowledged += 2000
      }
    }
    if (!(refusal instanceof Unavailable)) expect(refusal.code).toBe('53100')
    await close().catch((error) => expect(error).toBeInstanceOf(Error))

    await rm(path.join(disk, 'ballast'))
    const next = await openEmbedded(path.join(disk, 'database'))
    expect((await next.client.query('select count(*)::int from films')).rows).toEqual([
      { count: acknowledged },
    ])
    await next.close()
  })

  test('at the first start is said in words, and the next start begins anew', async () => {
    await writeFile(path.join(disk, 'ballast'), Buffer.alloc(70 << 20))
    const refusal = await openEmbedded(path.join(disk, 'database')).catch((error) => error)
    expect(refusal).toBeInstanceOf(Unavailable)
    expect(refusal.message).toContain('room')

    await rm(path.join(disk, 'ballast'))
    await (await openEmbedded(path.join(disk, 'database'))).close()
  })
})

async function megabytesOf(folder: string) {
  return Number(execFileSync('du', ['-sm', folder]).toString().split('\t')[0])
}

/** In a process of its own, loaded as the product is. `maxRSS` in kilobytes. */
async function runFirstStart(): Promise<{ maxRSS: number }> {
  const starter = fork(path.join(import.meta.dirname, 'drill/first-start.ts'), [folder], {
    execArgv: ['--import', 'tsx'],
  })
  const [usage] = await once(starter, 'message')
  return usage
}
