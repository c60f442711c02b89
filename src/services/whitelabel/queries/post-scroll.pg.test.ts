import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from '#src/db/index.ts'
import { openTestDatabase, run } from '#test/support/database.ts'
import { type PostsAfter, postsAfter } from './posts.ts'

let database: Database

beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

const POSTS = 5_000
const PIECE = 24

test('5,000 posts scrolled while others add and delete: none twice, and none of those that stayed is missing', async () => {
  await run(
    database.db,
    `insert into whitelabel_models (folder_name, status) values ('ana', 'active');
     insert into whitelabel_posts (whitelabel_model_id, folder_name, created_at)
       select 1, n, timestamptz '2024-01-01' + (n / 10) * interval '1 microsecond' from generate_series(1, ${POSTS}) as n;`,
  )
  let isScrolling = true
  const write = async (statement: ReturnType<typeof sql>) => {
    while (isScrolling) await database.db.execute(statement)
  }
  const writers = [
    write(sql`insert into whitelabel_posts (whitelabel_model_id, folder_name, created_at)
      values (1, gen_random_uuid(), timestamptz '2024-01-01' + random() * 600 * interval '1 microsecond')`),
    write(
      sql`delete from whitelabel_posts where id = (1 + floor(random() * ${POSTS / 10})) * 10 or id = ${POSTS} + floor(random() * 50)`,
    ),
  ]
  const seen: number[] = []
  let cursor: string | null = null
  do {
    const piece: PostsAfter<{ id: number }> = await postsAfter(database.db, 1, cursor, PIECE)
    seen.push(...piece.posts.map(({ id }) => id))
    cursor = piece.next
  } while (cursor)
  isScrolling = false
  await Promise.all(writers)

  const stayed = Array.from({ length: POSTS }, (_, index) => index + 1).filter((id) => id % 10 !== 0)
  const known = new Set(seen)
  expect(known.size).toBe(seen.length)
  expect(stayed.filter((id) => !known.has(id))).toEqual([])
})
