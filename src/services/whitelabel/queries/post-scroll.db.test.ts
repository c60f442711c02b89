import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Database } from '#src/db/index.ts'
import { HandmadeQueries } from '#src/services/catalogue/queries/handmade.ts'
import { openTestDatabase, run } from '#test/support/database.ts'
import { neighbours, type PostsAfter, postsAfter } from './posts.ts'

let database: Database

beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

beforeEach(() =>
  run(
    database.db,
    `truncate whitelabel_models, models restart identity cascade;
     insert into whitelabel_models (folder_name, status) values ('ana', 'active'), ('bia', 'active');
     insert into models (name) values ('Zeca'), ('Davi');`,
  ),
)

/** Posts of both creators in turns, a microsecond apart, some of the same instant. */
const seed = (count: number) =>
  run(
    database.db,
    `insert into whitelabel_posts (whitelabel_model_id, folder_name, title, created_at)
       select 1 + n % 2, n, 'Post ' || n, timestamptz '2024-05-06 07:08:09.000001+00' + (n / 4) * interval '1 microsecond'
       from generate_series(0, ${count - 1}) as n;
     insert into posts (model_id, title, content_url, type, created_at)
       select 1 + n % 2, 'Post ' || n, 'x', 'image', timestamptz '2024-05-06 07:08:09.000001+00' + (n / 4) * interval '1 microsecond'
       from generate_series(0, ${count - 1}) as n;`,
  )

const KINDS = {
  synced: {
    after: (cursor: unknown, limit: number) => postsAfter(database.db, 1, cursor, limit),
    beside: (id: number) => neighbours(database.db, { id }),
  },
  'made by hand': {
    after: (cursor: unknown, limit: number): Promise<PostsAfter<{ id: number }>> =>
      HandmadeQueries.postsAfter(database.db, 1, cursor, limit),
    beside: (id: number) => HandmadeQueries.neighbours(database.db, { id }),
  },
}

type Kind = (typeof KINDS)[keyof typeof KINDS]

/** Ids of all pieces; `meanwhile` runs after each. */
async function scroll(kind: Kind, limit: number, meanwhile = async (_: number[]) => {}) {
  const seen: number[] = []
  let cursor: string | null = null
  do {
    const { posts, next }: PostsAfter<{ id: number }> = await kind.after(cursor, limit)
    expect(posts.length).toBeLessThanOrEqual(limit)
    seen.push(...posts.map(({ id }) => id))
    cursor = next
    await meanwhile(seen)
  } while (cursor)
  return seen
}

/** Of the first creator: every second, the newest first. */
const newestFirst = (count: number) =>
  Array.from({ length: count }, (_, index) => count - index).filter((id) => id % 2 === 1)

describe.each(Object.entries(KINDS))('posts that are %s', (name, kind) => {
  test.each([1, 3, 50, 100])('are scrolled %i at a time without repeats or gaps', async (limit) => {
    await seed(100)
    expect(await scroll(kind, limit)).toEqual(newestFirst(100))
  })

  test('that come and go meanwhile repeat none and leave none out', async () => {
    await seed(200)
    const table = name === 'synced' ? 'whitelabel_posts' : 'posts'
    const add = (n: number) =>
      name === 'synced'
        ? `insert into whitelabel_posts (whitelabel_model_id, folder_name, created_at) values (1, 'new ${n}', now())`
        : `insert into posts (model_id, content_url, type, created_at) values (1, 'x', 'image', now())`
    let turn = 0
    const deleted: number[] = []
    const seen = await scroll(kind, 7, async (seen) => {
      turn++
      const [last = 0] = seen.slice(-1)
      deleted.push(last - 4)
      await run(database.db, `${add(turn)};\ndelete from ${table} where id in (${last}, ${last - 4});`)
    })
    const stayed = newestFirst(200).filter((id) => !deleted.includes(id))
    expect(new Set(seen).size).toBe(seen.length)
    expect(stayed.filter((id) => !seen.includes(id))).toEqual([])
    expect(seen.every((id) => id <= 200)).toBe(true)
  })

  test.each([
    undefined,
    null,
    '',
    'x',
    '1',
    '1.',
    '.1',
    '1.0',
    '-.1',
    '1e3.4',
    '9223372036854775807.1',
    '-9223372036854775808.1',
    '1.2147483648',
    'infinity',
    '1.1; drop table posts',
    ['1.1'],
    '\u0000',
    '١.١',
  ])('begin anew after a cursor that is none: %j', async (cursor) => {
    await seed(10)
    const { posts } = await kind.after(cursor, 2)
    expect(posts.map(({ id }) => id)).toEqual([9, 7])
  })

  test('of any date are scrolled', async () => {
    const dates = [
      'infinity',
      '290000-01-01',
      '2024-01-01',
      '1969-12-31 23:59:59.999999+00',
      '0001-01-01 BC',
      '-infinity',
    ]
    for (const [index, date] of dates.entries()) {
      await run(
        database.db,
        `insert into whitelabel_posts (whitelabel_model_id, folder_name, created_at) values (1, '${index}', '${date}');
         insert into posts (model_id, content_url, type, created_at) values (1, 'x', 'image', '${date}');`,
      )
    }
    expect(await scroll(kind, 1)).toEqual([1, 2, 3, 4, 5, 6])
  })

  test('know the next newer and the next older of their creator, also of the same instant', async () => {
    await seed(9)
    const order = newestFirst(9)
    for (const [index, id] of order.entries()) {
      const { newer, older } = await kind.beside(id)
      expect([newer?.id, older?.id]).toEqual([order[index - 1], order[index + 1]])
    }
    expect(await kind.beside(9)).toEqual({ newer: null, older: { id: 7, title: 'Post 6' } })
    expect(await kind.beside(1)).toEqual({ newer: { id: 3, title: 'Post 2' }, older: null })
    expect(await kind.beside(999)).toEqual({ newer: null, older: null })
  })
})

test('a post that was taken down is beside none and in no piece', async () => {
  await seed(10)
  await database.db.execute(sql`update whitelabel_posts set hidden_at = now() where id in (5, 7)`)
  expect(await neighbours(database.db, { id: 9 })).toMatchObject({ newer: null, older: { id: 3 } })
  expect(await neighbours(database.db, { id: 3 })).toMatchObject({ newer: { id: 9 }, older: { id: 1 } })
  expect(await scroll(KINDS.synced, 2)).toEqual([9, 3, 1])
})
