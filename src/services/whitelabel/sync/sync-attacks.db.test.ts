import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Database } from '#src/db/index.ts'
import { deleteRow } from '#src/services/integrity/delete-row.ts'
import { publishCreators, showMedia } from '#src/services/whitelabel/publishing.ts'
import type { ListedObject, MediaStore } from '#src/storage/media-store.ts'
import { decodeKey } from '#src/storage/object-key.ts'
import { openTestDatabase } from '#test/support/database.ts'
import { HARD_KEYS } from '#test/support/hard-keys.ts'
import {
  emptyLibrary,
  halfSeen,
  libraryIds,
  libraryRows,
  openLyingStore,
  openTestLibrary,
  storeWith,
  syncFrom,
  type TestLibrary,
} from '#test/support/library.ts'
import { startLyingS3 } from '#test/support/lying-s3/start.ts'
import { recentRuns } from './sync-runs.ts'

let database: Database
let library: TestLibrary

beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())
beforeEach(async () => {
  await emptyLibrary(database.db)
  library = await openTestLibrary(database)
})
afterEach(async () => {
  const half = await halfSeen(database.db)
  await library.close()
  expect(half).toEqual([])
})

const DAY = new Date('2024-01-02T03:04:05Z')
const object = (key: string): ListedObject => ({ key, isUtf8: true, size: 1, etag: 'e', lastModified: DAY })

/** A bucket of these keys, in memory. */
const storeOf = (keys: Iterable<string>): MediaStore =>
  storeWith(library.media, {
    async *list() {
      let batch: ListedObject[] = []
      for (const key of keys) {
        batch.push(object(key))
        if (batch.length === 1_000) {
          yield batch
          batch = []
        }
      }
      yield batch
    },
    head: async () => null,
  })

function* numbered(folder: string, count: number) {
  for (let number = 1; number <= count; number++) yield `${folder}/${number}.jpg`
}

describe('while somebody else changes the library', () => {
  test('a creator deleted during the run does not come back without posts', async () => {
    await library.put([...numbered('kept/x', 2), ...numbered('deleted/x', 2), 'gone/x/1.jpg'])
    await library.sync()
    await library.remove('gone')
    const { 'model deleted': id = 0 } = await libraryIds(database.db)
    const deleting = storeWith(library.media, {
      async head(key) {
        await deleteRow(database, 'whitelabel_models', id ?? 0)
        return library.media.head(key)
      },
    })
    expect(await syncFrom(database, deleting)).toMatchObject({ status: 'applied' })
    expect(await halfSeen(database.db)).toEqual([])
    expect((await libraryRows(database.db)).models.map((row) => row.folder_name)).toEqual(['kept'])

    expect(await library.sync()).toMatchObject({
      status: 'applied',
      added: { models: 1, posts: 1, media: 2 },
    })
  })

  test('deletes and takedowns at the same moment end in a library that the next sync makes whole', async () => {
    const folders = Array.from({ length: 8 }, (_, index) => `c${index}`)
    await library.put(
      folders.flatMap((folder) => [...numbered(`${folder}/x`, 5), ...numbered(`${folder}/y`, 5)]),
    )
    await library.sync()
    const ids = await libraryIds(database.db)
    await library.put(folders.flatMap((folder) => [`${folder}/x/6.jpg`, `${folder}/z/1.jpg`]))

    const syncing = library.sync()
    const others = await Promise.allSettled([
      deleteRow(database, 'whitelabel_models', ids['model c1'] ?? 0),
      deleteRow(database, 'whitelabel_posts', ids['post c2/x'] ?? 0),
      deleteRow(database, 'whitelabel_media', ids['media c3/y/1.jpg'] ?? 0),
      showMedia(database.db, 'c4/x/1.jpg', false),
      publishCreators(database.db, ['c5']),
    ])
    expect(others.map(({ status }) => status)).toEqual(others.map(() => 'fulfilled'))
    expect(await syncing).toMatchObject({ status: 'applied', reason: null })
    expect(await halfSeen(database.db)).toEqual([])

    await library.sync()
    const { models, posts, media } = await libraryRows(database.db)
    expect([models.length, posts.length, media.length]).toEqual([8, 24, 96])
    expect(media.filter((row) => row.hidden).map((row) => row.s3_key)).toEqual(['c4/x/1.jpg'])
  })
})

test('a listing that breaks off leaves nothing behind for the next one, however soon it comes', async () => {
  await library.put([...numbered('a/x', 3)])
  await library.sync()
  const before = await libraryRows(database.db)
  const breaking = storeWith(library.media, {
    async *list() {
      const art = Array.from({ length: 30_000 }, (_, index) => object(`other-${index}/profile/icon.png`))
      const media = Array.from({ length: 30_000 }, (_, index) => object(`other-${index}/x/1.jpg`))
      yield [...media, ...art]
      throw new Error('cut off')
    },
  })
  const [broken, next] = [await syncFrom(database, breaking), await library.sync()]
  expect([broken.status, broken.reason]).toEqual(['failed', 'Something unexpected happened: cut off'])
  expect(next.status).toBe('unchanged')
  expect(await libraryRows(database.db)).toEqual(before)
})

describe('a bucket of', () => {
  test('a hundred thousand files in one post is synced, and is unchanged after that', async () => {
    const store = storeOf([...numbered('a/x', 100_000)])
    expect(await syncFrom(database, store)).toMatchObject({ status: 'applied', added: { media: 100_000 } })
    expect(await syncFrom(database, store)).toMatchObject({ status: 'unchanged', listed: 100_000 })
  }, 120_000)

  test('extensions without end is summed up', async () => {
    const keys = Array.from({ length: 5_000 }, (_, index) => `a/x/backup.${index}`)
    const report = await syncFrom(database, storeOf(['a/x/1.jpg', ...keys]))
    expect(report.ignored).toBe(5_000)
    expect(Object.keys(report.ignoredBy)).toHaveLength(101)
    expect(Object.values(report.ignoredBy).reduce((sum, count) => sum + count, 0)).toBe(5_000)
    expect(report.ignoredBy.other).toBe(4_900)
  })

  test('pictures of creators without media makes no creators', async () => {
    const art = Array.from({ length: 50_000 }, (_, index) => `${'c'.repeat(50)}-${index}/profile/icon.png`)
    expect(await syncFrom(database, storeOf(art))).toMatchObject({ status: 'unchanged', listed: 50_000 })
  })

  test('names as long as they can be is synced whole', async () => {
    const keys = [
      `${'m'.repeat(1_000)}/x/1.jpg`,
      `a/${'p'.repeat(1_000)}/1.jpg`,
      `${'é'.repeat(500)}/ü/1.jpg`,
      `a/x/${'f'.repeat(1_000)}.jpg`,
    ]
    expect(await syncFrom(database, storeOf(keys))).toMatchObject({ status: 'applied', added: { media: 4 } })
    const { models } = await libraryRows(database.db)
    expect(models.map((row) => String(row.folder_name).length)).toEqual([1, 1_000, 500])
  })

  test('the same post folder under two creators keeps them apart', async () => {
    await syncFrom(database, storeOf(['a/x/1.jpg', 'b/x/1.jpg', 'b/x/2.jpg', 'a/x/3.mp4']))
    const { posts } = await libraryRows(database.db)
    expect(posts.map((row) => [row.model, row.folder_name, row.image_count, row.video_count])).toEqual([
      ['a', 'x', 1, 1],
      ['b', 'x', 2, 0],
    ])
  })

  test('a post that is seen in two thousand places of the listing is one post', async () => {
    const keys = Array.from({ length: 2_000 }, (_, index) => [
      `a/p${index}/1.jpg`,
      `a/all/${index}.jpg`,
    ]).flat()
    expect(
      await syncFrom(database, storeOf([...keys, ...keys.map((key) => key.replace('.jpg', '-b.jpg'))])),
    ).toMatchObject({
      status: 'applied',
      added: { models: 1, posts: 2_001, media: 8_000 },
    })
  })
})

test('hard keys come out of the database as they lie in the bucket, or are listed with the reason', async () => {
  const s3 = await startLyingS3()
  const store = await openLyingStore(s3.endpoint)
  const strange = [
    'a/x/%00.jpg',
    'a/x/%FF.jpg',
    '%ED%A0%80/x/1.jpg',
    'a/x/%C2%85.jpg',
    'a/x/ok.jpg',
    `${'k'.repeat(1_025)}/x/1.jpg`,
  ]
  await s3.hold({ encodedKeys: [...HARD_KEYS.map(encodeURIComponent), ...strange], pageSizes: [17] })
  const report = await syncFrom(database, store)
  expect(report.status).toBe('applied')

  const { media } = await libraryRows(database.db)
  // PGlite takes the byte order mark from the beginning of every text that it reads.
  const there = media.filter((row) => !String(row.s3_key).startsWith('byte order mark'))
  expect(there.length).toBeGreaterThan(150)
  const keys = new Set([...HARD_KEYS, 'a/x/ok.jpg'])
  for (const { s3_key: key, url } of there) {
    expect(keys.has(String(key))).toBe(true)
    expect(decodeKey(String(url))).toBe(key)
  }
  const quarantined = report.quarantined.map(({ key }) => key)
  expect(quarantined).toContain('a/x/%00.jpg')
  expect(quarantined).toContain('a/x/%FF.jpg')
  expect(quarantined).toContain('%ED%A0%80/x/1.jpg')
  expect(media.length + report.ignored + quarantined.length).toBe(report.listed)
  const [run] = await recentRuns(database.db)
  expect(run?.quarantined).toEqual(report.quarantined)
  expect(await syncFrom(database, store)).toMatchObject({ status: 'unchanged' })
  await Promise.all([store.close(), s3.close()])
})
