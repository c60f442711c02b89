import { sql } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Database } from '#src/db/index.ts'
import { showMedia } from '#src/services/whitelabel/publishing.ts'
import { openTestDatabase } from '#test/support/database.ts'
import {
  emptyLibrary,
  halfSeen,
  libraryIds,
  libraryRows,
  openTestLibrary,
  sequenceValues,
  storeWith,
  syncFrom,
  type TestLibrary,
} from '#test/support/library.ts'

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

const mediaKeys = async () => (await libraryRows(database.db)).media.map((row) => row.s3_key)

/** Captions as `file of video in language`. */
const captions = async () =>
  (await libraryRows(database.db)).captions.map(
    ({ s3_key, media, language }) => `${s3_key} of ${media} in ${language}`,
  )

const revision = async () => {
  const { rows } = await database.db.execute<{ revision: number }>(
    sql`select revision::float8 from whitelabel_models where folder_name = 'a'`,
  )
  return rows[0]?.revision ?? 0
}

const STREAM = [
  'a/x/film/master.m3u8',
  'a/x/film/720p/index.m3u8',
  'a/x/film/720p/0.ts',
  'a/x/film/720p/1.ts',
]

describe('a folder with a playlist', () => {
  test('is one video, and every other file in it and below is a part of it', async () => {
    await library.put([
      ...STREAM,
      ...['a/x/film/init.mp4', 'a/x/film/poster.jpg', 'a/x/film/notes.txt', 'a/x/film/segment.en.vtt'],
      ...['a/x/1.jpg', 'a/x/film 2/1.mp4', 'a/x/0.ts'],
    ])
    const report = await library.sync()
    expect(report).toMatchObject({ status: 'applied', listed: 11, added: { models: 1, posts: 1, media: 3 } })
    expect([report.ignored, report.ignoredBy]).toEqual([8, { 'part of a stream': 7, '.ts': 1 }])
    const { posts, media } = await libraryRows(database.db)
    expect(media.map(({ s3_key, type }) => [s3_key, type])).toEqual([
      ['a/x/1.jpg', 'image'],
      ['a/x/film 2/1.mp4', 'video'],
      ['a/x/film/master.m3u8', 'video'],
    ])
    expect(posts[0]).toMatchObject({
      image_count: 1,
      video_count: 2,
      media_cdns: { images: ['a/x/1.jpg'], videos: ['a/x/film%202/1.mp4', 'a/x/film/master.m3u8'] },
    })
  })

  test.each([
    [['z.m3u8', 'playlist.m3u8', 'index.m3u8', 'Master.m3u8'], 'Master.m3u8'],
    [['z.m3u8', 'playlist.m3u8', 'index.m3u8'], 'index.m3u8'],
    [['z.m3u8', 'playlist.m3u8', 'a.m3u8'], 'playlist.m3u8'],
    [['é.m3u8', 'z.m3u8', 'Z.m3u8'], 'Z.m3u8'],
    [['b/master.m3u8', 'z.m3u8'], 'z.m3u8'],
  ])('of %j the playlist is %s', async (files, chosen) => {
    await library.put(files.map((file) => `a/x/film/${file}`))
    await library.sync()
    expect(await mediaKeys()).toEqual([`a/x/film/${chosen}`])
  })

  test('may be the folder of the post, in which pictures stay pictures', async () => {
    await library.put([
      ...['a/x/index.m3u8', 'a/x/0.ts', 'a/x/init.mp4', 'a/x/poster.jpg', 'a/x/2.gif', 'a/x/thumbs/1.jpg'],
    ])
    const report = await library.sync()
    expect(await mediaKeys()).toEqual(['a/x/2.gif', 'a/x/index.m3u8', 'a/x/poster.jpg'])
    expect(report.ignoredBy).toEqual({ 'part of a stream': 3 })
  })

  test('is never the one of the creator, nor the one of the profile', async () => {
    await library.put([
      'a/index.m3u8',
      'a/film.mp4',
      'a/x/1.jpg',
      'a/profile/index.m3u8',
      'a/profile/icon.png',
    ])
    const report = await library.sync()
    expect(await mediaKeys()).toEqual(['a/film.mp4', 'a/x/1.jpg'])
    expect(report.ignoredBy).toEqual({ '.m3u8': 1, 'in a profile folder': 1 })
  })

  test('several of them in one post are several videos, those within another are parts', async () => {
    const folders = ['one', 'two', 'deep/er/three', 'one/inner', 'one/inner/most', 'on']
    await library.put(folders.map((folder) => `a/x/${folder}/index.m3u8`))
    await library.sync()
    expect(await mediaKeys()).toEqual(
      ['deep/er/three', 'on', 'one', 'two'].map((folder) => `a/x/${folder}/index.m3u8`),
    )
  })

  test('makes a post whose media all are its parts, and a sync after that changes nothing', async () => {
    await library.put([...STREAM, 'a/x/film/film.en.mp4', 'a/x/film/master.pt-BR.vtt'])
    await library.sync()
    const [ids, sequences] = [await libraryIds(database.db), await sequenceValues(database.db)]
    expect(await library.sync()).toMatchObject({ status: 'unchanged', ignored: 4 })
    expect(await libraryIds(database.db)).toEqual(ids)
    expect(await sequenceValues(database.db)).toEqual(sequences)
  })
})

test('a thousand streams are judged in seconds, for each file is taken apart once', async () => {
  const files = ['index.m3u8', 'captions.en.vtt', ...Array.from({ length: 20 }, (_, index) => `${index}.mp4`)]
  const many = storeWith(library.media, {
    async *list() {
      for (let stream = 0; stream < 1_000; stream++) {
        yield files.map((file) => listed(`a/post ${stream % 50}/film ${stream}/${file}`))
      }
    },
  })
  const started = performance.now()
  expect(await syncFrom(database, many)).toMatchObject({
    added: { models: 1, posts: 50, media: 1_000 },
    ignoredBy: { 'part of a stream': 20_000 },
  })
  expect(performance.now() - started).toBeLessThan(15_000)
  expect(await syncFrom(database, many)).toMatchObject({ status: 'unchanged' })
})

const listed = (key: string) => ({ key, isUtf8: true, size: 1, etag: 'one', lastModified: new Date(0) })

describe('a playlist that comes later', () => {
  test('turns media into parts and back, although their files never left', async () => {
    await library.put(['a/x/film/0.mp4', 'a/x/film/1.mp4', 'a/x/1.jpg', 'a/y/1.jpg'])
    await library.sync()
    const before = await libraryIds(database.db)

    await library.put(['a/x/film/index.m3u8'])
    expect(await library.sync()).toMatchObject({
      status: 'applied',
      added: { posts: 0, media: 1 },
      changed: { posts: 1, media: 0 },
      removed: { posts: 0, media: 2 },
      ignoredBy: { 'part of a stream': 2 },
    })
    expect(await mediaKeys()).toEqual(['a/x/1.jpg', 'a/x/film/index.m3u8', 'a/y/1.jpg'])

    await library.remove('a/x/film/index.m3u8')
    expect(await library.sync()).toMatchObject({
      status: 'applied',
      added: { media: 2 },
      removed: { media: 1 },
      ignored: 0,
    })
    const after = await libraryIds(database.db)
    for (const place of ['media a/x/1.jpg', 'media a/y/1.jpg', 'post a/x', 'post a/y', 'model a']) {
      expect([place, after[place]]).toEqual([place, before[place]])
    }
  })

  test('waits for a person when so much would go that it may be a mistake', async () => {
    const segments = Array.from({ length: 40 }, (_, index) => `a/x/film/${index}.mp4`)
    await library.put(segments)
    await library.sync()
    await library.put(['a/x/film/index.m3u8'])
    const held = await library.sync()
    expect(held).toMatchObject({ status: 'held', added: { media: 1 }, held: { media: 40 } })
    expect(await mediaKeys()).toHaveLength(41)
    expect(await library.sync({ approve: held.run ?? '' })).toMatchObject({
      status: 'applied',
      removed: { media: 40 },
    })
    expect(await mediaKeys()).toEqual(['a/x/film/index.m3u8'])
  })

  test('above or better named takes the place of the one before', async () => {
    await library.put(['a/x/film/index.m3u8', 'a/x/1.jpg'])
    await library.sync()
    await library.put(['a/x/film/master.m3u8'])
    await library.sync()
    expect(await mediaKeys()).toEqual(['a/x/1.jpg', 'a/x/film/master.m3u8'])
    await library.put(['a/x/all.m3u8'])
    await library.sync()
    expect(await mediaKeys()).toEqual(['a/x/1.jpg', 'a/x/all.m3u8'])
  })

  test('is believed to be gone only when the store says so too', async () => {
    await library.put([...STREAM, 'a/y/1.jpg'])
    await library.sync()
    const forgetful = storeWith(library.media, {
      async *list(options) {
        for await (const batch of library.media.list(options)) {
          yield batch.filter(({ key }) => !key.endsWith('master.m3u8'))
        }
      },
    })
    // Without it the variant would be a video of its own.
    expect(await syncFrom(database, forgetful)).toMatchObject({
      status: 'failed',
      reason: expect.stringContaining('"a/x/film/master.m3u8"'),
    })
    expect(await mediaKeys()).toEqual(['a/x/film/master.m3u8', 'a/y/1.jpg'])
  })

  test('and was taken down stays so through removal and return', async () => {
    await library.put([...STREAM, 'a/x/1.jpg'])
    await library.sync()
    await showMedia(database.db, 'a/x/film/master.m3u8', false)
    await library.remove('a/x/film')
    await library.sync()
    await library.put(STREAM)
    await library.sync()
    expect((await libraryRows(database.db)).media.find(({ type }) => type === 'video')?.hidden).toBe(true)
  })
})

describe('captions', () => {
  test('are the files beside a video that bear its name, with or without a language', async () => {
    await library.put([
      ...['a/x/film.mp4', 'a/x/film.vtt', 'a/x/film.en.vtt', 'a/x/film.pt-BR.VTT', 'a/x/film.zh-Hans-CN.vtt'],
      ...['a/loose.mov', 'a/loose.vtt', 'a/x/deep/film.en.vtt', 'a/x/film.director-comment.vtt'],
      ...['a/x/film.1080.vtt', 'a/x/other.vtt', 'a/x/Film.en.vtt', 'a/y/film.en.vtt'],
    ])
    const report = await library.sync()
    expect(await captions()).toEqual([
      'a/loose.vtt of a/loose.mov in ',
      'a/x/film.en.vtt of a/x/film.mp4 in en',
      'a/x/film.pt-BR.VTT of a/x/film.mp4 in pt-BR',
      'a/x/film.vtt of a/x/film.mp4 in ',
      'a/x/film.zh-Hans-CN.vtt of a/x/film.mp4 in zh-Hans-CN',
    ])
    expect(report).toMatchObject({ added: { models: 1, posts: 2, media: 2 }, ignoredBy: { '.vtt': 6 } })
  })

  test('of one language in two ways of writing are one, the first by name', async () => {
    await library.put(['a/x/film.mp4', 'a/x/film.pt-BR.vtt', 'a/x/film.pt-br.vtt'])
    const report = await library.sync()
    expect(await captions()).toEqual(['a/x/film.pt-BR.vtt of a/x/film.mp4 in pt-BR'])
    expect(report.ignoredBy).toEqual({ '.vtt': 1 })
  })

  test('belong to the video of the whole name, and of two to the one that browsers play', async () => {
    await library.put(['a/x/film.mp4', 'a/x/film.avi', 'a/x/film.en.mp4', 'a/x/film.en.vtt', 'a/x/film.vtt'])
    await library.sync()
    expect(await captions()).toEqual([
      'a/x/film.en.vtt of a/x/film.en.mp4 in ',
      'a/x/film.vtt of a/x/film.mp4 in ',
    ])
  })

  test('of a stream lie beside its playlist', async () => {
    await library.put([
      ...STREAM,
      ...['a/x/film/captions.en.vtt', 'a/x/film/master.pt-BR.vtt', 'a/x/film/master.en.vtt'],
      ...['a/x/film/720p/captions.en.vtt', 'a/x/film/master.vtt', 'a/x/film/0.vtt'],
    ])
    const report = await library.sync()
    expect(await captions()).toEqual([
      'a/x/film/captions.en.vtt of a/x/film/master.m3u8 in en',
      'a/x/film/master.pt-BR.vtt of a/x/film/master.m3u8 in pt-BR',
    ])
    expect(report.ignoredBy).toEqual({ 'part of a stream': 7 })
  })

  test('that come, move and go are a change of their video, and the answers of the creator change', async () => {
    await library.put(['a/x/film.mp4', 'a/x/2.jpg', 'b/x/1.jpg'])
    await library.sync()
    const changed = { added: { media: 0 }, changed: { posts: 1, media: 1 }, removed: { media: 0 } }
    const ids = await libraryIds(database.db)
    let before = await revision()

    await library.put(['a/x/film.en.vtt', 'a/x/film.vtt'])
    expect(await library.sync({ dryRun: true })).toMatchObject({
      ...changed,
      plan: { changed: { media: ['a/x/film.mp4'] } },
    })
    expect(await library.sync()).toMatchObject({ status: 'applied', ...changed })
    expect(await captions()).toHaveLength(2)
    expect(await revision()).toBeGreaterThan(before)
    expect(await library.sync()).toMatchObject({ status: 'unchanged' })

    before = await revision()
    await library.put(['a/x/film.en.mp4'])
    expect(await library.sync()).toMatchObject({ added: { media: 1 }, changed: { posts: 1, media: 1 } })
    expect(await captions()).toEqual([
      'a/x/film.en.vtt of a/x/film.en.mp4 in ',
      'a/x/film.vtt of a/x/film.mp4 in ',
    ])

    await library.remove('a/x/film.en.vtt', 'a/x/film.vtt', 'a/x/film.en.mp4')
    expect(await library.sync()).toMatchObject({ changed: { posts: 1, media: 1 }, removed: { media: 1 } })
    expect(await captions()).toEqual([])
    expect(await libraryIds(database.db)).toEqual(ids)
  })

  test('that the listing leaves out are asked for before they go', async () => {
    await library.put(['a/x/film.mp4', 'a/x/film.en.vtt'])
    await library.sync()
    const forgetful = storeWith(library.media, {
      async *list(options) {
        for await (const batch of library.media.list(options)) {
          yield batch.filter(({ key }) => !key.endsWith('.vtt'))
        }
      },
    })
    expect(await syncFrom(database, forgetful)).toMatchObject({
      status: 'failed',
      reason: expect.stringContaining('"a/x/film.en.vtt"'),
    })
    expect(await captions()).toHaveLength(1)
  })

  test('stay with a video whose removal waits', async () => {
    const films = Array.from({ length: 30 }, (_, index) => `a/x/${index}.mp4`)
    await library.put([...films, 'a/x/0.en.vtt', 'a/x/kept.mp4', 'a/x/kept.en.vtt'])
    await library.sync()
    await library.remove(...films, 'a/x/0.en.vtt')
    expect(await library.sync()).toMatchObject({ status: 'held', changed: { media: 0 } })
    expect(await captions()).toHaveLength(2)
    await library.sync({ allowDeletes: true })
    expect(await captions()).toEqual(['a/x/kept.en.vtt of a/x/kept.mp4 in en'])
  })

  test('written by hand raise the revision of their creator, whatever the statement', async () => {
    await library.put(['a/x/film.mp4'])
    await library.sync()
    for (const statement of [
      sql`insert into whitelabel_captions (whitelabel_media_id, s3_key, url) select id, 'k', 'k' from whitelabel_media`,
      sql`update whitelabel_captions set language = 'en'`,
      sql`delete from whitelabel_captions`,
    ]) {
      const before = await revision()
      await database.db.execute(statement)
      expect(await revision()).toBeGreaterThan(before)
    }
  })
})
