import type { ListedObject } from '#src/storage/media-store.ts'
import { keyFromBytes } from '#src/storage/object-key.ts'
import { S3Failure } from '#src/storage/s3-failure.ts'

/**
 * A key as a string of one character per byte: JavaScript's order of those is the order of the bytes,
 * and a key that is not UTF-8 has one too.
 */
export type ByteString = string

/** An answer to ListObjectsV2 as far as we read it, whatever the store chose to say. */
export interface PageAnswer {
  IsTruncated?: boolean | undefined
  NextContinuationToken?: string | undefined
  KeyCount?: number | undefined
  EncodingType?: string | undefined
  Contents?: ObjectAnswer[] | undefined
  CommonPrefixes?: { Prefix?: string | undefined }[] | undefined
}

interface ObjectAnswer {
  Key?: string | undefined
  Size?: number | undefined
  ETag?: string | undefined
  LastModified?: Date | undefined
}

export interface BucketObject extends Pick<ListedObject, 'size' | 'etag' | 'lastModified'> {
  bytes: ByteString
}

export interface BucketPage {
  objects: BucketObject[]
  /** What lies between the prefix asked for and the next delimiter, where one was given. */
  prefixes: ByteString[]
  /** The token that leads to the next page; null on the last. */
  next: string | null
}

/**
 * The page an answer holds.
 * @throws S3Failure when the answer contradicts itself, as those of broken stores and cut connections do
 */
export function readPage(answer: PageAnswer): BucketPage {
  const isEncoded = answer.EncodingType === 'url'
  const objects = (answer.Contents ?? []).map((object) => readObject(object, isEncoded))
  const prefixes = (answer.CommonPrefixes ?? []).map(({ Prefix }) => toBytes(Prefix ?? '', isEncoded))
  const count = objects.length + prefixes.length

  if (answer.IsTruncated === undefined)
    throw contradiction('garbled', 'The store answered with something that is no listing.')
  if (answer.KeyCount !== undefined && answer.KeyCount !== count) {
    throw contradiction('cut short', `The store announced ${answer.KeyCount} keys and named ${count}.`)
  }
  if (!answer.IsTruncated) return { objects, prefixes, next: null }
  if (!answer.NextContinuationToken)
    throw contradiction('no token', 'The store says that more follow, but not how to ask for them.')
  if (count === 0) throw contradiction('empty page', 'The store says that more follow an empty page.')
  return { objects, prefixes, next: answer.NextContinuationToken }
}

/** The object under the key that remains behind a prefix of so many bytes. */
export function toListedObject({ bytes, ...facts }: BucketObject, prefixLength: number): ListedObject {
  const name = bytes.slice(prefixLength)
  return NOT_ASCII.test(name)
    ? { ...keyFromBytes(Buffer.from(name, 'latin1')), ...facts }
    : { key: name, isUtf8: true, ...facts }
}

/** The bytes of a name as listings spell it: a plus is a space when the store says that it encoded. */
export function toBytes(name: string, isEncoded: boolean): ByteString {
  const bytes = NOT_ASCII.test(name) ? Buffer.from(name).toString('latin1') : name
  if (!isEncoded || !ENCODED.test(bytes)) return bytes
  return bytes
    .replaceAll('+', ' ')
    .replace(PERCENT, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: the range is all of ASCII.
const NOT_ASCII = /[^\x00-\x7f]/
const ENCODED = /[%+]/
const PERCENT = /%([0-9A-Fa-f]{2})/g

function readObject({ Key, Size, ETag, LastModified }: ObjectAnswer, isEncoded: boolean): BucketObject {
  if (Key === undefined || Size === undefined || ETag === undefined || LastModified === undefined) {
    throw contradiction(
      'garbled',
      `The store named an object without its ${Key ? 'size, time or etag' : 'key'}.`,
    )
  }
  return { bytes: toBytes(Key, isEncoded), size: Size, etag: withoutQuotes(ETag), lastModified: LastModified }
}

export function withoutQuotes(etag: string) {
  return etag.replaceAll('"', '')
}

function contradiction(reason: S3Failure['reason'], words: string) {
  return new S3Failure(reason, words, { isPassing: true })
}
