import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Database } from '#src/db/index.ts'
import { adminSettings } from '#src/db/schema.ts'
import { InvalidInput, Misconfigured } from '#src/errors.ts'
import { openTestDatabase } from '#test/support/database.ts'
import {
  allSettings,
  clearSetting,
  libraryOf,
  readSetting,
  type SettingKey,
  settingKey,
  settingKeys,
  writeSetting,
} from './settings.ts'

let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
})
beforeEach(() => database.db.delete(adminSettings))
afterAll(() => database.close())

test('every library is for members until its owner opens it; the sample is public at once, an owner’s waits', async () => {
  const sample = libraryOf({ MEDIA_DIR: undefined, S3_BUCKET: undefined })
  expect(await readSetting(database.db, 'access', sample)).toBe('members')
  expect(await readSetting(database.db, 'auto_publish', sample)).toBe(true)

  for (const own of [
    libraryOf({ MEDIA_DIR: '/srv/media', S3_BUCKET: undefined }),
    libraryOf({ MEDIA_DIR: undefined, S3_BUCKET: 'films' }),
    undefined,
  ]) {
    expect(await readSetting(database.db, 'access', own)).toBe('members')
    expect(await readSetting(database.db, 'auto_publish', own)).toBe(false)
  }
})

test('what the owner chose counts, whatever the library', async () => {
  await writeSetting(database.db, 'access', 'open')
  expect(await readSetting(database.db, 'access')).toBe('open')
  expect(await readSetting(database.db, 'access', { isSample: true })).toBe('open')
  await writeSetting(database.db, 'auto_publish', 'false')
  expect(await readSetting(database.db, 'auto_publish', { isSample: true })).toBe(false)
})

test('a value comes back as it was written, also to who reads it as a number or a switch', async () => {
  expect(await writeSetting(database.db, 'sync_interval_minutes', '0')).toBe(0)
  expect(await readSetting(database.db, 'sync_interval_minutes')).toBe(0)
  await writeSetting(database.db, 'auto_publish', 'true')
  expect(await readSetting(database.db, 'auto_publish')).toBe(true)
  await writeSetting(database.db, 'site_name', '  Estúdio <b>& filhos</b> ')
  expect(await readSetting(database.db, 'site_name')).toBe('Estúdio <b>& filhos</b>')
})

test('a price is kept with a point, however it was typed', async () => {
  for (const typed of ['9,90', '9.90', '9.9', ' 9,9 ']) {
    expect(await writeSetting(database.db, 'bump_price', typed)).toBe('9.90')
  }
  expect(await writeSetting(database.db, 'bump_price', '1.234,5')).toBe('1234.50')
  expect(await writeSetting(database.db, 'bump_price', '')).toBe('')
})

test('nothing is offered beside a plan until the owner says so', async () => {
  expect(await readSetting(database.db, 'bump')).toBe(false)
  expect(await readSetting(database.db, 'bump_name')).toBe('')
  expect(await readSetting(database.db, 'bump_price')).toBe('')
})

test('a setting that is cleared has its default again', async () => {
  await writeSetting(database.db, 'sync_guard_percent', '50')
  await clearSetting(database.db, 'sync_guard_percent')
  expect(await readSetting(database.db, 'sync_guard_percent')).toBe(10)
})

describe('a value that does not fit is refused by the name of the setting, and nothing is stored', () => {
  const refused: Array<[SettingKey, string, RegExp]> = [
    ['access', 'opened', /^access must be open or members; "opened" is not/],
    ['auto_publish', 'yes', /true or false/],
    ['sync_interval_minutes', '-1', /whole number/],
    ['sync_interval_minutes', '99999', /between 0 and 10080/],
    ['sync_guard_percent', '101', /between 0 and 100/],
    ['sync_guard_media_min', '1.5', /whole number/],
    ['site_name', '   ', /empty/],
    ['site_name', 'two\nlines', /one line/],
    ['language', 'pt', /pt-BR or en/],
    ['currency', 'brl', /such as BRL/],
    ['bump', 'on', /true or false/],
    ['bump_name', 'x'.repeat(61), /60/],
    ['bump_price', 'free', /^bump_price must be a price such as 9\.90; "free" is not/],
    ['bump_price', '-1', /such as 9\.90/],
    ['bump_price', '1.234', /such as 9\.90/],
  ]
  test.each(refused)('%s = %j', async (key, text, message) => {
    const refusal = await writeSetting(database.db, key, text).catch((error) => error)
    expect(refusal).toBeInstanceOf(InvalidInput)
    expect(refusal.message).toMatch(message)
    expect(await database.db.$count(adminSettings)).toBe(0)
  })
})

test('a value broken by hand is named with the way to mend it', async () => {
  await database.db.insert(adminSettings).values({ key: 'access', value: 'everyone' })
  const refusal = await readSetting(database.db, 'access').catch((error) => error)
  expect(refusal).toBeInstanceOf(Misconfigured)
  expect(refusal.message).toContain('creatorflix settings set access')
})

test('the list has every setting with its value, its default and a sentence of help', async () => {
  await database.db.insert(adminSettings).values({ key: 'of_another_part', value: 'x' })
  await writeSetting(database.db, 'language', 'en')
  const settings = await allSettings(database.db, { isSample: true })

  expect(settings.map(({ key }) => key)).toEqual(settingKeys())
  expect(settings.find(({ key }) => key === 'language')).toMatchObject({
    value: 'en',
    chosen: true,
    default: 'pt-BR',
  })
  expect(settings.find(({ key }) => key === 'access')).toMatchObject({ value: 'members', chosen: false })
  for (const { help } of settings) expect(help).toMatch(/^[A-Z].*\.$/)
})

test('an unknown name is answered with those there are', () => {
  expect(() => settingKey('acess')).toThrow(/There is no setting "acess".*access, .*auto_publish/)
})
