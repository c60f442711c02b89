import { sql } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '#src/db/index.ts'
import type { MediaStore } from '#src/storage/media-store.ts'
import { openTestDatabase } from '#test/support/database.ts'
import {
  emptyLibrary,
  libraryIds,
  libraryRows,
  openLyingStore,
  sequenceValues,
  storeWith,
  syncFrom,
} from '#test/support/library.ts'
import type { ListingLie } from '#test/support/lying-s3/faults.ts'
import { type LyingS3, startLyingS3 } from '#test/support/lying-s3/start.ts'

const CREATORS = 30
const FILES = CREATORS * 5 * 20
/** The listing takes some ninety requests: one for the folders, then three pages for each range. */
const LIBRARY = { generate: { creators: CREATORS, posts: 5, media: 20 }, pageSizes: [40] }

let database: Database
let s3: LyingS3
let store: MediaStore

beforeAll(async () => {
  database = await openTestDatabase()
  s3 = await startLyingS3()
  store = await openLyingStore(s3.endpoint)
})
afterAll(async () => {
  await Promise.all([store.close(), s3.close(), database.close()])
})

const rowCount = async () => {
  const { rows } = await database.db.execute<{ media: number; posts: number; models: number }>(sql`
    select (select count(*)::int from whitelabel_media) as media, (select count(*)::int from whitelabel_posts) as posts,
      (select count(*)::int from whitelabel_models) as models`)
  return rows[0]
}
const WHOLE = { media: FILES, posts: CREATORS * 5, models: CREATORS }

type Fault = Omit<ListingLie, 'page' | 'times'>

describe('a listing that fails or lies', () => {
  beforeAll(async () => {
    await emptyLibrary(database.db)
    await s3.hold(LIBRARY)
    expect(await syncFrom(database, store)).toMatchObject({ status: 'applied', listed: FILES })
  })
  afterEach(async () => {
    expect(await rowCount()).toEqual(WHOLE)
  })

  const faults: [string, Fault, RegExp][] = [
    ['error 500', { kind: 'status', status: 500, code: 'InternalError' } as Fault, /500|error/i],
    ['error 503', { kind: 'status', status: 503, code: 'SlowDown' } as Fault, /503|busy|slow/i],
    [
      'error 403',
      { kind: 'status', status: 403, code: 'AccessDenied' } as Fault,
      /refuse|may not|403|denied/i,
    ],
    [
      'error 404',
      { kind: 'status', status: 404, code: 'NoSuchBucket' } as Fault,
      /no bucket|not there|is no/i,
    ],
    ['a reset connection', { kind: 'reset' }, /./],
    ['silence', { kind: 'silence' }, /did not answer within/],
    ['half an answer and silence', { kind: 'stall' }, /did not answer within/],
    ['half a document', { kind: 'half document' }, /./],
    ['an empty 200', { kind: 'empty answer' }, /no listing/],
    ['a page for people', { kind: 'web page' }, /./],
    ['more to follow without a token', { kind: 'truncated without token' }, /not how to ask/],
    ['an empty page that goes on', { kind: 'empty page' }, /empty page/],
    ['the same token twice', { kind: 'same token' }, /a page it gave before|out of order|after/],
    ['the same page for ever', { kind: 'repeated page' }, /after/],
    ['keys out of order', { kind: 'out of order' }, /so keys may be missing/],
    ['fewer keys than announced', { kind: 'miscounted' }, /announced \d+ keys and named \d+/],
  ]

  describe.each([2, 17])('at request %d', (page) => {
    test.each(faults)(
      '%s: nothing is removed, and the run says which page and why',
      async (_, fault, why) => {
        await s3.lie({ listing: { ...fault, page } as ListingLie })
        const report = await syncFrom(database, store, { allowDeletes: true })
        expect(report).toMatchObject({ status: 'failed', removed: { models: 0, posts: 0, media: 0 } })
        expect(report.reason).toMatch(/^The listing of s3:\/\/bucket\/.* stopped at page \d+: /)
        expect(report.reason).toMatch(why)
      },
    )
  })

  test.each([2, 17])('a strange key at request %d that ends a range early is found out', async (page) => {
    await s3.lie({ listing: { kind: 'foreign key', page } })
    const report = await syncFrom(database, store, { allowDeletes: true })
    expect(report.status).toBe('failed')
    expect(report.reason).toMatch(/^The listing left out/)
  })

  test('at the first request, for the folders, is told as well', async () => {
    await s3.lie({ listing: { kind: 'status', status: 403, code: 'AccessDenied', page: 1 } })
    const report = await syncFrom(database, store, { allowDeletes: true })
    expect(report.reason).toMatch(/^The listing of s3:\/\/bucket\/ \(its folders\) stopped at page 1: /)
  })

  test('a passing fault is tried again and the listing is whole', async () => {
    await s3.lie({ listing: { kind: 'status', status: 503, code: 'SlowDown', page: 17, times: 1 } })
    expect(await syncFrom(database, store)).toMatchObject({ status: 'unchanged', listed: FILES })
  })

  test('a bucket that is gone removes nothing', async () => {
    await s3.lie({ hasNoBucket: true })
    expect(await syncFrom(database, store, { allowDeletes: true })).toMatchObject({ status: 'failed' })
  })

  test('a server that is gone removes nothing', async () => {
    const gone = await openLyingStore('http://127.0.0.1:1')
    const unreachable = storeWith(gone, { source: store.source })
    const report = await syncFrom(database, unreachable, { allowDeletes: true })
    expect(report).toMatchObject({ status: 'failed' })
    await gone.close()
  })

  test.each([0.003, 0.03, 0.3])(
    'an early end that hides %d of the files is found out',
    async (hiddenShare) => {
      await s3.lie({ hiddenShare })
      const report = await syncFrom(database, store, { allowDeletes: true })
      expect(report.status).toBe('failed')
      expect(report.reason).toMatch(
        /^The listing left out "creator-\d+\/post-\d+\/\d+\.jpg", but the store has it\./,
      )
    },
  )

  test('an early end that hides more than can be asked for one by one is found out', async () => {
    await s3.lie({ hiddenShare: 0.9 })
    const report = await syncFrom(database, store, { allowDeletes: true })
    expect(report.status).toBe('failed')
    expect(report.reason).toMatch(/^The listing left out/)
  })

  test('an empty 200 that is a whole listing of nothing is found out', async () => {
    await s3.lie({ hiddenShare: 1 })
    const report = await syncFrom(database, store, { allowDeletes: true })
    expect(report.status).toBe('failed')
    expect(report.reason).toMatch(/^The listing left out/)
  })

  test('after all of that the library and its ids are as they were', async () => {
    await s3.lie({})
    const [rows, ids] = [await libraryRows(database.db), await libraryIds(database.db)]
    const sequences = await sequenceValues(database.db)
    expect(await syncFrom(database, store)).toMatchObject({ status: 'unchanged', listed: FILES })
    expect([await libraryRows(database.db), await libraryIds(database.db)]).toEqual([rows, ids])
    expect(await sequenceValues(database.db)).toEqual(sequences)
  })
})

describe('more than two thousand files that are really gone', () => {
  test('are removed when a second listing and the store itself agree', async () => {
    await emptyLibrary(database.db)
    await s3.hold(LIBRARY)
    await syncFrom(database, store)
    await s3.hold({ ...LIBRARY, generate: { ...LIBRARY.generate, creators: 8 } })
    expect(await syncFrom(database, store)).toMatchObject({ status: 'held', held: { media: 2_200 } })
    expect(await rowCount()).toEqual(WHOLE)
    expect(await syncFrom(database, store, { allowDeletes: true })).toMatchObject({
      status: 'applied',
      removed: { models: 22, posts: 110, media: 2_200 },
    })
    expect(await rowCount()).toEqual({ models: 8, posts: 40, media: 800 })
  })

  test('stay when a few of them are there after all', async () => {
    await emptyLibrary(database.db)
    await s3.hold(LIBRARY)
    await syncFrom(database, store)
    await s3.hold({ ...LIBRARY, generate: { ...LIBRARY.generate, creators: 9 } })
    // Of the 900 that are left, half are hidden: a sixth of what seems to be missing is there.
    await s3.lie({ hiddenShare: 0.5 })
    const report = await syncFrom(database, store, { allowDeletes: true })
    expect(report).toMatchObject({ status: 'failed' })
    expect(report.reason).toMatch(/^The listing left out/)
    expect(await rowCount()).toEqual(WHOLE)
  })

  test('stay when the second listing names one that the first did not', async () => {
    await emptyLibrary(database.db)
    await s3.hold(LIBRARY)
    await syncFrom(database, store)
    await s3.lie({ hiddenShare: 0.8 })
    let listings = 0
    const changing = storeWith(store, {
      head: async () => null,
      async *list(options: Parameters<MediaStore['list']>[0]) {
        if (++listings === 2) await s3.lie({})
        yield* store.list(options)
      },
    })
    const report = await syncFrom(database, changing, { allowDeletes: true })
    expect(report.reason).toMatch(/^The listing left out/)
    expect(await rowCount()).toEqual(WHOLE)
  })
})

describe('a store that stops answering while removals are confirmed', () => {
  test('removes nothing and is not asked for the rest', async () => {
    await emptyLibrary(database.db)
    await s3.hold(LIBRARY)
    await syncFrom(database, store)
    await s3.hold({ ...LIBRARY, generate: { ...LIBRARY.generate, creators: 29 } })
    let asked = 0
    const breaking = storeWith(store, {
      head: async () => {
        asked++
        throw new Error('no answer')
      },
    })
    const report = await syncFrom(database, breaking, { allowDeletes: true })
    expect(report).toMatchObject({ status: 'failed', reason: 'Something unexpected happened: no answer' })
    expect(await rowCount()).toEqual(WHOLE)
    expect(asked).toBeLessThanOrEqual(16)
  })
})
