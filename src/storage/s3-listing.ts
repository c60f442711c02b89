import { interleave } from '#src/storage/interleave.ts'
import { ListingIncomplete } from '#src/storage/listing-incomplete.ts'
import type { ListedObject } from '#src/storage/media-store.ts'
import { keyFromBytes } from '#src/storage/object-key.ts'
import { S3Failure } from '#src/storage/s3-failure.ts'
import { type BucketPage, type ByteString, toBytes, toListedObject } from '#src/storage/s3-page.ts'

/** Requests under way at any time; each lane holds at most one page of 1,000 keys that nobody took yet. */
const LANES = 8
/** More ranges than lanes, so that a lane whose creators are small takes another. */
const MOST_RANGES = 32

export interface PageRequest {
  Prefix: string
  StartAfter?: string
  Delimiter?: string
  ContinuationToken?: string
  MaxKeys?: number
}

/** @throws S3Failure */
export type AskPage = (request: PageRequest, signal: AbortSignal) => Promise<BucketPage>

export interface Bucket {
  /** `s3://bucket/prefix`, for messages. */
  name: string
  /** `S3_PREFIX`: what every key begins with. */
  prefix: string
  askPage: AskPage
}

/** The keys after one, up to and including another; open where undefined. */
interface KeyRange {
  after: string | undefined
  upTo: string | undefined
}

/**
 * Every object of the bucket, page by page, several ranges of keys side by side. The folders at the top only say
 * where to cut: each range is then listed flat, so that a folder missing among them makes one range longer and
 * the listing no shorter.
 * @throws ListingIncomplete
 */
export async function* listBucket(bucket: Bucket, signal?: AbortSignal): AsyncGenerator<ListedObject[]> {
  signal?.throwIfAborted()
  const stopping = new AbortController()
  const stop = () => stopping.abort(signal?.reason)
  signal?.addEventListener('abort', stop)
  try {
    const ranges = cutRanges(await topFolders(bucket, stopping.signal)).values()
    const lanes = Array.from({ length: LANES }, () => rangesInTurn(bucket, ranges, stopping.signal))
    yield* interleave(lanes, stop)
  } finally {
    signal?.removeEventListener('abort', stop)
  }
}

async function topFolders(bucket: Bucket, signal: AbortSignal): Promise<string[]> {
  const folders: string[] = []
  for await (const page of provenPages(bucket, { Delimiter: '/' }, `${bucket.name} (its folders)`, signal)) {
    for (const prefix of page.prefixes) {
      const { key, isUtf8 } = keyFromBytes(Buffer.from(prefix, 'latin1'))
      // A request can only name a place to start that is UTF-8.
      if (isUtf8) folders.push(key)
    }
  }
  return folders
}

function cutRanges(folders: string[]): KeyRange[] {
  const count = Math.max(1, Math.min(folders.length, MOST_RANGES))
  const cuts = Array.from(
    { length: count - 1 },
    (_, index) => folders[Math.floor(((index + 1) * folders.length) / count)],
  )
  return [undefined, ...cuts].map((after, index) => ({ after, upTo: cuts[index] }))
}

/** Lists one range after another while there are some left; all lanes take from the same `ranges`. */
async function* rangesInTurn(bucket: Bucket, ranges: Iterator<KeyRange>, signal: AbortSignal) {
  for (let range = ranges.next(); !range.done; range = ranges.next())
    yield* objectsOf(bucket, range.value, signal)
}

async function* objectsOf(bucket: Bucket, { after, upTo }: KeyRange, signal: AbortSignal) {
  const start = after === undefined ? {} : { StartAfter: after }
  const end = upTo === undefined ? undefined : toBytes(upTo, false)
  const prefixLength = toBytes(bucket.prefix, false).length

  for await (const { objects } of provenPages(bucket, start, nameOf(bucket, { after, upTo }), signal)) {
    const within = end === undefined ? objects : objects.filter(({ bytes }) => bytes <= end)
    if (within.length > 0) yield within.map((object) => toListedObject(object, prefixLength))
    if (within.length < objects.length) return
  }
}

function nameOf({ name }: Bucket, { after, upTo }: KeyRange) {
  const from = after === undefined ? '' : ` after ${JSON.stringify(after)}`
  const to = upTo === undefined ? '' : ` up to ${JSON.stringify(upTo)}`
  return name + from + to
}

/**
 * The pages of one request, each proven to follow the one before: every key begins with the prefix and comes
 * after the last, and no token leads back.
 */
async function* provenPages(
  { askPage, prefix }: Bucket,
  request: Omit<PageRequest, 'Prefix'>,
  name: string,
  signal: AbortSignal,
): AsyncGenerator<BucketPage> {
  const follows = sequence(toBytes(prefix, false), toBytes(request.StartAfter ?? '', false))
  let token: string | null | undefined
  for (let number = 1; token !== null; number++) {
    const page = await onPage(number, name, async () => {
      const continued = token ? { ContinuationToken: token } : {}
      return follows(await askPage({ Prefix: prefix, ...request, ...continued }, signal))
    })
    yield page
    token = page.next
  }
}

async function onPage<T>(page: number, name: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask()
  } catch (error) {
    if (!(error instanceof S3Failure)) throw error
    throw new ListingIncomplete(error.message, { page, prefix: name, reason: error.reason }, { cause: error })
  }
}

/** Checks one page after another, remembering where the last one ended. */
function sequence(prefix: ByteString, start: ByteString) {
  const tokens = new Set<string>()
  let lastObject = start
  let lastFolder = start

  return function follows(page: BucketPage): BucketPage {
    if (page.next !== null && tokens.has(page.next))
      throw broken('same token', 'The store leads back to a page it gave before.')
    if (page.next !== null) tokens.add(page.next)
    lastObject = inOrder(
      page.objects.map(({ bytes }) => bytes),
      lastObject,
      prefix,
    )
    lastFolder = inOrder(page.prefixes, lastFolder, prefix)
    return page
  }
}

/** The last of the names, all of them under the prefix and each greater than the one before. */
function inOrder(names: ByteString[], last: ByteString, prefix: ByteString): ByteString {
  let previous = last
  for (const name of names) {
    if (!name.startsWith(prefix))
      throw broken('outside the prefix', `The store names ${quoted(name)}, which was not asked for.`)
    if (name <= previous) {
      throw broken(
        'out of order',
        `The store names ${quoted(name)} after ${quoted(previous)}, so keys may be missing.`,
      )
    }
    previous = name
  }
  return previous
}

function quoted(bytes: ByteString) {
  return JSON.stringify(keyFromBytes(Buffer.from(bytes, 'latin1')).key)
}

function broken(reason: S3Failure['reason'], words: string) {
  return new S3Failure(reason, words, { isPassing: false })
}
