import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Misconfigured } from '#src/errors.ts'
import { openTestDatabase } from '#test/support/database.ts'
import { adoptSecret, appSecret, insistOnSameSecret } from './app-secret.ts'
import { allSettings } from './settings.ts'

const GIVEN = 'an-obvious-test-secret-of-32-characters'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'app-secret-'))
})
afterEach(() => rm(folder, { recursive: true }))

const keptIn = (DATA_DIR: string) => appSecret({ APP_SECRET: undefined, DATA_DIR })

test('a secret is made once and kept for its owner only, also in a folder that is not there yet', async () => {
  const data = path.join(folder, 'data')
  const secret = await keptIn(data)
  expect(secret).toMatch(/^[0-9a-f]{64}$/)
  expect(await keptIn(data)).toBe(secret)
  expect((await stat(path.join(data, 'app-secret'))).mode & 0o777).toBe(0o600)
})

test('starters that come together all get the same secret', async () => {
  const secrets = await Promise.all(Array.from({ length: 20 }, () => keptIn(folder)))
  expect(new Set(secrets).size).toBe(1)
  expect(await readFile(path.join(folder, 'app-secret'), 'utf8')).toBe(secrets[0])
})

test('a secret in the environment wins, and none is written', async () => {
  expect(await appSecret({ APP_SECRET: GIVEN, DATA_DIR: folder })).toBe(GIVEN)
  await expect(stat(path.join(folder, 'app-secret'))).rejects.toThrow('ENOENT')
})

test('an emptied secret file is said and not replaced', async () => {
  await writeFile(path.join(folder, 'app-secret'), '')
  await expect(keptIn(folder)).rejects.toThrow(/holds no secret.*backup/)
})

test('a database keeps to the secret it was set up with, until another is adopted', async () => {
  const database = await openTestDatabase()
  await insistOnSameSecret(database.db, GIVEN)
  await insistOnSameSecret(database.db, GIVEN)

  const other = GIVEN.toUpperCase()
  const refusal = await insistOnSameSecret(database.db, other).catch((error) => error)
  expect(refusal).toBeInstanceOf(Misconfigured)
  expect(refusal.message).toContain('APP_SECRET')

  await adoptSecret(database.db, other)
  await insistOnSameSecret(database.db, other)
  await expect(insistOnSameSecret(database.db, GIVEN)).rejects.toThrow(Misconfigured)
  await database.close()
})

test('the fingerprint is no setting and does not tell the secret', async () => {
  const database = await openTestDatabase()
  await insistOnSameSecret(database.db, GIVEN)
  const { rows } = await database.db.execute<{ value: string }>('select value from admin_settings')
  expect(rows).toHaveLength(1)
  expect(rows[0]?.value).not.toContain(GIVEN)
  expect((await allSettings(database.db)).filter(({ chosen }) => chosen)).toEqual([])
  await database.close()
})
