import { sql } from 'drizzle-orm'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { wrongCopies } from '#test/support/copies.ts'
import { migratedGround, removeGround, run, type TestGround } from '#test/support/database.ts'
import { sqlState } from './database-error.ts'
import { type Database, type Db, openDatabase } from './index.ts'
import { withRetry } from './retry.ts'

let ground: TestGround
let database: Database

beforeEach(async () => {
  ground = await migratedGround()
  database = await openDatabase(ground)
  await run(
    database.db,
    `insert into whitelabel_models (folder_name, status) values ('dora', 'active');
     insert into whitelabel_posts (whitelabel_model_id, folder_name) values (1, 'beach'), (1, 'city');
     insert into whitelabel_media (whitelabel_post_id, s3_key, url, type) values (1, '1.jpg', '1.jpg', 'image');
     insert into users (email, password) values ('ana@example.com', 'x');
     insert into plans (name, price, duration) values ('Month', 2990, 30);
     insert into subscriptions (user_id, plan_id, status) values (1, 1, 'active');`,
  )
})
afterEach(async () => {
  await database.close()
  await removeGround(ground)
})

const media = (post: number, key: string) =>
  `insert into whitelabel_media (whitelabel_post_id, s3_key, url, type) values (${post}, '${key}', '${key}', 'image')`

/** Two writers at once: the second writes while the first has not committed, and commits after it. */
test.each([
  ['two files into one post', media(1, '2.jpg'), media(1, '3.jpg')],
  ['a file comes, another goes', media(1, '2.jpg'), `delete from whitelabel_media where s3_key = '1.jpg'`],
  [
    'a file comes, the copy is written by hand',
    media(1, '2.jpg'),
    `update whitelabel_posts set media_cdns = '{}', image_count = 7`,
  ],
  [
    'the copy is written by hand, a file comes',
    `update whitelabel_posts set image_count = 7`,
    media(1, '2.jpg'),
  ],
  [
    'a file comes, another moves away',
    media(1, '2.jpg'),
    `update whitelabel_media set whitelabel_post_id = 2 where s3_key = '1.jpg'`,
  ],
  [
    'two posts for one creator',
    `insert into whitelabel_posts (whitelabel_model_id, folder_name) values (1, 'a')`,
    `insert into whitelabel_posts (whitelabel_model_id, folder_name) values (1, 'b')`,
  ],
  [
    'a post comes, the count is written by hand',
    `insert into whitelabel_posts (whitelabel_model_id, folder_name) values (1, 'a')`,
    'update whitelabel_models set post_count = 0',
  ],
  [
    'a newer post comes, the newest before goes',
    `insert into whitelabel_posts (whitelabel_model_id, folder_name, created_at) values (1, 'a', now() + interval '1 day')`,
    'delete from whitelabel_posts where id = 2',
  ],
  [
    'a post gets younger, the date is written by hand',
    `update whitelabel_posts set created_at = now() + interval '1 day' where id = 1`,
    `update whitelabel_models set latest_post_at = '2020-01-01', image_count = 5`,
  ],
  [
    'a post is hidden, another goes',
    'update whitelabel_posts set hidden_at = now() where id = 1',
    'delete from whitelabel_posts where id = 2',
  ],
  [
    'the active subscription ends, the flag is written by hand',
    `update subscriptions set status = 'expired'`,
    'update users set subscription_status = 1, name = $$Ana$$',
  ],
  [
    'two creators',
    `insert into whitelabel_models (folder_name) values ('eva')`,
    `insert into whitelabel_models (folder_name, status) values ('flora', 'new')`,
  ],
  [
    'a creator is hidden, another comes',
    `update whitelabel_models set status = 'hidden'`,
    `insert into whitelabel_models (folder_name, status) values ('flora', 'active')`,
  ],
  ['all files are truncated, one comes', 'truncate whitelabel_media cascade', media(1, '2.jpg')],
  ['a file comes, all are truncated', media(1, '2.jpg'), 'truncate whitelabel_media cascade'],
])('copies are right when %s', async (_, first, second) => {
  let writing: Promise<unknown> | undefined
  await database.db.transaction(async (tx) => {
    await tx.execute(sql.raw(first))
    writing = write(second)
    writing.catch(() => {})
    await somebodyWaits().catch(() => {})
  })
  await writing

  expect(await wrongCopies(database.db)).toEqual([])
})

const write = async (statement: string) => database.db.execute(sql.raw(statement))

test('a writer that sees an old state (repeatable read) is refused rather than let copy it', async () => {
  await database.db
    .transaction(
      async (old) => {
        await old.execute(sql`select count(*) from whitelabel_media`)
        await database.db.execute(sql.raw(media(1, '2.jpg')))
        await old.execute(sql.raw(media(1, '3.jpg')))
      },
      { isolationLevel: 'repeatable read' },
    )
    .then(
      () => expect.fail('it was let'),
      (error) => expect(sqlState(error)).toBe('40001'),
    )

  expect(await wrongCopies(database.db)).toEqual([])
})

const SECONDS = 4
const WRITERS = 16
/** More than that, and five tries are a matter of luck where every pair may deadlock. */
const FEW_WRITERS = 2
const DELETERS = 2
/** As many as a slow disk does in that time: a fast one shall not try its luck more often. */
const FEW_COMMITS = 150

test('sixteen writers against two that delete creators: no orphan, no wrong copy, no deadlock', async () => {
  const { commits, retries } = await contend(deleteCreator)

  expect(await orphans()).toBe(0)
  expect(await wrongCopies(database.db)).toEqual([])
  expect(retries).toBe(0)
  expect(commits).toBeGreaterThan(SECONDS * 20)
})

test('against deleters of posts and files, who take their locks the other way round, retries are enough', async () => {
  await database.db.execute(sql.raw(`alter database ${await databaseName()} set deadlock_timeout = '20ms'`))
  const { commits } = await contend(deleteSomething, FEW_WRITERS, FEW_COMMITS)

  expect(await orphans()).toBe(0)
  expect(await wrongCopies(database.db)).toEqual([])
  expect(commits).toBeGreaterThan(SECONDS * 10)
})

/** All at once for some seconds, each transaction tried again as the product does; errors come through. */
async function contend(
  deleting: (db: Db) => Promise<unknown>,
  writing = WRITERS,
  enough = Number.POSITIVE_INFINITY,
) {
  const nodes = [await openDatabase(ground), await openDatabase(ground)]
  const end = Date.now() + SECONDS * 1000
  let commits = 0
  let tries = 0
  const worker = async (index: number, work: (db: Db) => Promise<unknown>) => {
    const { db } = nodes[index % nodes.length] ?? database
    while (Date.now() < end && commits < enough) {
      await withRetry(() => {
        tries++
        return db.transaction(work)
      })
      commits++
    }
  }
  const writers = Array.from({ length: writing }, (_, index) => worker(index, writeSomething))
  const deleters = Array.from({ length: DELETERS }, (_, index) => worker(index, deleting))
  await Promise.all([...writers, ...deleters])
  await Promise.all(nodes.map((node) => node.close()))
  return { commits, retries: tries - commits }
}

async function orphans() {
  const { rows } = await database.db.execute<{ orphans: number }>(sql`
    select count(*)::int as orphans from whitelabel_media
    where not exists (select from whitelabel_posts where id = whitelabel_post_id)
  `)
  return rows[0]?.orphans
}

async function databaseName() {
  const { rows } = await database.db.execute<{ name: string }>(sql`select current_database() as name`)
  return rows[0]?.name
}

/** Any of a few creators, posts and files, so that writers meet. */
async function writeSomething(db: Db) {
  const any = (choices: number) => Math.floor(Math.random() * choices)
  const folder = `creator ${any(4)}`
  const { rows: models } = await db.execute<{ id: number }>(sql`
    insert into whitelabel_models (folder_name, status) values (${folder}, 'active')
    on conflict (folder_name) do update set last_synced_at = now() returning id
  `)
  const { rows: posts } = await db.execute<{ id: number }>(sql`
    insert into whitelabel_posts (whitelabel_model_id, folder_name) values (${models[0]?.id}, ${`post ${any(3)}`})
    on conflict (whitelabel_model_id, folder_name) do update set title = excluded.title returning id
  `)
  const key = `${posts[0]?.id}/${any(20)}.jpg`
  await db.execute(sql`
    insert into whitelabel_media (whitelabel_post_id, s3_key, url, type) values (${posts[0]?.id}, ${key}, ${key}, 'image')
    on conflict (s3_key) do update set hidden_at = case when whitelabel_media.hidden_at is null then now() end
  `)
}

const deleteCreator = (db: Db) =>
  db.execute(
    sql`delete from whitelabel_models where id = (select id from whitelabel_models order by random() limit 1)`,
  )

function deleteSomething(db: Db) {
  const choice = Math.random()
  if (choice < 0.3) return deleteCreator(db)
  if (choice < 0.6)
    return db.execute(
      sql`delete from whitelabel_posts where id = (select id from whitelabel_posts order by random() limit 1)`,
    )
  return db.execute(
    sql`delete from whitelabel_media where id in (select id from whitelabel_media order by random() limit 3)`,
  )
}

const somebodyWaits = () =>
  expect
    .poll(
      async () => {
        const { rows } = await database.db.execute(
          sql`select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
        )
        return rows.length
      },
      { timeout: 300, interval: 10 },
    )
    .toBeGreaterThan(0)
