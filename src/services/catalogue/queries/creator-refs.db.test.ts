import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Database } from '#src/db/index.ts'
import { pageRequest } from '#src/lib/pagination.ts'
import { openTestDatabase, run } from '#test/support/database.ts'
import {
  biggestRefs,
  byNameRefs,
  featuredRefs,
  newestRefs,
  type RefPage,
  recentlyUpdatedRefs,
} from './creator-refs.ts'

let database: Database

beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

beforeEach(() =>
  run(
    database.db,
    `truncate whitelabel_models, models restart identity cascade;
     insert into whitelabel_models (folder_name, status, created_at, featured_at) values
       ('creator-10', 'active', '2024-01-01', null), ('Élida', 'active', '2024-02-01', '2026-01-01'),
       ('creator-2', 'active', '2024-03-01', '2026-03-01'), ('zoe', 'new', '2024-04-01', '2026-04-01');
     insert into whitelabel_posts (whitelabel_model_id, folder_name, created_at) values
       (1, 'a', '2025-06-01'), (3, 'b', '2025-01-01'), (3, 'c', '2025-02-01'), (4, 'd', '2026-01-01');
     insert into whitelabel_media (whitelabel_post_id, s3_key, url, type) values (1, 'a', 'a', 'image'), (2, 'b', 'b', 'video');
     insert into models (name, is_featured, created_at) values ('ana', true, '2026-02-01'), ('Davi', false, '2023-01-01');
     insert into posts (model_id, content_url, type, created_at) values (2, 'x', 'video', '2025-03-01');`,
  ),
)

const NAMES: Record<string, string> = {
  synced1: 'creator-10',
  synced2: 'Élida',
  synced3: 'creator-2',
  synced4: 'zoe',
  handmade1: 'ana',
  handmade2: 'Davi',
}
const names = (refs: RefPage['refs']) => refs.map(({ kind, id }) => NAMES[`${kind}${id}`])

const ORDERS = {
  newest: { refs: newestRefs, expected: ['ana', 'creator-2', 'Élida', 'creator-10', 'Davi'] },
  biggest: { refs: biggestRefs, expected: ['creator-2', 'Davi', 'creator-10', 'ana', 'Élida'] },
  'recently updated': {
    refs: recentlyUpdatedRefs,
    expected: ['creator-10', 'Davi', 'creator-2', 'ana', 'Élida'],
  },
  'by name': { refs: byNameRefs, expected: ['ana', 'creator-2', 'creator-10', 'Davi', 'Élida'] },
}

test.each(Object.entries(ORDERS))(
  'creators %s are one list over both kinds',
  async (_, { refs, expected }) => {
    const all = await refs(database.db, pageRequest())
    expect(names(all.refs)).toEqual(expected)
    expect(all.total).toBe(5)
    const singly = []
    for (let page = 1; page <= 6; page++) singly.push(await refs(database.db, pageRequest(page, 1)))
    expect(singly.flatMap((page) => names(page.refs))).toEqual(expected)
    expect(singly.map(({ total }) => total)).toEqual(Array(6).fill(5))
  },
)

test.each([
  ['photos', ['creator-10']],
  ['videos', ['creator-2', 'Davi']],
] as const)('only those with %s', async (has, expected) => {
  for (const { refs } of Object.values(ORDERS)) {
    const page = await refs(database.db, pageRequest(), has)
    expect([names(page.refs).toSorted(), page.total]).toEqual([expected.toSorted(), expected.length])
  }
})

test('featured creators: the newest choice first, hand-made ones among them, none that is not public', async () => {
  expect(names((await featuredRefs(database.db, 10)).refs)).toEqual(['creator-2', 'ana', 'Élida'])
  expect(names((await featuredRefs(database.db, 2)).refs)).toEqual(['creator-2', 'ana'])
  expect((await featuredRefs(database.db, 0)).refs).toEqual([])
})

test('each order reads its own index, however many creators there are', async () => {
  await run(
    database.db,
    `insert into whitelabel_models (folder_name, status, created_at, featured_at)
       select 'many ' || n, 'active', timestamptz '2020-01-01' + n * interval '1 minute', case when n % 100 = 0 then now() end
       from generate_series(1, 20000) as n;
     insert into whitelabel_posts (whitelabel_model_id, folder_name, created_at)
       select id, 'p', created_at from whitelabel_models where folder_name like 'many %';
     analyze whitelabel_models;`,
  )
  const INDEXES = {
    whitelabel_models_newest: newestRefs,
    whitelabel_models_biggest: biggestRefs,
    whitelabel_models_recently_updated: recentlyUpdatedRefs,
    whitelabel_models_by_name: byNameRefs,
  }
  for (const [index, refs] of Object.entries(INDEXES)) {
    expect([index, await scans((db) => refs(db, pageRequest()))]).toEqual([index, [index]])
  }
  expect(await scans((db) => featuredRefs(db, 8))).toEqual(['whitelabel_models_featured'])
})

/** The plan of the one statement that `read` sends: the ways in which it reads the synced creators. */
async function scans(read: (db: Database['db']) => Promise<unknown>) {
  let plan: unknown[] = []
  const explaining = Object.create(database.db, {
    execute: {
      value: async (query: ReturnType<typeof sql>) => {
        plan = (await database.db.execute(sql`explain ${query}`)).rows
        return { rows: [] }
      },
    },
  })
  await read(explaining)
  const lines = plan.map((row) => JSON.stringify(row))
  expect(lines.filter((line) => line.includes('Seq Scan on whitelabel_models'))).toEqual([])
  const indexes = lines.flatMap(
    (line) => /Index (?:Only )?Scan using (whitelabel_models_\w+)/.exec(line)?.[1] ?? [],
  )
  // The revision of each row on the page is looked up by its id.
  return indexes.filter((index) => index !== 'whitelabel_models_pkey')
}
