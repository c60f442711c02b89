import type { ByteRange } from '#src/storage/media-store.ts'

const SINGLE_RANGE = /^bytes=\s*(\d*)-(\d*)\s*$/i

/**
 * The span a `Range` header asks for (RFC 9110 §14.1.2), or null for the whole: without a header, for another
 * unit, a malformed one or several ranges, all of which a server may ignore.
 */
export function requestedRange(header: string | undefined, size: number): ByteRange | 'unsatisfiable' | null {
  const [, first = '', last = ''] = SINGLE_RANGE.exec(header ?? '') ?? []
  if (first === '' && last === '') return null
  return first === ''
    ? suffix(Number(last), size)
    : span(Number(first), last === '' ? null : Number(last), size)
}

function suffix(length: number, size: number) {
  if (length === 0 || size === 0) return 'unsatisfiable'
  return { start: Math.max(0, size - length), end: size - 1 }
}

function span(start: number, last: number | null, size: number) {
  if (last !== null && last < start) return null
  if (start >= size) return 'unsatisfiable'
  return { start, end: Math.min(last ?? size - 1, size - 1) }
}
