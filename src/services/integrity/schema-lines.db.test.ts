import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from '#src/db/index.ts'
import { openTestDatabase } from '#test/support/database.ts'
import { MANIFEST } from './drift.ts'
import { parseSchemaText, readSchemaLines, schemaText } from './schema-lines.ts'

let database: Database

beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

test('the committed manifest is what the migrations give, on both engines', async () => {
  const lines = await readSchemaLines(database.db)

  await expect(schemaText(lines)).toMatchFileSnapshot(fileURLToPath(MANIFEST))
  expect(parseSchemaText(schemaText(lines))).toEqual(lines)
})
