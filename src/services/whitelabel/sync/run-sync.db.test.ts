import { EventEmitter, once } from 'node:events'
import { readdir, rename, stat, symlink } from 'node:fs/promises'
import path from 'node:path'
import { sql } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Database } from '#src/db/index.ts'
import { writeSetting } from '#src/services/settings/settings.ts'
import { hideCreators, publishCreators, showMedia, showPost } from '#src/services/whitelabel/publishing.ts'
import type { MediaStore } from '#src/storage/media-store.ts'
import { SAMPLE_SOURCE } from '#src/storage/open-store.ts'
import { openTestDatabase } from '#test/support/database.ts'
import {
  emptyLibrary,
  halfSeen,
  libraryIds,
  libraryRows,
  openTestLibrary,
  sequenceValues,
  syncFrom,
  type TestLibrary,
} from '#test/support/library.ts'
import { recentRuns, startRun } from './sync-runs.ts'

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

const numbered = (folder: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${folder}/${index + 1}.jpg`)

/** One row of raw SQL. */
async function one<Row extends Record<string, unknown>>(query: ReturnType<typeof sql>) {
  const { rows } = await database.db.execute<Row>(query)
  return rows[0]
}

async function mediaKeys() {
  return (await libraryRows(database.db)).media.map((row) => row.s3_key)
}

const post = (folder: string) =>
  one<{ id: number; title: string; created_at: string; media_cdns: { images: string[]; videos: string[] } }>(
    sql`select id, title, (created_at at time zone 'utc')::text as created_at, media_cdns
      from whitelabel_posts where folder_name = ${folder}`,
  )

const statusOf = async (folder: string) =>
  (await one<{ status: string }>(sql`select status from whitelabel_models where folder_name = ${folder}`))
    ?.status

describe('a first sync', () => {
  test('turns folders into creators, posts and media', async () => {
    await library.put([
      'maria-clara/2024-05-summer_tour/10.jpg',
      'maria-clara/2024-05-summer_tour/2.jpg',
      'maria-clara/2024-05-summer_tour/deep/er/clip.MP4',
      'maria-clara/loose.png',
      'maria-clara/profile/icon.png',
      'joão & zé/praia #1/foto 100%.webp',
    ])
    const report = await library.sync()

    expect(report).toMatchObject({
      status: 'applied',
      listed: 6,
      added: { models: 2, posts: 3, media: 5 },
      changed: { models: 0, posts: 0, media: 0 },
      removed: { models: 0, posts: 0, media: 0 },
      ignored: 0,
      reason: null,
      unpublished: 2,
    })
    const { models, posts, media } = await libraryRows(database.db)
    expect(models.map((row) => [row.folder_name, row.status, row.post_count, row.icon_url])).toEqual([
      ['joão & zé', 'new', 1, null],
      ['maria-clara', 'new', 2, 'maria-clara/profile/icon.png'],
    ])
    expect(posts.map((row) => [row.model, row.folder_name, row.title, row.media_cdns])).toEqual([
      [
        'joão & zé',
        'praia #1',
        'Praia #1',
        { images: ['jo%C3%A3o%20%26%20z%C3%A9/praia%20%231/foto%20100%25.webp'], videos: [] },
      ],
      ['maria-clara', '', 'Maria Clara', { images: ['maria-clara/loose.png'], videos: [] }],
      [
        'maria-clara',
        '2024-05-summer_tour',
        'Summer tour',
        {
          images: ['maria-clara/2024-05-summer_tour/2.jpg', 'maria-clara/2024-05-summer_tour/10.jpg'],
          videos: ['maria-clara/2024-05-summer_tour/deep/er/clip.MP4'],
        },
      ],
    ])
    expect(media).toHaveLength(5)
  })

  test('of an empty folder is unchanged', async () => {
    expect(await library.sync()).toMatchObject({ status: 'unchanged', listed: 0 })
  })

  test('dates a post by its folder name, else by its oldest file, and a creator by the oldest post', async () => {
    await library.put({
      'a/2022-07-09 trip/1.jpg': { at: '2024-01-01T00:00:00Z' },
      'a/plain/1.jpg': { at: '2021-02-03T04:05:06Z' },
      'a/plain/2.jpg': { at: '2020-01-02T03:04:05Z' },
      'a/2024-02-31 no such day/1.jpg': { at: '2023-06-07T08:09:10Z' },
    })
    await library.sync()
    expect((await post('2022-07-09 trip'))?.created_at).toBe('2022-07-09 00:00:00')
    expect((await post('plain'))?.created_at).toBe('2020-01-02 03:04:05')
    expect((await post('2024-02-31 no such day'))?.created_at).toBe('2023-06-07 08:09:10')
    const model = await one(
      sql`select (created_at at time zone 'utc')::text as created_at from whitelabel_models`,
    )
    expect(model?.created_at).toBe('2020-01-02 03:04:05')
  })

  test('ignores and counts what is no media, and says so about symbolic links', async () => {
    await library.put(['a/x/1.jpg', 'a/x/notes.txt', 'a/x/more.TXT', 'a/x/Makefile', 'readme.md'])
    await library.put(['a/profile/bio.md'])
    await symlink(library.root, path.join(library.root, 'a/x/link.jpg'))
    const report = await library.sync()
    expect(report).toMatchObject({ status: 'applied', listed: 6, ignored: 6, added: { media: 1 } })
    expect(report.ignoredBy).toEqual({
      '.txt': 2,
      'no extension': 1,
      'outside a creator folder': 1,
      'in a profile folder': 1,
      'symbolic link': 1,
    })
  })

  test('lists what no browser could fetch, with the reason, and takes the rest', async () => {
    await library.put(['a/x/1.jpg', 'a/tab\there/1.jpg', 'a/line\nfeed.jpg'])
    const report = await library.sync()
    expect(report.quarantined.toSorted((left, right) => (left.key < right.key ? -1 : 1))).toEqual([
      { key: 'a/line%0Afeed.jpg', reason: 'The name has a control character.' },
      { key: 'a/tab%09here/1.jpg', reason: 'The name has a control character.' },
    ])
    expect(await mediaKeys()).toEqual(['a/x/1.jpg'])
    const [run] = await recentRuns(database.db)
    expect(run?.quarantined).toEqual(report.quarantined)
  })

  test('tells creators apart that differ by case or by a space at the end only', async () => {
    await library.put([
      'maria/x/1.jpg',
      'Maria/x/1.jpg',
      'maria /x/1.jpg',
      'profile/x/1.jpg',
      'maria/profile',
    ])
    await library.sync()
    const { models, posts } = await libraryRows(database.db)
    expect(models.map((row) => row.folder_name)).toEqual(['Maria', 'maria', 'maria ', 'profile'])
    expect(posts.map((row) => row.post_count ?? row.image_count)).toEqual([1, 1, 1, 1])
  })
})

describe('a sync over what is there', () => {
  test('of an unchanged folder changes nothing and uses no sequence value', async () => {
    await library.put([...numbered('a/x', 5), ...numbered('b/y', 3), 'a/profile/banner.webp'])
    await library.sync()
    const before = { rows: await libraryRows(database.db), ids: await libraryIds(database.db) }
    const sequences = await sequenceValues(database.db)

    expect(await library.sync()).toMatchObject({ status: 'unchanged', listed: 9, reason: null })
    expect({ rows: await libraryRows(database.db), ids: await libraryIds(database.db) }).toEqual(before)
    expect(await sequenceValues(database.db)).toEqual(sequences)
  })

  test('adds new files, changes replaced ones, removes missing ones and keeps every id', async () => {
    await library.put([...numbered('a/x', 3), ...numbered('a/y', 2), ...numbered('b/z', 2)])
    await library.sync()
    const ids = await libraryIds(database.db)

    await library.put({ 'a/x/1.jpg': { bytes: 'another picture' }, 'a/x/4.jpg': {}, 'c/new/1.mp4': {} })
    await library.remove('a/x/3.jpg', 'a/y')
    const report = await library.sync()

    expect(report).toMatchObject({
      status: 'applied',
      added: { models: 1, posts: 1, media: 2 },
      changed: { models: 0, posts: 1, media: 1 },
      removed: { models: 0, posts: 1, media: 3 },
    })
    const idsAfter = await libraryIds(database.db)
    const kept = Object.keys(ids).filter((place) => place in idsAfter)
    expect(kept).toContain('media a/x/1.jpg')
    expect(kept.map((place) => idsAfter[place])).toEqual(kept.map((place) => ids[place]))
    expect(
      Object.keys(idsAfter)
        .filter((place) => !(place in ids))
        .toSorted(),
    ).toEqual(['media a/x/4.jpg', 'media c/new/1.mp4', 'model c', 'post c/new'])
    const replaced = await one<{ size: number }>(
      sql`select size::float8 from whitelabel_media where s3_key = 'a/x/1.jpg'`,
    )
    expect(replaced?.size).toBe('another picture'.length)
    expect((await post('x'))?.media_cdns.images).toEqual(['a/x/1.jpg', 'a/x/2.jpg', 'a/x/4.jpg'])
  })

  test('drops a post emptied of media, and a creator emptied of posts', async () => {
    await library.put([...numbered('a/x', 2), ...numbered('a/y', 2), ...numbered('b/z', 1), 'a/y/notes.txt'])
    await library.sync()
    await library.remove('a/y/1.jpg', 'a/y/2.jpg', 'b/z/1.jpg')
    expect(await library.sync()).toMatchObject({
      status: 'applied',
      removed: { models: 1, posts: 2, media: 3 },
    })
    const { models, posts } = await libraryRows(database.db)
    expect(models.map((row) => row.folder_name)).toEqual(['a'])
    expect(posts.map((row) => row.folder_name)).toEqual(['x'])
  })

  test('keeps the date of a post when older files come to it', async () => {
    await library.put({ 'a/x/1.jpg': { at: '2024-01-01T00:00:00Z' } })
    await library.sync()
    await library.put({ 'a/x/0.jpg': { at: '2001-01-01T00:00:00Z' } })
    await library.sync()
    expect((await post('x'))?.created_at).toBe('2024-01-01 00:00:00')
  })

  test('keeps a title that was changed by hand', async () => {
    await library.put(['a/x/1.jpg'])
    await library.sync()
    await database.db.execute(sql`update whitelabel_posts set title = 'By hand'`)
    await library.put(['a/x/2.jpg'])
    await library.sync()
    expect((await post('x'))?.title).toBe('By hand')
  })

  test('follows a creator who is renamed: the old one goes, the new one comes', async () => {
    await library.put([...numbered('old/x', 3), ...numbered('other/y', 30)])
    await library.sync()
    await rename(path.join(library.root, 'old'), path.join(library.root, 'new'))
    expect(await library.sync()).toMatchObject({
      status: 'applied',
      added: { models: 1, posts: 1, media: 3 },
      removed: { models: 1, posts: 1, media: 3 },
    })
  })

  test('sets, changes and removes icon, banner and cover', async () => {
    const art = () => one(sql`select icon_url, banner_url, thumbnail_url from whitelabel_models`)
    await library.put(['a/x/1.jpg'])
    await library.sync()
    expect(await art()).toEqual({ icon_url: null, banner_url: null, thumbnail_url: null })

    await library.put(['a/profile/icon.png', 'a/profile/banner.JPEG', 'a/profile/cover.avif'])
    await library.put(['a/profile/cover.gif', 'a/profile/deep/icon.jpg'])
    expect(await library.sync()).toMatchObject({ status: 'applied', changed: { models: 1, media: 0 } })
    expect(await art()).toEqual({
      icon_url: 'a/profile/icon.png',
      banner_url: 'a/profile/banner.JPEG',
      thumbnail_url: 'a/profile/cover.avif',
    })

    await library.put(['a/profile/icon.jpg'])
    await library.remove('a/profile/banner.JPEG', 'a/profile/cover.avif')
    expect(await library.sync()).toMatchObject({ status: 'applied', changed: { models: 1 } })
    expect(await art()).toEqual({ icon_url: 'a/profile/icon.jpg', banner_url: null, thumbnail_url: null })
    expect(await library.sync()).toMatchObject({ status: 'unchanged' })
  })

  test('publishes new creators when the owner said so', async () => {
    await library.put(['a/x/1.jpg'])
    expect(await library.sync()).toMatchObject({ unpublished: 1 })
    await writeSetting(database.db, 'auto_publish', 'true')
    await library.put(['b/x/1.jpg'])
    expect(await library.sync()).toMatchObject({ unpublished: 1 })
    expect([await statusOf('a'), await statusOf('b')]).toEqual(['new', 'active'])
  })
})

describe('a dry run', () => {
  test('names what would change and changes nothing', async () => {
    await library.put([...numbered('a/x', 3), 'b/y/1.jpg'])
    await library.sync()
    const before = { rows: await libraryRows(database.db), ids: await libraryIds(database.db) }
    const [runs, sequences] = [await recentRuns(database.db), await sequenceValues(database.db)]

    await library.put({ 'a/x/1.jpg': { bytes: 'a replaced picture' }, 'a/z/1.mp4': {}, 'c/1.jpg': {} })
    await library.put(['a/profile/icon.png'])
    await library.remove('b')
    const report = await library.sync({ dryRun: true })

    expect(report).toMatchObject({ status: 'applied', run: null, added: { models: 1, posts: 2, media: 2 } })
    expect(report.plan).toEqual({
      added: { models: ['c'], posts: ['a/z', 'c/'], media: ['a/z/1.mp4', 'c/1.jpg'] },
      changed: { models: ['a'], media: ['a/x/1.jpg'] },
      removed: { models: ['b'], posts: ['b/y'], media: ['b/y/1.jpg'] },
    })
    expect({ rows: await libraryRows(database.db), ids: await libraryIds(database.db) }).toEqual(before)
    expect(await recentRuns(database.db)).toEqual(runs)
    expect(await sequenceValues(database.db)).toEqual(sequences)
  })

  test('says that removals would be held', async () => {
    await library.put(numbered('a/x', 30))
    await library.sync()
    await library.remove(...numbered('a/x', 25))
    expect(await library.sync({ dryRun: true })).toMatchObject({
      status: 'held',
      held: { models: 0, posts: 0, media: 25 },
      removed: { media: 0 },
    })
    expect(await mediaKeys()).toHaveLength(30)
  })
})

describe('the guard', () => {
  const lose25of30 = async () => {
    await library.put(numbered('a/x', 30))
    await library.sync()
    await library.remove(...numbered('a/x', 25))
    await library.put(['a/new/1.jpg'])
    return library.sync()
  }

  test('lets additions through and holds removals, and says why', async () => {
    const report = await lose25of30()
    expect(report).toMatchObject({
      status: 'held',
      added: { models: 0, posts: 1, media: 1 },
      changed: { models: 0, posts: 0, media: 0 },
      removed: { models: 0, posts: 0, media: 0 },
      held: { models: 0, posts: 0, media: 25 },
      reason:
        'More is missing than the guard lets go by itself: 25 files of 30 and 0 creators of 1 would go.',
    })
    expect(await mediaKeys()).toHaveLength(31)
    const [run] = await recentRuns(database.db)
    expect(run).toMatchObject({ status: 'held', reason: report.reason, held: report.held })
    expect(await library.sync()).toMatchObject({ status: 'held', added: { media: 0 } })
  })

  test('gives way to --allow-deletes', async () => {
    await lose25of30()
    expect(await library.sync({ allowDeletes: true })).toMatchObject({
      status: 'applied',
      removed: { media: 25 },
    })
    expect(await mediaKeys()).toHaveLength(6)
  })

  test('gives way to the approval of that very run', async () => {
    const { run } = await lose25of30()
    const report = await library.sync({ approve: run ?? '' })
    expect(report).toMatchObject({ status: 'applied', removed: { media: 25 } })
    expect(await mediaKeys()).toHaveLength(6)
    const [newest] = await recentRuns(database.db)
    expect(newest?.approvedRunId).toBe(run)
  })

  test('keeps holding when more is missing than was approved', async () => {
    const { run } = await lose25of30()
    await library.remove('a/x/26.jpg')
    const report = await library.sync({ approve: run ?? '' })
    expect(report).toMatchObject({ status: 'held', held: { media: 26 } })
    expect(report.reason).toMatch(/no longer says what it said/)
    expect(await mediaKeys()).toHaveLength(31)
  })

  test('has nothing to hold when what was missing came back', async () => {
    const { run } = await lose25of30()
    await library.put([...numbered('a/x', 30), 'a/newer/1.jpg'])
    expect(await library.sync({ approve: run ?? '' })).toMatchObject({
      status: 'applied',
      reason: null,
      held: null,
      added: { media: 1 },
    })
  })

  test('refuses an approval of a run that is not there or was not held', async () => {
    await expect(library.sync({ approve: 'nonsense' })).rejects.toThrow(/There is no sync run nonsense/)
    const { run } = await library.sync()
    await expect(library.sync({ approve: run ?? '' })).rejects.toThrow(/is not held: it is unchanged/)
  })

  test('takes an approval for the bucket only that it was given for', async () => {
    const { run } = await lose25of30()
    const elsewhere: MediaStore = { ...library.media, source: 'folder /somewhere/else' }
    const report = await syncFrom(database, elsewhere, { approve: run ?? '' })
    expect(report).toMatchObject({ status: 'held', held: { media: 25 } })
  })

  test('releases an empty listing by an approval only', async () => {
    await library.put(numbered('a/x', 3))
    await library.sync()
    await library.remove('a')
    const held = await library.sync({ allowDeletes: true })
    expect(held).toMatchObject({
      status: 'held',
      held: { models: 1, posts: 1, media: 3 },
      reason: 'The listing has no media, so all 3 files of 1 creator would go.',
    })
    expect(await mediaKeys()).toHaveLength(3)
    expect(await library.sync({ approve: held.run ?? '' })).toMatchObject({ status: 'applied' })
    expect(await libraryRows(database.db)).toEqual({ models: [], posts: [], media: [], captions: [] })
  })

  test('takes a folder with only a note in it for an empty one, as of a disk that is not mounted', async () => {
    await library.put(numbered('a/x', 3))
    await library.sync()
    await library.remove('a')
    await library.put(['NOT-MOUNTED.txt', 'a/x/thumbs.db'])
    expect(await library.sync({ allowDeletes: true })).toMatchObject({ status: 'held', held: { media: 3 } })
  })

  test('recognises that the source changed, and waits even for a few', async () => {
    await library.put([...numbered('a/x', 3), ...numbered('b/x', 30)])
    await library.sync()
    const other = await openTestLibrary(database)
    await other.put([...numbered('b/x', 30), 'c/x/1.jpg'])
    const report = await other.sync()
    expect(report).toMatchObject({
      status: 'held',
      added: { models: 1, posts: 1, media: 1 },
      held: { models: 1, posts: 1, media: 3 },
    })
    expect(report.reason).toBe(
      `The source changed from folder ${library.root} to folder ${other.root}: 3 files of 33 and 1 creator of 2 would go.`,
    )
    expect(await other.sync({ approve: report.run ?? '' })).toMatchObject({ status: 'applied' })
    expect(await other.sync()).toMatchObject({ status: 'unchanged' })
    await other.close()
  })

  test('lets the sample library give way without a question', async () => {
    const sample: MediaStore = { ...library.media, source: SAMPLE_SOURCE }
    await library.put([...numbered('sample-a/x', 30), ...numbered('sample-b/x', 30)])
    expect(await syncFrom(database, sample)).toMatchObject({ status: 'applied', unpublished: 0 })
    expect(await statusOf('sample-a')).toBe('active')

    const own = await openTestLibrary(database)
    await own.put(['mine/x/1.jpg'])
    expect(await own.sync()).toMatchObject({ status: 'applied', removed: { models: 2, posts: 2, media: 60 } })
    expect(await mediaKeys()).toEqual(['mine/x/1.jpg'])
    expect(await statusOf('mine')).toBe('new')
    await own.close()
  })

  test('refuses the sample library over one’s own', async () => {
    await library.put(['mine/x/1.jpg'])
    await library.sync()
    const sample = await openTestLibrary(database)
    await sample.put(['sample/x/1.jpg'])
    const report = await syncFrom(database, { ...sample.media, source: SAMPLE_SOURCE })
    expect(report.status).toBe('failed')
    expect(report.reason).toMatch(/neither MEDIA_DIR nor S3_BUCKET is set now/)
    expect(await mediaKeys()).toEqual(['mine/x/1.jpg'])
    await sample.close()
  })
})

describe('what was hidden', () => {
  test('stays hidden through removal and return: a creator, a post, a photo', async () => {
    await library.put([...numbered('a/x', 2), ...numbered('b/y', 2), ...numbered('c/z', 3), 'c/w/1.jpg'])
    await library.sync()
    await publishCreators(database.db, 'all')
    await hideCreators(database.db, ['a'])
    await showPost(database.db, (await post('y'))?.id ?? 0, false)
    await showMedia(database.db, 'c/z/2.jpg', false)
    const hidden = async () => ({
      a: await statusOf('a'),
      post: (
        await one(sql`select hidden_at is not null as hidden from whitelabel_posts where folder_name = 'y'`)
      )?.hidden,
      shown: (await post('z'))?.media_cdns.images,
    })
    expect(await hidden()).toEqual({ a: 'hidden', post: true, shown: ['c/z/1.jpg', 'c/z/3.jpg'] })

    await library.put(['a/x/3.jpg', 'b/y/3.jpg', 'c/z/4.jpg'])
    await library.sync()
    expect(await hidden()).toMatchObject({ a: 'hidden', post: true })

    await library.remove('a', 'b/y', 'c/z/2.jpg')
    expect(await library.sync({ allowDeletes: true })).toMatchObject({ removed: { models: 2 } })
    await library.put([...numbered('a/x', 2), ...numbered('b/y', 2), 'c/z/2.jpg'])
    await writeSetting(database.db, 'auto_publish', 'true')
    expect(await library.sync()).toMatchObject({
      status: 'applied',
      added: { models: 2, posts: 2, media: 5 },
    })
    expect(await hidden()).toEqual({
      a: 'hidden',
      post: true,
      shown: ['c/z/1.jpg', 'c/z/3.jpg', 'c/z/4.jpg'],
    })
  })

  test('is remembered when the whole creator goes and comes back', async () => {
    await library.put([...numbered('a/x', 2), ...numbered('a/y', 2), 'b/z/1.jpg'])
    await library.sync()
    await showPost(database.db, (await post('x'))?.id ?? 0, false)
    await showMedia(database.db, 'a/y/2.jpg', false)
    const before = await libraryRows(database.db)
    await rename(path.join(library.root, 'a'), `${library.root}-away`)
    await library.sync()
    await rename(`${library.root}-away`, path.join(library.root, 'a'))
    await library.sync()
    expect(await libraryRows(database.db)).toEqual(before)
  })

  test('comes back visible once it was shown again', async () => {
    await library.put(numbered('a/x', 3))
    await library.sync()
    await showMedia(database.db, 'a/x/1.jpg', false)
    await showMedia(database.db, 'a/x/1.jpg', true)
    await library.remove('a/x/1.jpg')
    await library.sync()
    await library.put(['a/x/1.jpg'])
    await library.sync()
    expect((await post('x'))?.media_cdns.images).toHaveLength(3)
  })
})

describe('the history', () => {
  test('has a row for every run: who, when, counts, why', async () => {
    await library.put([...numbered('a/x', 2), 'a/x/n.txt'])
    const { run } = await library.sync({ startedBy: 'schedule' })
    const [row] = await recentRuns(database.db)
    expect(row).toMatchObject({
      id: run,
      status: 'applied',
      phase: null,
      startedBy: 'schedule',
      source: `folder ${library.root}`,
      listed: 3,
      added: { models: 1, posts: 1, media: 2 },
      ignored: 1,
      ignoredBy: { '.txt': 1 },
      reason: null,
    })
    expect(row?.finishedAt?.getTime()).toBeGreaterThanOrEqual(row?.startedAt.getTime() ?? Infinity)
  })

  test('shows progress while a run is under way', async () => {
    await library.put(['a/x/1.jpg'])
    const phases: string[] = []
    await library.sync({ onProgress: ({ phase }) => phases.push(phase) })
    expect(phases).toEqual(['listing', 'deciding', 'confirming', 'applying'])
  })

  test('calls a run failed that ended without a word', async () => {
    const startedAt = new Date(Date.now() - 60_000)
    const id = await startRun(database.db, { startedBy: 'cli', source: 'folder /gone', startedAt })
    await library.sync()
    const row = await one(sql`select status, phase, reason from sync_runs where id::text = ${id}`)
    expect(row).toEqual({
      status: 'failed',
      phase: null,
      reason: 'It ended without a word: the process was stopped.',
    })
  })
})

describe('two syncs at once', () => {
  test('one runs, the other says since when and by whom', async () => {
    await library.put(['a/x/1.jpg'])
    const doors = new EventEmitter()
    const slow: MediaStore = {
      ...library.media,
      async *list(options) {
        const opened = once(doors, 'open')
        doors.emit('reached')
        await opened
        yield* library.media.list(options)
      },
    }
    const reached = once(doors, 'reached')
    const first = syncFrom(database, slow, { startedBy: 'start' })
    await reached
    const second = await library.sync()
    expect(second).toMatchObject({ status: 'failed', run: null })
    expect(second.reason).toMatch(/^Another sync is running since 20\d\d-.*Z, started by start\./)
    doors.emit('open')
    expect(await first).toMatchObject({ status: 'applied' })
    expect(await library.sync()).toMatchObject({ status: 'unchanged' })
  })
})

describe('a sync that is broken off', () => {
  test('by a signal leaves everything as it was, in whatever phase it comes', async () => {
    await library.put(numbered('a/x', 3))
    await library.sync()
    const before = await libraryRows(database.db)
    await library.put(['b/y/1.jpg'])
    await library.remove('a/x/3.jpg')
    for (const phase of ['listing', 'deciding', 'confirming', 'applying']) {
      const stopping = new AbortController()
      const report = await library.sync({
        signal: stopping.signal,
        onProgress: (progress) => progress.phase === phase && stopping.abort(),
      })
      if (phase === 'applying') {
        expect(report.status).toBe('applied')
        continue
      }
      expect(report).toMatchObject({ status: 'failed', reason: 'It was stopped. Nothing was changed.' })
      expect(await libraryRows(database.db)).toEqual(before)
    }
  })

  test('by the folder going away changes nothing and says which folder', async () => {
    await library.put(numbered('a/x', 3))
    await library.sync()
    await rename(library.root, `${library.root}-away`)
    const report = await library.sync({ allowDeletes: true })
    expect(report.status).toBe('failed')
    expect(report.reason).toContain(`The folder ${library.root} is not there. Is its disk mounted?`)
    await rename(`${library.root}-away`, library.root)
    expect(await mediaKeys()).toHaveLength(3)
  })

  test.each(['whitelabel_models', 'whitelabel_posts', 'whitelabel_media', 'sync_runs'])(
    'by the database at %s leaves nothing half and says why without SQL',
    async (table) => {
      await library.put(numbered('a/x', 3))
      await library.sync()
      const before = await libraryRows(database.db)
      await library.put(['b/y/1.jpg', 'a/profile/icon.png'])
      await library.remove('a/x/3.jpg')
      await database.db.execute(sql`create function planted() returns trigger language plpgsql as
        $$ begin raise exception 'a planted fault'; end $$`)
      const when = table === 'sync_runs' ? sql`when (new.status = 'applied')` : sql``
      await database.db.execute(sql`create trigger planted before insert or update on ${sql.identifier(table)}
        for each row ${when} execute function planted()`)
      const report = await library.sync()
      await database.db.execute(sql`drop function planted cascade`)

      expect(report).toMatchObject({
        status: 'failed',
        reason: 'Something unexpected happened: a planted fault',
      })
      expect(await libraryRows(database.db)).toEqual(before)
      expect(await library.sync()).toMatchObject({ status: 'applied', added: { models: 1 } })
    },
  )
})

test('the owner’s files are only read', async () => {
  await library.put(numbered('a/x', 3))
  const facts = async () => {
    const names = await readdir(library.root, { recursive: true })
    return Promise.all(
      names.toSorted().map(async (name) => [name, (await stat(path.join(library.root, name))).mtimeMs]),
    )
  }
  const before = await facts()
  await library.sync()
  expect(await facts()).toEqual(before)
})
