import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readEnv } from '#src/env.ts'
import { Misconfigured, Unavailable } from '#src/errors.ts'
import { type AppStorage, openAppStorage } from '#src/storage/app-storage.ts'
import { openMediaStore } from '#src/storage/open-store.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'app-storage-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const KEYS = { S3_ACCESS_KEY_ID: 'id', S3_SECRET_ACCESS_KEY: 'secret', S3_ENDPOINT: 'https://s3.example' }
const opened = (variables: Record<string, string>) =>
  openAppStorage(readEnv({ DATA_DIR: folder, ...variables }))

describe('a folder', () => {
  let storage: AppStorage
  beforeEach(async () => {
    storage = await opened({})
  })

  test('is inside DATA_DIR unless another is named', async () => {
    expect(storage.place).toBe(`folder ${folder}/storage`)
    expect((await opened({ APP_STORAGE: '/srv/app' })).place).toBe('folder /srv/app')
  })

  test('gives back what was written, and the last of two', async () => {
    expect(await storage.read('a/b/1')).toBeNull()
    await storage.write('a/b/1', Buffer.from('first'), 'image/webp')
    await storage.write('a/b/1', Buffer.from('second'), 'image/webp')
    expect(String(await storage.read('a/b/1'))).toBe('second')
  })

  test('keeps nothing but what is whole', async () => {
    const contents = ['x'.repeat(100_000), 'y'.repeat(100_000)]
    await Promise.all(contents.map((text) => storage.write('a/1', Buffer.from(text), 'image/webp')))
    expect(contents).toContain(String(await storage.read('a/1')))
    expect(await readdir(path.join(folder, 'storage/a'))).toEqual(['1'])
  })

  test('forgets what is below a prefix, and nothing else', async () => {
    for (const key of ['a/b/1', 'a/b/2', 'a/c/1']) await storage.write(key, Buffer.from(key), 'image/webp')
    await storage.removeAll('a/b/')
    await storage.removeAll('a/nothing/')
    expect([await storage.read('a/b/1'), String(await storage.read('a/c/1'))]).toEqual([null, 'a/c/1'])
  })

  test('that cannot be written to says what to see to', async () => {
    await writeFile(path.join(folder, 'storage'), 'in the way')
    const refused = expect(storage.write('a/1', Buffer.from('x'), 'image/webp')).rejects
    await refused.toThrow(Unavailable)
  })
})

describe('a part of a bucket', () => {
  test('is named with its host', async () => {
    expect((await opened({ ...KEYS, APP_STORAGE: 's3://app/creatorflix' })).place).toBe(
      's3://app/creatorflix/ at s3.example',
    )
  })

  test.each(['s3://app', 's3://app/', 's3:///app', 'https://app/x', 'ftp://app'])(
    'is not what %s names',
    (APP_STORAGE) => {
      expect(() => readEnv({ ...KEYS, APP_STORAGE })).toThrow('APP_STORAGE must be a folder')
    },
  )

  test('needs keys', () => {
    expect(() => readEnv({ APP_STORAGE: 's3://app/x' })).toThrow(
      /S3_ACCESS_KEY_ID is needed with APP_STORAGE/,
    )
  })
})

describe('a place on top of the library is refused:', () => {
  test.each<Record<string, string>>([
    { MEDIA_DIR: '/srv/media', APP_STORAGE: '/srv/media/' },
    { ...KEYS, S3_BUCKET: 'films', S3_PREFIX: 'media', APP_STORAGE: 's3://films/media' },
    { ...KEYS, S3_BUCKET: 'films', S3_PREFIX: 'app/media', APP_STORAGE: 's3://films/app' },
  ])('%j', async (variables) => {
    const env = readEnv({ DATA_DIR: folder, ...variables })
    await expect(openAppStorage(env)).rejects.toThrow(Misconfigured)
    await expect(openMediaStore(env, { linkKey: Buffer.alloc(32) })).rejects.toThrow(
      'names the library itself',
    )
  })
})
