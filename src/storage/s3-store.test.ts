import { once } from 'node:events'
import net from 'node:net'
import { buffer } from 'node:stream/consumers'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { Unavailable } from '#src/errors.ts'
import { ListingIncomplete } from '#src/storage/listing-incomplete.ts'
import type { ListOptions, MediaStore } from '#src/storage/media-store.ts'
import { compareKeys } from '#src/storage/object-key.ts'
import type { Patience } from '#src/storage/s3-patience.ts'
import { openS3Store, type S3StoreSettings } from '#src/storage/s3-store.ts'
import { HARD_KEYS } from '#test/support/hard-keys.ts'
import type { ListingLie } from '#test/support/lying-s3/faults.ts'
import { type LyingS3, startLyingS3 } from '#test/support/lying-s3/start.ts'

let s3: LyingS3

beforeAll(async () => {
  s3 = await startLyingS3()
})
afterAll(() => s3.close())

/** Twelve creators of 30 objects each, under a prefix, seven keys a page. */
const KEYS = Array.from({ length: 360 }, (_, index) => {
  const [creator, post, medium] = [Math.floor(index / 30), Math.floor(index / 3) % 10, index % 3]
  return `library/creator-${String(creator).padStart(2, '0')}/post-${post}/${medium}.jpg`
})
const LIBRARY = { keys: KEYS, pageSizes: [7] }

describe('a healthy listing', () => {
  test('names every key exactly once, whatever the keys and the pages are', async () => {
    const store = await openedStore({ prefix: '' })
    const segment = fc.oneof(
      fc.constantFrom('', 'a', 'b', 'é', '\uffee', '😀', ' ', '+', '%2F', '~*'),
      fc.string({ unit: 'grapheme', maxLength: 4 }),
    )
    const key = fc.array(segment, { minLength: 1, maxLength: 4 }).map((segments) => segments.join('/'))
    const keys = fc.uniqueArray(
      key.filter((key) => key !== ''),
      { maxLength: 60 },
    )
    const pageSizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 })

    await fc.assert(
      fc.asyncProperty(keys, pageSizes, async (keys, pageSizes) => {
        await s3.hold({ keys, pageSizes })
        expect(await listedKeys(store)).toEqual(keys.toSorted(compareKeys))
      }),
      { numRuns: 100, seed: 20_260_301 },
    )
  })

  test('names hard keys byte for byte', async () => {
    await s3.hold({ keys: HARD_KEYS, pageSizes: [13] })
    expect(await listedKeys(await openedStore({ prefix: '' }))).toEqual(HARD_KEYS.toSorted(compareKeys))
  })

  test('tells keys that are not UTF-8 by their bytes', async () => {
    await s3.hold({ encodedKeys: ['a/%FF.jpg', '%C3/b.jpg', 'a/1.jpg'], pageSizes: [1] })
    const objects = (await collect((await openedStore({ prefix: '' })).list())).flat()
    expect(objects.map(({ key, isUtf8 }) => [key, isUtf8]).toSorted()).toEqual([
      ['%C3/b.jpg', false],
      ['a/%FF.jpg', false],
      ['a/1.jpg', true],
    ])
  })

  test('gives the keys below S3_PREFIX, without it, and their size, time and etag', async () => {
    await s3.hold({
      keys: [...KEYS, 'elsewhere/1.jpg', 'library.txt', 'library0/1.jpg', 'library/'],
      pageSizes: [7],
    })
    const store = await openedStore()
    expect(await listedKeys(store)).toEqual(['', ...KEYS.map((key) => key.slice('library/'.length))])

    const [object] = (await collect(store.list()))
      .flat()
      .filter(({ key }) => key === 'creator-00/post-0/0.jpg')
    expect(object).toEqual({
      key: 'creator-00/post-0/0.jpg',
      isUtf8: true,
      size: 'the object library/creator-00/post-0/0.jpg'.length,
      etag: expect.stringMatching(/^[0-9a-f]{32}$/),
      lastModified: new Date('2024-05-01T12:00:00Z'),
    })
    expect(await store.head('creator-00/post-0/0.jpg')).toEqual(object)
  })

  test('of an empty bucket is empty', async () => {
    await s3.hold({ keys: [] })
    expect(await listedKeys(await openedStore())).toEqual([])
  })

  test('asks for no more while nobody takes what came', async () => {
    await s3.hold(LIBRARY)
    const batches = (await openedStore()).list()[Symbol.asyncIterator]()
    await batches.next()
    const asked = await settledTally()
    expect(asked.pages).toBeLessThan(25)
    await batches.next()
    expect((await settledTally()).pages - asked.pages).toBeLessThanOrEqual(1)
    await batches.return?.()
  })

  test('can be called off', async () => {
    await s3.hold(LIBRARY)
    const store = await openedStore()
    const callingOff = new AbortController()
    const batches = store.list({ signal: callingOff.signal })[Symbol.asyncIterator]()
    await batches.next()
    callingOff.abort(new Error('not needed any more'))
    await expect(exhaust(batches)).rejects.toThrow('not needed any more')
    await expect(listedKeys(store, { signal: AbortSignal.abort() })).rejects.toThrow('aborted')
  })

  test.each([
    { kind: 'status', status: 503, code: 'SlowDown' },
    { kind: 'reset' },
    { kind: 'silence' },
    { kind: 'stall' },
    { kind: 'half document' },
    { kind: 'empty answer' },
    { kind: 'web page' },
    { kind: 'miscounted' },
  ] as const)('survives a $kind that passes', async (fault) => {
    await s3.hold(LIBRARY)
    await s3.lie({ listing: { ...fault, page: 9, times: 2 } })
    const store = await openedStore({ patience: { ...patience(), requestMilliseconds: 1_500 } })
    expect(await listedKeys(store)).toHaveLength(KEYS.length)
    const { pages, requests } = await s3.tally()
    expect(requests).toBeGreaterThanOrEqual(pages + 2)
  })
})

type Unplaced<L> = L extends ListingLie ? Omit<L, 'page' | 'times'> : never

const FAULTS: [what: string, Unplaced<ListingLie>, reasons: string[], words: RegExp][] = [
  [
    'an error 500',
    { kind: 'status', status: 500, code: 'InternalError' },
    ['server error'],
    /500 InternalError/,
  ],
  ['an error 503', { kind: 'status', status: 503, code: 'SlowDown' }, ['server error'], /503 SlowDown/],
  [
    'a refusal',
    { kind: 'status', status: 403, code: 'AccessDenied' },
    ['refused'],
    /The credentials do not allow reading/,
  ],
  [
    'no such bucket',
    { kind: 'status', status: 404, code: 'NoSuchBucket' },
    ['not found'],
    /There is no bucket "films"/,
  ],
  ['a reset within the answer', { kind: 'reset' }, ['unreachable'], /broke off \(ECONNRESET\)/],
  ['silence', { kind: 'silence' }, ['timed out'], /did not answer within 0.2 seconds/],
  ['half an answer that never ends', { kind: 'stall' }, ['timed out'], /did not answer within 0.2 seconds/],
  ['half a document', { kind: 'half document' }, ['garbled'], /no S3 answer/],
  ['an empty 200', { kind: 'empty answer' }, ['garbled'], /no listing/],
  ['a web page', { kind: 'web page' }, ['garbled'], /no listing/],
  ['more to come and no token', { kind: 'truncated without token' }, ['no token'], /not how to ask/],
  ['more to come after nothing', { kind: 'empty page' }, ['empty page'], /follow an empty page/],
  [
    'the same token twice',
    { kind: 'same token' },
    ['same token', 'out of order'],
    /gave before|keys may be missing/,
  ],
  ['keys out of order', { kind: 'out of order' }, ['out of order'], /keys may be missing/],
  ['fewer keys than counted', { kind: 'miscounted' }, ['cut short'], /announced \d+ keys and named \d+/],
]

describe('a listing is incomplete, and says at which page and why, after', () => {
  describe.each(FAULTS)('%s', (_, fault, reasons, words) => {
    test.each(['first', 'middle', 'last'] as const)('on the %s page', async (place) => {
      const failure = await failureOfListing({ ...fault, page: await pageNumber(place) })
      expect(reasons).toContain(failure.reason)
      expect(failure.message).toMatch(words)
      expect(failure.message).toMatch(/^The listing of s3:\/\/films\/library\/.* stopped at page \d+: /)
      expect(failure.page).toBeGreaterThan(0)
    })
  })

  test.each(['middle', 'last'] as const)('a key that was not asked for on the %s page', async (place) => {
    const failure = await failureOfListing({ kind: 'foreign key', page: await pageNumber(place) })
    expect(failure.reason).toBe('outside the prefix')
    expect(failure.message).toContain('"%FF/foreign.jpg"')
  })

  test.each(['middle', 'last'] as const)('a page that begins anew on the %s page', async (place) => {
    const failure = await failureOfListing({ kind: 'deaf to start-after', page: await pageNumber(place) })
    expect(failure.reason).toBe('out of order')
  })

  test.each([2, 3, 4, 5, 6])('page %i of one creator comes again and again', async (page) => {
    await s3.hold({ keys: KEYS.slice(0, 30), pageSizes: [7] })
    expect(await failureOfListing({ kind: 'repeated page', page })).toMatchObject({
      reason: 'out of order',
      page,
    })
  })

  test.each([3, 4, 5, 6])('page %i of one creator leads back to itself', async (page) => {
    await s3.hold({ keys: KEYS.slice(0, 30), pageSizes: [7] })
    const failure = await failureOfListing({ kind: 'same token', page })
    expect(failure).toMatchObject({ reason: 'same token', page: page - 1 })
  })

  test('each of the pages, wherever it fails', async () => {
    const last = await pageNumber('last')
    const store = await openedStore()
    for (let page = 1; page <= last; page++) {
      await s3.lie({ listing: { kind: 'truncated without token', page } })
      await expect(listedKeys(store), `page ${page}`).rejects.toThrow(ListingIncomplete)
    }
  })

  test('nothing answers, naming the endpoint', async () => {
    const endpoint = `http://127.0.0.1:${await unusedPort()}`
    await expect(listedKeys(await openedStore({ endpoint }))).rejects.toMatchObject({
      reason: 'unreachable',
      page: 1,
      message: expect.stringContaining(`Nothing answers at ${endpoint} (ECONNREFUSED). Check S3_ENDPOINT.`),
    })
  })

  test('the host is not known, naming it', async () => {
    await expect(listedKeys(await openedStore({ endpoint: 'http://nowhere.invalid' }))).rejects.toMatchObject(
      {
        reason: 'unreachable',
        message: expect.stringContaining('nowhere.invalid'),
      },
    )
  })

  test('no secure connection, naming the endpoint', async () => {
    const endpoint = s3.endpoint.replace('http:', 'https:')
    await expect(listedKeys(await openedStore({ endpoint }))).rejects.toMatchObject({
      reason: 'unreachable',
      message: expect.stringContaining(`No secure connection to ${endpoint}`),
    })
  })
})

test('a listing that ends cleanly and hides some keys contradicts HEAD, which finds them', async () => {
  await s3.hold(LIBRARY)
  await s3.lie({ hiddenShare: 0.03 })
  const store = await openedStore()
  const listed = new Set(await listedKeys(store))
  const hidden = KEYS.map((key) => key.slice('library/'.length)).filter((key) => !listed.has(key))
  expect(hidden).toHaveLength(10)
  for (const key of hidden) expect(await store.head(key)).toMatchObject({ key })
})

describe('asking for one object', () => {
  test('finds it, the whole or a span, or says that it is not there', async () => {
    await s3.hold(LIBRARY)
    const store = await openedStore()
    const key = 'creator-00/post-0/0.jpg'
    const whole = `the object library/${key}`
    expect(await store.head(key)).toMatchObject({ key, size: whole.length })
    expect(await content(store, key)).toBe(whole)
    expect(await content(store, key, { start: 4, end: 9 })).toBe('object')
    expect(await store.head('creator-00/none.jpg')).toBeNull()
    expect(await store.read('creator-00/none.jpg')).toBeNull()
    expect(await store.head('')).toBeNull()
    expect(await store.read('')).toBeNull()
  })

  test('does not call an object missing when the bucket is', async () => {
    await s3.hold(LIBRARY)
    await s3.lie({ hasNoBucket: true })
    const store = await openedStore()
    await expect(store.head('creator-00/post-0/0.jpg')).rejects.toThrow('There is no bucket "films"')
    await expect(store.read('creator-00/post-0/0.jpg')).rejects.toThrow(Unavailable)
    await expect(store.ping()).rejects.toThrow('Check S3_BUCKET')
  })
})

describe('readiness', () => {
  test('is there when the bucket answers, filled or empty', async () => {
    const store = await openedStore()
    await s3.hold(LIBRARY)
    await store.ping()
    await s3.hold({ keys: [] })
    await store.ping()
  })

  test('is not there when the bucket answers with an error, and is not asked for twice', async () => {
    await s3.hold(LIBRARY)
    await s3.lie({ listing: { kind: 'status', status: 503, code: 'SlowDown', page: 1 } })
    await expect((await openedStore()).ping()).rejects.toThrow(Unavailable)
    expect(await s3.tally()).toEqual({ pages: 1, requests: 1 })
  })
})

test('the store is named without its secrets', async () => {
  const { source } = await openedStore()
  expect(source).toBe(`s3://films/library/ at ${new URL(s3.endpoint).host}`)
})

async function openedStore(settings: Partial<S3StoreSettings> = {}): Promise<MediaStore> {
  const store = await openS3Store({
    bucket: 'films',
    region: 'us-east-1',
    endpoint: s3.endpoint,
    accessKeyId: 'TESTKEY',
    secretAccessKey: 'TESTSECRET',
    prefix: 'library/',
    linkSeconds: 1800,
    patience: patience(),
    ...settings,
  })
  onTestFinished(() => store.close())
  return store
}

/** Four attempts in quick succession; what never comes need not be waited for any longer. */
function patience(fault?: { kind: ListingLie['kind'] }): Patience {
  const isEndless = fault?.kind === 'silence' || fault?.kind === 'stall'
  return { attempts: 4, requestMilliseconds: isEndless ? 200 : 10_000, pauseMilliseconds: 1 }
}

async function listedKeys(store: MediaStore, options?: ListOptions) {
  const objects = (await collect(store.list(options))).flat()
  return objects.map(({ key }) => key).toSorted(compareKeys)
}

async function collect<T>(items: AsyncIterable<T>) {
  const collected: T[] = []
  for await (const item of items) collected.push(item)
  return collected
}

async function exhaust(items: AsyncIterator<unknown>) {
  while (!(await items.next()).done);
}

async function pageNumber(place: 'first' | 'middle' | 'last') {
  await s3.hold(LIBRARY)
  if (place === 'first') return 1
  pagesOfLibrary ??= await countPages()
  return place === 'last' ? pagesOfLibrary : Math.ceil(pagesOfLibrary / 2)
}

let pagesOfLibrary: number | undefined

async function countPages() {
  await listedKeys(await openedStore())
  return (await s3.tally()).pages
}

async function failureOfListing(listing: ListingLie): Promise<ListingIncomplete> {
  await s3.lie({ listing })
  const store = await openedStore({ patience: patience(listing) })
  const failure = await listedKeys(store).catch((error: unknown) => error)
  if (failure instanceof ListingIncomplete) return failure
  throw new Error('The listing ought to have failed', { cause: failure })
}

/** How much was asked for once nothing more comes in. */
async function settledTally() {
  let tally = await s3.tally()
  for (let rounds = 0; rounds < 50; rounds++) tally = await s3.tally()
  return tally
}

async function content(store: MediaStore, key: string, range?: { start: number; end: number }) {
  const stream = await store.read(key, range)
  return stream && (await buffer(stream)).toString()
}

async function unusedPort() {
  const server = net.createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as net.AddressInfo
  await once(server.close(), 'close')
  return port
}
