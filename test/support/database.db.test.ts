import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { readMigrations } from '#src/db/migrations.ts'
import { users } from '#src/db/schema.ts'
import { onServer, openTestDatabase } from './database.ts'

test('each test gets a migrated, empty database of its own', async () => {
  const [one, other] = await Promise.all([openTestDatabase(), openTestDatabase()])
  await one.db.insert(users).values({ email: 'ana@example.com', password: 'hash' })

  expect(one.kind).toBe(onServer() ? 'server' : 'embedded')
  expect(await one.db.$count(users)).toBe(1)
  expect(await other.db.$count(users)).toBe(0)
  const { rows } = await other.db.execute(
    sql`select count(*)::int as applied from drizzle.__drizzle_migrations`,
  )
  expect(rows[0]).toEqual({ applied: (await readMigrations()).length })

  await Promise.all([one.close(), other.close()])
})
