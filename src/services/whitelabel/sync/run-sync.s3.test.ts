import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from '#src/db/index.ts'
import type { MediaStore } from '#src/storage/media-store.ts'
import { openS3Store } from '#src/storage/s3-store.ts'
import { openTestDatabase } from '#test/support/database.ts'
import { HARD_KEYS } from '#test/support/hard-keys.ts'
import { emptyLibrary, halfSeen, libraryIds, libraryRows, syncFrom } from '#test/support/library.ts'
import { type S3Server, startS3Server } from '#test/support/s3-server.ts'

const BUCKET = 'library'

let database: Database
let s3: S3Server
let store: MediaStore

beforeAll(async () => {
  database = await openTestDatabase()
  s3 = await startS3Server()
  await s3.createBucket(BUCKET)
  store = await openS3Store({
    bucket: BUCKET,
    endpoint: s3.endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    accessKeyId: s3.accessKeyId,
    secretAccessKey: s3.secretAccessKey,
    prefix: 'media/',
    linkSeconds: 1_800,
  })
})
afterAll(async () => {
  await Promise.all([store?.close(), s3?.close(), database?.close()])
})

const put = async (keys: string[], body = (key: string) => key) => {
  for (const key of keys) await s3.put(BUCKET, `media/${key}`, body(key))
}

test('a bucket is synced, changed and synced again, with every id kept', async () => {
  await emptyLibrary(database.db)
  await put(['a/x/1.jpg', 'a/x/2.jpg', 'a/y/1.mp4', 'b/z/1.jpg', 'a/profile/icon.png', 'b/z/notes.txt'])
  expect(await syncFrom(database, store)).toMatchObject({
    status: 'applied',
    listed: 6,
    ignored: 1,
    added: { models: 2, posts: 3, media: 4 },
  })
  const ids = await libraryIds(database.db)
  expect(await syncFrom(database, store)).toMatchObject({ status: 'unchanged' })

  await put(['a/x/1.jpg'], () => 'another picture')
  await put(['a/x/3.jpg'])
  await s3.remove(BUCKET, 'media/b/z/1.jpg')
  expect(await syncFrom(database, store)).toMatchObject({
    status: 'applied',
    added: { media: 1 },
    changed: { media: 1 },
    removed: { models: 1, posts: 1, media: 1 },
  })
  expect(await libraryIds(database.db)).toMatchObject({
    'media a/x/1.jpg': ids['media a/x/1.jpg'],
    'post a/x': ids['post a/x'],
  })
  expect(await halfSeen(database.db)).toEqual([])
})

test('what the links of hard keys lead to is that very object', async () => {
  await emptyLibrary(database.db)
  const keys = HARD_KEYS.filter((key) => Buffer.byteLength(`media/${key}`) <= 1_024 && !key.startsWith('/'))
  const stored: string[] = []
  for (const key of keys) {
    // What the client of the test cannot put is not what is proven here.
    await put([key]).then(
      () => stored.push(key),
      () => {},
    )
  }
  expect(stored.length).toBeGreaterThan(150)
  expect((await syncFrom(database, store)).status).toBe('applied')

  const sign = store.signer(new Date())
  const { media } = await libraryRows(database.db)
  const shown = media.filter((row) => stored.includes(String(row.s3_key)))
  expect(shown.length).toBeGreaterThan(120)
  for (const { s3_key: key, url } of shown) {
    const answer = await fetch(sign(String(url)))
    // Not by `text()`, which swallows a byte order mark.
    const bytes = Buffer.from(await answer.arrayBuffer())
    expect([key, answer.status, bytes.toString()]).toEqual([key, 200, key])
  }
})
