import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Misconfigured } from '#src/errors.ts'
import { sealKeyOf } from './seal-key.ts'

const SECRET = 'an-obvious-test-secret-of-32-characters'
const KEY = randomBytes(32)

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'seal-key-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function keyOf(content: string) {
  const file = path.join(folder, 'key')
  await writeFile(file, content)
  return sealKeyOf({ ENCRYPTION_KEY_FILE: file }, SECRET)
}

test('without a file the key follows from the secret of the site, and does not tell it', async () => {
  const key = await sealKeyOf({ ENCRYPTION_KEY_FILE: undefined }, SECRET)
  expect(key).toHaveLength(32)
  expect(await sealKeyOf({ ENCRYPTION_KEY_FILE: undefined }, SECRET)).toEqual(key)
  expect(await sealKeyOf({ ENCRYPTION_KEY_FILE: undefined }, `${SECRET}!`)).not.toEqual(key)
})

test('the key of a file counts, in hexadecimal or base64, with or without a line end', async () => {
  for (const written of [KEY.toString('hex'), KEY.toString('hex').toUpperCase(), KEY.toString('base64')]) {
    expect(await keyOf(written)).toEqual(KEY)
    expect(await keyOf(`${written}\n`)).toEqual(KEY)
  }
})

describe('a file that holds no key stops the start', () => {
  test.each([
    ['nothing', ''],
    ['words', 'correct horse battery staple correct horse battery staple'],
    ['31 bytes', KEY.subarray(1).toString('hex')],
    ['33 bytes', `${KEY.toString('hex')}00`],
    ['31 bytes in base64', KEY.subarray(1).toString('base64')],
    ['zeros', '0'.repeat(64)],
    ['a repetition', 'deadbeef'.repeat(8)],
    ['two keys', `${KEY.toString('hex')}\n${KEY.toString('hex')}`],
  ])('%s', async (_, content) => {
    const refusal = await keyOf(content).catch((error) => error)
    expect(refusal).toBeInstanceOf(Misconfigured)
    expect(refusal.message).toContain('openssl rand -hex 32')
    if (content !== '') expect(refusal.message).not.toContain(content)
  })
  test('no file at all', async () => {
    const missing = path.join(folder, 'gone')
    await expect(sealKeyOf({ ENCRYPTION_KEY_FILE: missing }, SECRET)).rejects.toThrow(/cannot be read/)
  })
})
