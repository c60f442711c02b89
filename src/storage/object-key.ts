import { isUtf8 } from 'node:buffer'

const NEEDS_ENCODING = /[^A-Za-z0-9\-._~/]/
const RUNS_TO_ENCODE = /[^A-Za-z0-9\-._~/]+/gu
const PERCENT = Array.from(
  { length: 256 },
  (_, byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`,
)

/**
 * The key as it stands in a link: RFC 3986 unreserved characters and `/` as they are, every other UTF-8 byte
 * as `%XX`. This is the one form SigV4 accepts for S3; `encodeURIComponent` leaves `!'()*` alone.
 */
export function encodeKey(key: string): string {
  if (!NEEDS_ENCODING.test(key)) return key
  return key.replace(RUNS_TO_ENCODE, (run) => percentEncode(Buffer.from(run)))
}

/** As `encodeKey`, for a key that may not be UTF-8. */
export function encodeKeyBytes(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    .toString('latin1')
    .replace(RUNS_TO_ENCODE, (run) => percentEncode(Buffer.from(run, 'latin1')))
}

/** The key behind its percent-encoded form, or null when that is malformed or not UTF-8. `+` stays a plus. */
export function decodeKey(encodedKey: string): string | null {
  try {
    return decodeURIComponent(encodedKey)
  } catch (error) {
    if (error instanceof URIError) return null
    throw error
  }
}

/** A key from its bytes, as a `ListedObject` carries it. */
export function keyFromBytes(bytes: Uint8Array): { key: string; isUtf8: boolean } {
  return isUtf8(bytes)
    ? { key: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString(), isUtf8: true }
    : { key: encodeKeyBytes(bytes), isUtf8: false }
}

/**
 * Negative, zero or positive: the order of S3 listings and of PostgreSQL's "C" collation, by UTF-8 bytes.
 * JavaScript's own order is by UTF-16 units and puts emoji before U+E000 to U+FFFF.
 */
export function compareKeys(left: string, right: string): number {
  const shorter = Math.min(left.length, right.length)
  for (let index = 0; index < shorter; index++) {
    const difference = utf8Rank(left.charCodeAt(index)) - utf8Rank(right.charCodeAt(index))
    if (difference !== 0) return difference
  }
  return left.length - right.length
}

/** Surrogates stand for code points above U+FFFF, so they rank above every other unit. */
function utf8Rank(unit: number) {
  return (unit & 0xf800) === 0xd800 ? unit + 0x10000 : unit
}

function percentEncode(bytes: Uint8Array) {
  let encoded = ''
  for (const byte of bytes) encoded += PERCENT[byte]
  return encoded
}
