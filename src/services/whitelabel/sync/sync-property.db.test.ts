import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from '#src/db/index.ts'
import type { ListedObject, MediaStore } from '#src/storage/media-store.ts'
import { onServer, openTestDatabase } from '#test/support/database.ts'
import {
  emptyLibrary,
  halfSeen,
  libraryIds,
  libraryRows,
  openTestLibrary,
  storeWith,
  syncFrom,
  type TestLibrary,
} from '#test/support/library.ts'
import { meaningOf } from './key-grammar.ts'

/** PROPERTY_RUNS=300 for the long run. */
const RUNS = Number(process.env.PROPERTY_RUNS ?? (onServer() ? 40 : 20))
const SEED = 20_260_318

let database: Database
let library: TestLibrary

beforeAll(async () => {
  database = await openTestDatabase()
  library = await openTestLibrary(database)
})
afterAll(async () => {
  await library.close()
  await database.close()
})

type Bucket = ListedObject[]

/** A bucket held in memory, listed in batches of three: only the edge of the product is not the real one. */
const storeOf = (bucket: Bucket): MediaStore =>
  storeWith(library.media, {
    async *list() {
      for (let start = 0; start < bucket.length; start += 3) yield bucket.slice(start, start + 3)
    },
    head: async (key) => bucket.find((object) => object.key === key) ?? null,
  })

const folder = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom('a', 'b', 'A', 'a ', '2024-05-17 x', 'profile', 'é', 'e\u0301', '😀'),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 5 }) },
  { weight: 1, arbitrary: fc.constantFrom('%', '..', '', 'x\ty', '\\N', "o'x", '1.5', '\u202e') },
)
const file = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom('1.jpg', '2.jpg', '10.jpg', '1.mp4', 'b/1.jpg', 'icon.png', 'cover.jpg'),
  },
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      ...[
        'index.m3u8',
        'z.m3u8',
        'b/index.m3u8',
        'b/c/master.m3u8',
        'b/0.ts',
        'b/c/0.mp4',
        'b/captions.en.vtt',
      ],
      ...[
        '1.vtt',
        '1.en.vtt',
        '1.pt-BR.vtt',
        '1.pt-br.vtt',
        '1.en.mp4',
        '1.avi',
        'index.en.vtt',
        'captions.en.vtt',
      ],
    ),
  },
  { weight: 1, arbitrary: fc.constantFrom('n.txt', '', '.', 'x', '\n.jpg', '1.JPG') },
)
const key = fc
  .tuple(folder, fc.option(folder, { freq: 5 }), file)
  .map(([model, post, file]) => [model, ...(post === null ? [] : [post]), file].join('/'))
  .filter((key) => Buffer.from(key).toString() === key)
const object = fc.record({
  key,
  isUtf8: fc.constant(true),
  size: fc.integer({ min: 0, max: 3 }),
  etag: fc.constantFrom('one', 'two', '\\N', 'tab\t'),
  // Post dates are set once from them, so they go by the key: a fresh sync must come to the same.
  lastModified: fc.constant(new Date('2024-01-02T03:04:05.678Z')),
})
const bucket = fc.uniqueArray(object, { selector: ({ key }) => key, maxLength: 30 })

test(
  'the library after bucket A and then B is that of a fresh sync of B, and what stays keeps its id',
  async () => {
    await fc.assert(
      fc.asyncProperty(bucket, bucket, async (before, after) => {
        const { db } = database
        await emptyLibrary(db)
        const first = await syncFrom(database, storeOf(after))
        const fresh = await libraryRows(db)
        const art = after.filter(({ key, isUtf8 }) => meaningOf(key, isUtf8).kind === 'art').length
        const used = fresh.media.length + fresh.captions.length + art
        expect(first.listed).toBe(used + first.ignored + first.quarantined.length)

        await emptyLibrary(db)
        await syncFrom(database, storeOf(before))
        const ids = await libraryIds(db)
        let report = await syncFrom(database, storeOf(after), { allowDeletes: true })
        if (report.status === 'held') {
          report = await syncFrom(database, storeOf(after), { approve: report.run ?? '' })
        }
        expect(['applied', 'unchanged']).toContain(report.status)

        expect(await libraryRows(db)).toEqual(fresh)
        expect(await halfSeen(db)).toEqual([])
        const idsAfter = await libraryIds(db)
        for (const [place, id] of Object.entries(idsAfter)) {
          if (place in ids) expect([place, id]).toEqual([place, ids[place]])
        }
        expect(await syncFrom(database, storeOf(after))).toMatchObject({ status: 'unchanged' })
      }),
      { numRuns: RUNS, seed: SEED },
    )
  },
  10 * 60_000,
)
