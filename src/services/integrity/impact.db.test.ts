import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sqlState } from '#src/db/database-error.ts'
import type { Database, Db } from '#src/db/index.ts'
import { InvalidInput, NotFound } from '#src/errors.ts'
import { onServer, openTestDatabase, run } from '#test/support/database.ts'
import { narrowerKey, readForeignKeys } from './catalog.ts'
import { impactOf, renderImpact } from './impact.ts'

let database: Database

beforeAll(async () => {
  database = await openTestDatabase()
  await run(database.db, LIBRARY)
})
afterAll(() => database.close())

const LIBRARY = `
  insert into whitelabel_models (folder_name) values ('dora'), ('empty');
  insert into whitelabel_posts (whitelabel_model_id, folder_name) values (1, 'beach'), (1, 'city'), (1, 'bare');
  insert into whitelabel_media (whitelabel_post_id, s3_key, type)
    select 1 + i % 2, 'dora/' || i || '.jpg', 'image' from generate_series(1, 7) as i;
  insert into whitelabel_captions (whitelabel_media_id, language, s3_key, url)
    select id, language, s3_key || language, s3_key || language from whitelabel_media, unnest(array['en', 'pt']) as language
    where id <= 2;
  insert into users (email, password) values ('ana@example.com', 'x'), ('bia@example.com', 'x');
  insert into plans (name, price, duration) values ('Month', 2990, 30), ('Week', 990, 7);
  insert into subscriptions (user_id, plan_id) select 1, 1 from generate_series(1, 12);
  insert into checkouts (user_id, plan_id, total_amount) values (1, 1, 2990), (null, 1, 2990), (null, 2, 990);
  insert into sync_runs (id, started_by, source, approved_run_id) values
    ('00000000-0000-4000-8000-000000000001', 'cli', 'folder media', null),
    ('00000000-0000-4000-8000-000000000002', 'cli', 'folder media', '00000000-0000-4000-8000-000000000001');
  insert into takedowns values ('post', 'dora/beach', now());
  insert into payment_gateways (name) values ('sandbox'), ('never used');
  insert into sessions (token_hash, user_id, expires_at) values ('a', 2, now()), ('b', 2, now()), ('guest', null, now());
  insert into account_tokens (user_id, purpose, token_hash, expires_at) values (2, 'reset', 'c', now());
  insert into outbox_mails (user_id, sealed) values (2, 'x'), (2, 'y');
  insert into checkouts (session_id, plan_id, total_amount) values (1, 2, 990), (3, 2, 990);
  insert into checkouts (user_id, plan_id, total_amount, plan_cents, plan_days, status) values (1, 1, 2990, 2990, 30, 'paid');
  insert into payments (checkout_id, gateway_id, method, idempotency_key, amount_cents, currency, status, paid_at) values
    (6, 1, 'pix', 'key 1', 2990, 'BRL', 'paid', now()), (6, 1, 'pix', 'key 2', 2990, 'BRL', 'failed', null);
  insert into terms (user_id, subscription_id, plan_id, source, checkout_id, payment_id, days, plan_cents, amount_cents, currency, granted_at, starts_at, ends_at)
    values (1, 1, 1, 'charge', 6, 1, 30, 2990, 2990, 'BRL', now(), now(), now() + interval '30 days');
  insert into webhook_events (gateway_id, event_id, external_id, charge_status, amount_cents, currency, occurred_at, digest)
    values (1, 'event 1', 'charge 1', 'paid', 2990, 'BRL', now(), 'd');
`

test('deleting a creator takes its posts, their media and the captions of these, each counted at its depth', async () => {
  const impact = await impactOf(database.db, 'whitelabel_models', 1)

  expect(impact.paths.map(({ effect, table, depth, rows }) => [effect, table, depth, rows])).toEqual([
    ['deletes', 'whitelabel_posts', 1, 3],
    ['deletes', 'whitelabel_media', 2, 7],
    ['deletes', 'whitelabel_captions', 3, 4],
  ])
  expect(impact).toMatchObject({ deletes: 15, clears: 0, blocks: 0 })
  expect(renderImpact(impact)).toBe(
    [
      'Creator 1 (whitelabel_models)',
      '  deletes 3 posts (whitelabel_posts_whitelabel_model_id_whitelabel_models_id_fk)',
      '    deletes 7 media files (whitelabel_media_whitelabel_post_id_whitelabel_posts_id_fk)',
      '      deletes 4 caption files (whitelabel_captions_whitelabel_media_id_whitelabel_media_id_fk)',
      'Deleting it deletes 15 rows.',
    ].join('\n'),
  )
})

test('a plan with history cannot be deleted, and all that stands in the way is counted', async () => {
  const impact = await impactOf(database.db, 'plans', '1')

  expect(impact.paths.map(({ effect, table, rows }) => [effect, table, rows])).toEqual([
    ['blocks', 'checkouts', 3],
    ['blocks', 'subscriptions', 12],
    ['blocks', 'terms', 1],
  ])
  expect(renderImpact(impact)).toMatch(/16 rows still refer to it/)
})

test('a checkout that was paid stays for its payments and its term, each counted once', async () => {
  const impact = await impactOf(database.db, 'checkouts', 6)

  expect(impact.paths.map(({ effect, table, rows }) => [effect, table, rows])).toEqual([
    ['blocks', 'payments', 2],
    ['blocks', 'terms', 1],
  ])
  expect(await impactOf(database.db, 'payments', 1)).toMatchObject({ blocks: 1, paths: [{ table: 'terms' }] })
})

test('a gateway that has charged stays for what it charged and told, one that never did may go', async () => {
  const impact = await impactOf(database.db, 'payment_gateways', 1)

  expect(impact.paths.map(({ effect, table, rows }) => [effect, table, rows])).toEqual([
    ['blocks', 'payments', 2],
    ['blocks', 'webhook_events', 1],
  ])
  expect(await impactOf(database.db, 'payment_gateways', 2)).toMatchObject({ deletes: 1, blocks: 0 })
})

test('who never bought goes with sessions, mailed links and mail; a checkout of the browser stays without it', async () => {
  const impact = await impactOf(database.db, 'users', 2)

  expect(impact.paths.map(({ effect, table, depth, rows }) => [effect, table, depth, rows])).toEqual([
    ['deletes', 'account_tokens', 1, 1],
    ['deletes', 'outbox_mails', 1, 2],
    ['deletes', 'sessions', 1, 2],
    ['clears', 'checkouts', 2, 1],
  ])
  expect(impact).toMatchObject({ deletes: 6, clears: 1, blocks: 0 })
})

test('who has bought stays for checkouts, subscriptions and terms', async () => {
  const impact = await impactOf(database.db, 'users', 1)

  expect(impact.paths.map(({ effect, table, rows }) => [effect, table, rows])).toEqual([
    ['blocks', 'checkouts', 2],
    ['blocks', 'subscriptions', 12],
    ['blocks', 'terms', 1],
  ])
})

test('a row nobody refers to goes alone', async () => {
  expect(await impactOf(database.db, 'whitelabel_models', 2)).toMatchObject({ paths: [], deletes: 1 })
})

test('a run that another was approved from is found by its uuid, and leaves the other without it', async () => {
  const impact = await impactOf(database.db, 'sync_runs', '00000000-0000-4000-8000-000000000001')

  expect(impact).toMatchObject({ deletes: 1, clears: 1, blocks: 0 })
})

test('a row with a key of two columns is found by both', async () => {
  expect(await impactOf(database.db, 'takedowns', ['post', 'dora/beach'])).toMatchObject({ deletes: 1 })
  expect(await impactOf(database.db, 'takedowns', '["post","dora/beach"]')).toMatchObject({ deletes: 1 })
  await expect(impactOf(database.db, 'takedowns', 'post')).rejects.toThrow(
    new InvalidInput('A row of takedowns is found by kind and path: give ["<kind>","<path>"].'),
  )
})

test.each([
  ['whitelabel_models', '99', 'Creator 99 does not exist.'],
  ['whitelabel_models', 'abc', 'Creator abc does not exist.'],
  ['whitelabel_models', '99999999999999', 'Creator 99999999999999 does not exist.'],
  ['sync_runs', '1', 'Sync run 1 does not exist.'],
  ['admin_settings', "'; drop table users; --", "Setting '; drop table users; -- does not exist."],
])('%s %s is not there, and said so', async (table, id, words) => {
  await expect(impactOf(database.db, table, id)).rejects.toThrow(new NotFound(words))
})

test('a table that is not there is answered with those that are', async () => {
  await expect(impactOf(database.db, 'pg_class', 1)).rejects.toThrow(
    /There is no table "pg_class"\. The tables are: account_tokens, admin_settings, checkouts/,
  )
  await expect(impactOf(database.db, 'users; drop table users', 1)).rejects.toThrow(NotFound)
})

test('RESTRICT stands in the way even of rows that would be gone as well', async () => {
  await inScratch(async (db) => {
    await run(
      db,
      `create table a (id int primary key);
       create table b (id int primary key, a int references a on delete cascade);
       create table c (id int primary key, a int references a on delete cascade, b int references b on delete restrict);
       insert into a values (1);
       insert into b values (1, 1);
       insert into c values (1, 1, 1);`,
    )
    expect(await impactOf(db, 'a', 1)).toMatchObject({ blocks: 1 })
  })
})

test('SET NULL into a column that must hold a value stands in the way', async () => {
  await inScratch(async (db) => {
    await run(
      db,
      `create table a (id int primary key);
       create table b (id int primary key, a int not null references a on delete set null);
       insert into a values (1);
       insert into b values (1, 1), (2, 1);`,
    )
    expect(await impactOf(db, 'a', 1)).toMatchObject({ blocks: 2, clears: 0 })
    await expect(db.execute(sql`delete from a`)).rejects.toSatisfy((error) => sqlState(error) === '23502')
  })
})

test('composite keys and keys of text are followed too', async () => {
  await inScratch(async (db) => {
    await run(
      db,
      `create table country (code text primary key);
       create table city (country text references country on delete cascade, name text, primary key (country, name));
       create table street (id int primary key, country text, city text,
         foreign key (country, city) references city on delete cascade);
       insert into country values ('br'), ('pt');
       insert into city values ('br', 'Rio'), ('br', 'Natal'), ('pt', 'Porto');
       insert into street select i, 'br', case when i % 2 = 0 then 'Rio' else 'Natal' end from generate_series(1, 9) i;
       insert into street values (10, 'pt', 'Porto'), (11, 'br', null);`,
    )
    expect(await impactOf(db, 'country', 'br')).toMatchObject({ deletes: 12 })
    expect(await impactOf(db, 'city', ['br', 'Rio'])).toMatchObject({ deletes: 5 })
  })
})

test('what is foretold is what a delete then does, on any graph of tables, circles included', async () => {
  await fc.assert(
    fc.asyncProperty(graphs, (graph) =>
      inScratch(async (db) => {
        await build(db, graph)
        const impact = await impactOf(db, 't0', 0)
        expect(await whatDeleteDoes(db, impact.paths)).toEqual(
          impact.blocks > 0 ? 'refused' : { deletes: impact.deletes, paths: byConstraint(impact.paths) },
        )
      }),
    ),
    { numRuns: onServer() ? 150 : 25 },
  )
})

interface Graph {
  tables: number
  /** A wide key leads to the same row by another column as well. */
  keys: Array<{ child: number; parent: number; action: string; isWide: boolean }>
  rows: number[][]
}

const MOST_TABLES = 4
const ROWS = 5

const graphs: fc.Arbitrary<Graph> = fc.record({
  tables: fc.integer({ min: 2, max: MOST_TABLES }),
  keys: fc.array(
    fc.record({
      child: fc.nat(MOST_TABLES - 1),
      parent: fc.nat(MOST_TABLES - 1),
      action: fc.constantFrom('cascade', 'cascade', 'cascade', 'set null', 'no action'),
      isWide: fc.boolean(),
    }),
    { minLength: 1, maxLength: 7 },
  ),
  rows: fc.array(fc.array(fc.integer({ min: -2, max: ROWS - 1 }), { minLength: 7, maxLength: 7 }), {
    minLength: MOST_TABLES * ROWS,
    maxLength: MOST_TABLES * ROWS,
  }),
})

/**
 * Tables t0, t1 ... with rows 0 to 4, and in each column k0, k1 ... a row of the parent, or null. For wide keys w0, w1 ...
 * hold the `ten` of that row, or null.
 */
async function build(db: Db, { tables, keys, rows }: Graph) {
  const mine = (table: number) =>
    keys.map((key, index) => ({ ...key, index })).filter((k) => k.child % tables === table)
  for (let table = 0; table < tables; table++) {
    const columns = mine(table).map(({ index }) => `, k${index} int, w${index} int`)
    await run(
      db,
      `create table t${table} (id int primary key, ten int ${columns.join('')}, unique (id, ten))`,
    )
    const lines = Array.from({ length: ROWS }, (_, row) => {
      const values = mine(table).map(({ index }) => {
        const to = rows[table * ROWS + row]?.[index] ?? -1
        if (to < 0) return ', null, null'
        return to % 2 === 0 ? `, ${to}, ${to * 10}` : `, ${to}, null`
      })
      return `(${row}, ${row * 10} ${values.join('')})`
    })
    await run(db, `insert into t${table} values ${lines.join(', ')}`)
  }
  for (const [index, { child, parent, action, isWide }] of keys.entries()) {
    const table = `t${child % tables}`
    const narrow = `alter table ${table} add constraint k${index}_fk foreign key (k${index}) references t${parent % tables} on delete ${action}`
    const wide = `alter table ${table} add constraint w${index}_fk foreign key (k${index}, w${index}) references t${parent % tables} (id, ten) on delete ${action}`
    for (const key of isWide ? [narrow, wide] : [narrow]) await run(db, key)
    if (index % 2 === 0) await run(db, `create index on ${table} (k${index})`)
  }
}

async function whatDeleteDoes(db: Db, foretold: Array<{ constraint: string; effect: string }>) {
  const all = (await readForeignKeys(db)).filter(({ table }) => /^t\d$/.test(table))
  const keys = all.filter((key) => narrowerKey(all, key) === undefined)
  const tables = [...new Set(keys.flatMap(({ table, parent }) => [table, parent, 't0']))]
  const before = await rowsOf(db, tables)
  try {
    await db.transaction(async (tx) => tx.execute(sql`delete from t0 where id = 0`))
  } catch (error) {
    // PostgreSQL follows one key after the other, in the order of their age: a row that is to go by a later one may
    // still hold, or be cleared, by an earlier one, and the delete is refused although the end would have been sound.
    // So is a row whose two references are cleared one after the other.
    const isInTwoMinds = keys.some(
      (key) => key.onDelete !== 'cascade' && keys.some((other) => other !== key && other.table === key.table),
    )
    const isForeseen = foretold.some(({ effect }) => effect === 'blocks')
    if (sqlState(error) !== '23503' || !(isForeseen || isInTwoMinds)) throw error
    fc.pre(isForeseen)
    return 'refused'
  }
  const after = await rowsOf(db, tables)
  const deletes = [...before.values()].flat().length - [...after.values()].flat().length
  return { deletes, paths: foretoldFrom(keys, before, after, foretold) }
}

/** Cleared references are compared one by one; deleted rows in all, for one way of several is as good as another. */
function foretoldFrom(
  keys: Array<{ name: string; table: string; onDelete: string; columns: string[] }>,
  before: Map<string, Row[]>,
  after: Map<string, Row[]>,
  foretold: Array<{ constraint: string; effect: string }>,
) {
  const cleared = keys.flatMap(({ name, table, onDelete, columns: [column = ''] }) => {
    const rows = (before.get(table) ?? []).filter((row) => {
      const left = after.get(table)?.find(({ id }) => id === row.id)
      return left && row[column] !== null && left[column] === null
    })
    return onDelete === 'set null' && rows.length > 0 ? [[name, rows.length]] : []
  })
  expect(foretold.filter(({ effect }) => effect === 'clears')).toHaveLength(cleared.length)
  return Object.fromEntries(cleared)
}

const byConstraint = (paths: Array<{ constraint: string; effect: string; rows: number }>) =>
  Object.fromEntries(
    paths.filter(({ effect }) => effect === 'clears').map(({ constraint, rows }) => [constraint, rows]),
  )

type Row = Record<string, number | null>

async function rowsOf(db: Db, tables: string[]) {
  const entries = []
  for (const table of tables) {
    const { rows } = await db.execute<Row>(sql`select * from ${sql.identifier(table)}`)
    entries.push([table, rows] as const)
  }
  return new Map(entries)
}

/** A transaction for tables of the test's own, undone at its end. */
async function inScratch(work: (db: Db) => Promise<void>) {
  await database.db
    .transaction(async (tx) => {
      await work(tx)
      tx.rollback()
    })
    .catch((error) => {
      if (error?.constructor?.name !== 'TransactionRollbackError') throw error
    })
}
