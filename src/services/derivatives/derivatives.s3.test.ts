import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { Database } from '#src/db/index.ts'
import { mediaDetails } from '#src/db/media-tables.ts'
import { whitelabelModels } from '#src/db/schema.ts'
import { programFolders, readEnv } from '#src/env.ts'
import { type Imaging, openImaging } from '#src/imaging/imaging.ts'
import { type AppStorage, openAppStorage } from '#src/storage/app-storage.ts'
import type { MediaStore } from '#src/storage/media-store.ts'
import { encodeKey } from '#src/storage/object-key.ts'
import { openMediaStore } from '#src/storage/open-store.ts'
import { openTestDatabase } from '#test/support/database.ts'
import { syncFrom } from '#test/support/library.ts'
import { photo, video } from '#test/support/pictures.ts'
import { type S3Server, startS3Server } from '#test/support/s3-server.ts'
import { openDerivatives } from './derivatives.ts'
import type { Variant } from './picture-links.ts'
import { shownObject } from './queries/shown-object.ts'
import { listUnreadable } from './queries/unreadable-objects.ts'

const BUCKET = 'films'
const FILM = 'ana são/post #1/film.mp4'

let s3: S3Server
let database: Database
let media: MediaStore
let appStorage: AppStorage
let imaging: Imaging

beforeAll(async () => {
  s3 = await startS3Server()
  await s3.createBucket(BUCKET)
  await s3.put(BUCKET, 'library/ana são/post #1/1.jpg', await photo({ width: 1_200, height: 800 }))
  await s3.put(BUCKET, `library/${FILM}`, await video({ width: 320, height: 180 }, 2))
  database = await openTestDatabase()
  const env = readEnv({
    S3_BUCKET: BUCKET,
    S3_ENDPOINT: s3.endpoint,
    S3_ACCESS_KEY_ID: s3.accessKeyId,
    S3_SECRET_ACCESS_KEY: s3.secretAccessKey,
    S3_PREFIX: 'library',
    APP_STORAGE: `s3://${BUCKET}/library/own/app`,
  })
  media = await openMediaStore(env, { linkKey: Buffer.alloc(32) })
  appStorage = await openAppStorage(env)
  imaging = openImaging({ programFolders: programFolders() })
  await syncFrom(database, media)
  await database.db.update(whitelabelModels).set({ status: 'active' })
}, 120_000)
afterAll(async () => {
  await Promise.all([imaging?.close(), appStorage?.close(), media?.close(), database?.close(), s3?.close()])
})

async function derivativeOf(key: string, variant: Variant) {
  const object = await shownObject(database.db, key, encodeKey(key))
  if (object === null) throw new Error(`${key} is not shown`)
  return openDerivatives({ database, media, appStorage, imaging }).of(object, variant, 'somebody')
}

test('pictures of a bucket are kept in a part of it, which a sync leaves out', async () => {
  const made = await derivativeOf('ana são/post #1/1.jpg', 'card')
  expect(made).toMatchObject({ contentType: 'image/webp' })
  const making = vi.spyOn(imaging, 'ofPicture')
  expect(await derivativeOf('ana são/post #1/1.jpg', 'card')).toMatchObject({
    etag: (made as { etag: string }).etag,
  })
  expect(making).not.toHaveBeenCalled()
  expect(await syncFrom(database, media)).toMatchObject({ status: 'unchanged', listed: 2 })
})

test('ffmpeg reads a video from the bucket by itself', async () => {
  expect(await derivativeOf(FILM, 'page')).toMatchObject({ contentType: 'image/webp' })
  const details = await database.db.select().from(mediaDetails)
  expect(details.find(({ objectKey }) => objectKey === FILM)).toMatchObject({ durationMs: 2_000, width: 320 })
})

test('what is gone from the bucket is missing, not damaged', async () => {
  await s3.put(BUCKET, 'library/ana são/post #1/2.mp4', 'soon gone')
  await s3.put(BUCKET, 'library/ana são/post #1/2.jpg', 'soon gone')
  await syncFrom(database, media)
  for (const key of ['ana são/post #1/2.mp4', 'ana são/post #1/2.jpg']) {
    await s3.remove(BUCKET, `library/${key}`)
    expect(await derivativeOf(key, 'card')).toBe('missing')
  }
  expect((await listUnreadable(database.db)).map(({ reason }) => reason)).toEqual(['missing', 'missing'])
})

test('what is kept can be removed', async () => {
  await appStorage.write('a/b/1', Buffer.from('1'), 'image/webp')
  await appStorage.write('a/c/1', Buffer.from('2'), 'image/webp')
  await appStorage.removeAll('a/b/')
  expect([await appStorage.read('a/b/1'), String(await appStorage.read('a/c/1'))]).toEqual([null, '2'])
})

test('keys that may not write are told what they need', async () => {
  const env = readEnv({
    S3_ENDPOINT: s3.endpoint,
    S3_ACCESS_KEY_ID: s3.accessKeyId,
    S3_SECRET_ACCESS_KEY: s3.secretAccessKey,
    APP_STORAGE: 's3://no-such-bucket/app',
  })
  const nowhere = await openAppStorage(env)
  const written = nowhere.write('a', Buffer.from('1'), 'image/webp')
  await expect(written).rejects.toThrow('There is no bucket "no-such-bucket"')
  await expect(written).rejects.toThrow('Check APP_STORAGE')
  await nowhere.close()
})
