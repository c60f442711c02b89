import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { wrongCopies } from '#test/support/copies.ts'
import { onServer, openTestDatabase, run } from '#test/support/database.ts'
import { sqlState } from './database-error.ts'
import type { Database } from './index.ts'

let database: Database

beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

beforeEach(async () => {
  await run(database.db, EMPTY)
  await run(database.db, LIBRARY)
})

const EMPTY = `
  truncate whitelabel_models, users, plans restart identity cascade;
`
const LIBRARY = `
  insert into whitelabel_models (folder_name, status) values ('dora', 'active'), ('eva', 'new'), ('flora', 'hidden');
  insert into whitelabel_posts (whitelabel_model_id, folder_name) values (1, 'beach'), (1, 'city'), (2, 'rain');
  insert into whitelabel_media (whitelabel_post_id, s3_key, url, type) values
    (1, 'dora/beach/10.jpg', 'dora/beach/10.jpg', 'image'), (1, 'dora/beach/2.jpg', 'dora/beach/2.jpg', 'image'),
    (1, 'dora/beach/1.mp4', 'dora/beach/1.mp4', 'video'), (2, 'dora/city/1.jpg', 'dora/city/1.jpg', 'image'),
    (3, 'eva/rain/1.jpg', 'eva/rain/1.jpg', 'image');
  insert into users (email, password) values ('ana@example.com', 'x'), ('bia@example.com', 'x'), ('cris@example.com', 'x');
  insert into plans (name, price, duration) values ('Month', 2990, 30);
  insert into subscriptions (user_id, plan_id, status) values (1, 1, 'active'), (1, 1, 'expired'), (2, 1, 'canceled');
`

test('media are in natural order, 2 before 10, images and videos apart', async () => {
  const { rows } = await database.db.execute(
    sql`select media_cdns, image_count, video_count from whitelabel_posts where id = 1`,
  )

  expect(rows[0]).toEqual({
    media_cdns: { images: ['dora/beach/2.jpg', 'dora/beach/10.jpg'], videos: ['dora/beach/1.mp4'] },
    image_count: 2,
    video_count: 1,
  })
})

test('keys that natural order takes for equal come in the order of their bytes', async () => {
  await run(
    database.db,
    `insert into whitelabel_media (whitelabel_post_id, s3_key, url, type) values
       (3, 'eva/rain/02.jpg', 'eva/rain/02.jpg', 'image'), (3, 'eva/rain/2.jpg', 'eva/rain/2.jpg', 'image'),
       (3, 'eva/rain/b.jpg', 'eva/rain/b.jpg', 'image'), (3, 'eva/rain/B.jpg', 'eva/rain/B.jpg', 'image')`,
  )
  const { rows } = await database.db.execute(
    sql`select media_cdns -> 'images' as images from whitelabel_posts where id = 3`,
  )

  expect(rows[0]).toEqual({
    images: [1, '02', 2, 'b', 'B'].map((name) => `eva/rain/${name}.jpg`),
  })
})

test('a new post has empty lists, never null, whatever it was inserted with', async () => {
  await run(
    database.db,
    `insert into whitelabel_posts (whitelabel_model_id, folder_name, media_cdns, image_count)
       values (3, 'empty', null, 4), (3, 'told', '{"images":["x"],"videos":[]}', 1)`,
  )
  const { rows } = await database.db.execute(
    sql`select media_cdns, image_count from whitelabel_posts where whitelabel_model_id = 3`,
  )

  expect(rows).toEqual(Array(2).fill({ media_cdns: { images: [], videos: [] }, image_count: 0 }))
})

test.each([
  'insert into whitelabel_posts (whitelabel_model_id, folder_name) select 1 + i % 3, i from generate_series(1, 9) as i',
  `insert into whitelabel_media (whitelabel_post_id, s3_key, url, type)
     select 1 + i % 3, i, i, case when i % 2 = 0 then 'image' else 'video' end from generate_series(1, 20) as i`,
  'update whitelabel_posts set whitelabel_model_id = 3 where id = 1',
  'update whitelabel_posts set whitelabel_model_id = case whitelabel_model_id when 1 then 2 else 1 end',
  'update whitelabel_posts set hidden_at = now() where id = 2',
  'update whitelabel_posts set hidden_at = case when id = 1 then now() end',
  'update whitelabel_media set whitelabel_post_id = 3 where whitelabel_post_id = 1',
  'update whitelabel_media set whitelabel_post_id = 4 - whitelabel_post_id',
  `update whitelabel_media set type = 'video'`,
  `update whitelabel_media set s3_key = 'moved/' || s3_key, url = 'moved/' || url`,
  'update whitelabel_media set hidden_at = now() where id in (1, 4)',
  'delete from whitelabel_media where id in (1, 2, 5)',
  'delete from whitelabel_media',
  'delete from whitelabel_posts where id = 1',
  'delete from whitelabel_posts',
  'delete from whitelabel_models where id = 1',
  'delete from whitelabel_models',
  'truncate whitelabel_media cascade',
  'truncate whitelabel_posts cascade',
  'truncate whitelabel_models cascade',
  `update whitelabel_models set status = 'active'`,
  `update whitelabel_models set status = case status when 'new' then 'active' else 'new' end`,
  `insert into whitelabel_models (folder_name, status, post_count) values ('gaia', 'active', 12), ('hana', 'new', 1)`,
  'update whitelabel_models set post_count = 99',
  'update whitelabel_models set post_count = null',
  `update whitelabel_models set latest_post_at = now(), image_count = 7, video_count = -1`,
  'update whitelabel_models set latest_post_at = null',
  `insert into whitelabel_models (folder_name, latest_post_at, video_count) values ('ines', now(), 3)`,
  `update whitelabel_posts set created_at = '2031-05-06 07:08:09.123456+00' where id = 1`,
  `update whitelabel_posts set created_at = created_at - id * interval '1 day'`,
  `update whitelabel_posts set created_at = 'infinity' where id = 2`,
  `delete from whitelabel_posts where created_at = (select max(created_at) from whitelabel_posts)`,
  `update whitelabel_posts set media_cdns = '{}', image_count = 5`,
  'update whitelabel_posts set media_cdns = null',
  'update whitelabel_posts set video_count = -1, hidden_at = now()',
  'update users set subscription_status = 1 - subscription_status',
  `insert into users (email, password, subscription_status) values ('dani@example.com', 'x', 1)`,
  `insert into subscriptions (user_id, plan_id, status) values (2, 1, 'active'), (3, 1, 'active')`,
  `update subscriptions set status = 'expired'`,
  `update subscriptions set status = 'active' where user_id = 2`,
  'update subscriptions set user_id = 3 where user_id = 1',
  'delete from subscriptions where user_id = 1',
  'truncate subscriptions cascade',
  `insert into whitelabel_media (whitelabel_post_id, s3_key, url, type) values (1, 'dora/beach/2.jpg', 'x', 'video')
     on conflict (s3_key) do update set type = excluded.type, url = excluded.url`,
  `with gone as (delete from whitelabel_media where whitelabel_post_id = 1 returning whitelabel_post_id)
     update whitelabel_posts set title = 'Emptied' where id in (select whitelabel_post_id from gone)`,
  `merge into whitelabel_media as media using (values ('dora/beach/2.jpg'), ('dora/city/1.jpg')) as seen (s3_key)
     on media.s3_key = seen.s3_key when matched then delete`,
])('copies are right after: %s', async (statement) => {
  await database.db.execute(sql.raw(statement))

  expect(await wrongCopies(database.db)).toEqual([])
})

test('copies are right inside a transaction too, and after its end was undone', async () => {
  await database.db
    .transaction(async (tx) => {
      await tx.execute(sql`delete from whitelabel_media where whitelabel_post_id = 1`)
      await tx.execute(sql`update subscriptions set status = 'expired'`)
      expect(await wrongCopies(tx)).toEqual([])
      tx.rollback()
    })
    .catch(() => {})

  expect(await wrongCopies(database.db)).toEqual([])
})

test('copies stay right under any writes', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(writes, { minLength: 1, maxLength: 25 }), async (statements) => {
      await run(database.db, EMPTY)
      await run(database.db, LIBRARY)
      for (const statement of statements) await tolerant(statement)
      expect(await wrongCopies(database.db)).toEqual([])
    }),
    { numRuns: onServer() ? 60 : 10 },
  )
})

const id = fc.integer({ min: 1, max: 5 })
const status = fc.constantFrom('pending', 'active', 'expired', 'canceled', 'refunded')
const visible = fc.constantFrom('now()', 'null')
const key = fc.constantFrom(
  '1.jpg',
  '2.jpg',
  '10.jpg',
  '02.jpg',
  'a.jpg',
  'A.jpg',
  'é.jpg',
  '11.mp4',
  '9.mp4',
)

const writes = fc.oneof(
  fc.tuple(id, key).map(([post, key]) => mediaInsert(post, `k/${post}/${key}`)),
  fc.tuple(id, id, key).map(([post, other, key]) => mediaInsert(post, `k/${other}/${key}`)),
  fc
    .tuple(id, id)
    .map(
      ([post, to]) =>
        `update whitelabel_media set whitelabel_post_id = ${to} where whitelabel_post_id = ${post}`,
    ),
  fc
    .tuple(id, visible)
    .map(([media, at]) => `update whitelabel_media set hidden_at = ${at} where id % 5 = ${media % 5}`),
  fc
    .tuple(id, key)
    .map(
      ([media, key]) =>
        `update whitelabel_media set s3_key = 'k/' || id || '/${key}', url = '${key}' where id % 5 = ${media % 5}`,
    ),
  id.map(
    (media) =>
      `update whitelabel_media set type = case type when 'image' then 'video' else 'image' end where id % 5 = ${media % 5}`,
  ),
  id.map((media) => `delete from whitelabel_media where id % 5 = ${media % 5}`),
  fc
    .tuple(id, id)
    .map(
      ([model, name]) =>
        `insert into whitelabel_posts (whitelabel_model_id, folder_name) values (${model}, 'p${name}')`,
    ),
  fc
    .tuple(id, id)
    .map(([post, to]) => `update whitelabel_posts set whitelabel_model_id = ${to} where id = ${post}`),
  fc
    .tuple(id, visible)
    .map(([post, at]) => `update whitelabel_posts set hidden_at = ${at} where id = ${post}`),
  id.map(
    (post) => `update whitelabel_posts set image_count = ${post}, media_cdns = '{"images":[],"videos":[]}'`,
  ),
  id.map((post) => `delete from whitelabel_posts where id = ${post}`),
  fc
    .tuple(id, fc.constantFrom('new', 'active', 'hidden'))
    .map(
      ([name, status]) =>
        `insert into whitelabel_models (folder_name, status) values ('m${name}', '${status}')`,
    ),
  fc
    .tuple(id, fc.constantFrom('new', 'active', 'hidden'))
    .map(
      ([model, status]) =>
        `update whitelabel_models set status = '${status}', post_count = ${model} where id <> ${model}`,
    ),
  id.map(
    (model) => `update whitelabel_models set latest_post_at = now(), video_count = 9 where id = ${model}`,
  ),
  fc
    .tuple(id, id)
    .map(
      ([post, days]) =>
        `update whitelabel_posts set created_at = created_at + ${days} * interval '1 day' where id >= ${post}`,
    ),
  id.map((model) => `delete from whitelabel_models where id = ${model}`),
  fc
    .tuple(id, status)
    .map(
      ([user, status]) =>
        `insert into subscriptions (user_id, plan_id, status) values (${user}, 1, '${status}')`,
    ),
  fc
    .tuple(id, status)
    .map(
      ([subscription, status]) => `update subscriptions set status = '${status}' where id = ${subscription}`,
    ),
  fc
    .tuple(id, id)
    .map(([subscription, user]) => `update subscriptions set user_id = ${user} where id = ${subscription}`),
  fc
    .tuple(id, id)
    .map(
      ([one, other]) =>
        `update subscriptions set status = case id when ${one} then 'active' else 'expired' end where id in (${one}, ${other})`,
    ),
  id.map((subscription) => `delete from subscriptions where id = ${subscription}`),
  id.map((user) => `update users set subscription_status = ${user % 2}`),
  fc.constantFrom(
    'truncate whitelabel_media cascade',
    'truncate subscriptions cascade',
    'truncate whitelabel_posts cascade',
  ),
)

const mediaInsert = (post: number, key: string) =>
  `insert into whitelabel_media (whitelabel_post_id, s3_key, url, type) values (${post}, '${key}', '${key}', '${key.endsWith('4') ? 'video' : 'image'}')`

/** A write that breaks a rule changes nothing, which is as good a history as any. */
async function tolerant(statement: string) {
  await database.db.execute(sql.raw(statement)).catch((error) => {
    if (!['23503', '23505'].includes(sqlState(error) ?? '')) throw error
  })
}

test('updated_at tells the last change, whoever writes, and cannot be set', async () => {
  await run(
    database.db,
    `insert into support_contacts (platform, url, updated_at) values ('e-mail', 'mailto:help@example.com', '2020-01-01');
     update support_contacts set url = 'https://example.com', updated_at = '2020-01-01';
     insert into checkouts (plan_id, total_amount, updated_at) values (1, 2990, '2020-01-01');
     update checkouts set status = 'paid'`,
  )
  const { rows } = await database.db.execute(sql`
    select updated_at > now() - interval '1 minute' as fresh from support_contacts
    union all select updated_at > now() - interval '1 minute' from checkouts
  `)

  expect(rows).toEqual([{ fresh: true }, { fresh: true }])
})

test('a write that changes nothing uses up no value of a sequence', async () => {
  const before = await sequences()
  await run(
    database.db,
    `update whitelabel_media set url = url;
     update whitelabel_posts set title = title;
     update whitelabel_models set last_synced_at = now();
     update subscriptions set status = status`,
  )

  expect(await sequences()).toEqual(before)
})

async function sequences() {
  const { rows } = await database.db.execute(
    sql`select sequencename, last_value::text from pg_sequences where schemaname = 'public' order by 1`,
  )
  return rows
}

test('the revision of a creator rises with what a visitor could see, not with a sync that changed nothing', async () => {
  const revision = async () => {
    const { rows } = await database.db.execute<{ revision: string }>(
      sql`select revision::int from whitelabel_models where id = 1`,
    )
    return Number(rows[0]?.revision)
  }
  const first = await revision()
  await run(database.db, 'update whitelabel_models set last_synced_at = now()')
  expect(await revision()).toBe(first)
  await run(database.db, `update whitelabel_media set hidden_at = now() where id = 1`)
  const afterMedia = await revision()
  expect(afterMedia).toBeGreaterThan(first)
  await run(database.db, `update whitelabel_models set icon_url = 'i.png' where id = 1`)
  expect(await revision()).toBeGreaterThan(afterMedia)
})

test('what these tests look with sees a copy that is wrong', async () => {
  await database.session(({ db }) =>
    run(
      db,
      `set session_replication_role = replica;
       update whitelabel_models set post_count = 9 where id = 1;
       set session_replication_role = origin;`,
    ),
  )

  expect(await wrongCopies(database.db)).toEqual([{ row: 'creator 1', has: 9, right: 2 }])
})
