import { sql } from 'drizzle-orm'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Database } from '#src/db/index.ts'
import { whitelabelMedia, whitelabelModels } from '#src/db/schema.ts'
import { openTestDatabase, run } from '#test/support/database.ts'
import { deleteRow } from './delete-row.ts'
import { impactOf } from './impact.ts'

let database: Database

beforeEach(async () => {
  database = await openTestDatabase()
  await run(
    database.db,
    `insert into whitelabel_models (folder_name) values ('dora');
     insert into whitelabel_posts (whitelabel_model_id, folder_name) values (1, 'beach');
     insert into whitelabel_media (whitelabel_post_id, s3_key, type) values (1, '1.jpg', 'image');`,
  )
})
afterEach(() => database.close())

test('a file that comes while the delete is on its way is never taken unseen', async () => {
  const shown = await impactOf(database.db, 'whitelabel_models', 1)
  // Another writer holds the post with a new file; the delete has counted without it and waits for the post.
  const outcome = await database.db.transaction(async (tx) => {
    await tx.execute(
      sql`insert into whitelabel_media (whitelabel_post_id, s3_key, type) values (1, '2.jpg', 'image')`,
    )
    const deleting = deleteRow(database, 'whitelabel_models', 1, { expected: shown })
    deleting.catch(() => {})
    await untilSomebodyWaits()
    return { deleting }
  })

  await expect(outcome.deleting).rejects.toThrow(/1 media file came since/)
  expect(await database.db.$count(whitelabelModels)).toBe(1)
  expect(await database.db.$count(whitelabelMedia)).toBe(2)
})

const untilSomebodyWaits = () =>
  expect
    .poll(async () => {
      const { rows } = await database.db.execute(
        sql`select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      )
      return rows.length
    })
    .toBeGreaterThan(0)
