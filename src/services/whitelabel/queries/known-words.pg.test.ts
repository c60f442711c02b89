import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Database } from '#src/db/index.ts'
import { openTestDatabase, run } from '#test/support/database.ts'

let database: Database

beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

beforeEach(() =>
  run(
    database.db,
    `truncate whitelabel_models, known_words restart identity cascade;
     insert into whitelabel_models (folder_name) values ('ana'), ('bia');`,
  ),
)

const write = (model: number, title: string) =>
  sql`insert into whitelabel_posts (whitelabel_model_id, folder_name, title) values (${model}, ${title}, ${title})`

const isKnown = async (word: string) =>
  (await database.db.execute(sql`select from known_words where word = ${word}`)).rows.length === 1

test.each([
  ['commits', false],
  ['gives up', true],
])('a word that two write at once is known, also when the first one %s', async (_, givesUp) => {
  let second: Promise<unknown> | undefined
  await database.db
    .transaction(async (tx) => {
      await tx.execute(write(1, 'Cachoeira'))
      second = (async () => database.db.execute(write(2, 'Cachoeira')))()
      await expect.poll(waiting, { timeout: 2_000 }).toBe(1)
      if (givesUp) tx.rollback()
    })
    .catch(() => {})
  await second

  expect(await isKnown('cachoeira')).toBe(true)
})

test('a word that is swept while somebody is about to use it is known in the end', async () => {
  await run(
    database.db,
    `insert into known_words (word, variants) values ('cachoeira', word_variants('cachoeira'))`,
  )
  let writing: Promise<unknown> | undefined
  await database.db.transaction(async (tx) => {
    await tx.execute(sql`select sweep_known_words()`)
    writing = (async () => database.db.execute(write(1, 'Cachoeira')))()
    await expect.poll(waiting, { timeout: 2_000 }).toBe(1)
  })
  await writing

  expect(await isKnown('cachoeira')).toBe(true)
})

async function waiting() {
  const { rows } = await database.db.execute(
    sql`select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
  )
  return rows.length
}
