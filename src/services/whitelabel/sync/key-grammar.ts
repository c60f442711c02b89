import type { MEDIA_TYPES } from '#src/db/schema.ts'
import { extensionOf, mediaType, partType } from '#src/storage/media-type.ts'

export const ART_KINDS = ['icon', 'banner', 'cover'] as const

/** What an object of the bucket is to the library, by its key alone (the table in spec §2). */
export type KeyMeaning =
  | { kind: 'media'; model: string; post: string; type: (typeof MEDIA_TYPES)[number] }
  | { kind: 'art'; model: string; art: (typeof ART_KINDS)[number] }
  /** The files beside it decide whether it is a video or a part of one. */
  | { kind: 'playlist'; model: string; post: string }
  | { kind: 'captions' }
  /** No media, unless a playlist in its folder makes it a part of a stream. */
  | { kind: 'other'; because: string }
  | { kind: 'ignored'; because: string }
  | { kind: 'quarantined'; reason: string }

/** S3 takes no longer ones; only a lying server lists them. */
const LONGEST_KEY_BYTES = 1_024
const CONTROL_CHARACTER = /\p{Cc}/u
/** Browsers resolve these away before they ask, even when they are percent-encoded (WHATWG URL, "dot segments"). */
const DOT_SEGMENT = /(?:^|\/)\.\.?(?:\/|$)/
const PRINTABLE_ASCII = /^[\x20-\x7e]*$/
const PROFILE = 'profile'
const ART_FILE = /^(icon|banner|cover)\.(?:jpe?g|png|webp|avif)$/i

/** @param isUtf8 whether the store's bytes were valid UTF-8; `key` is only readable when they were. */
export function meaningOf(key: string, isUtf8: boolean): KeyMeaning {
  const reason = quarantineReason(key, isUtf8)
  if (reason) return { kind: 'quarantined', reason }
  if (key === '' || key.endsWith('/')) return { kind: 'ignored', because: 'folder marker' }
  if (key.startsWith('/') || key.includes('//')) return { kind: 'ignored', because: 'empty folder name' }

  const modelEnd = key.indexOf('/')
  if (modelEnd < 0) return { kind: 'ignored', because: 'outside a creator folder' }
  const model = key.slice(0, modelEnd)
  const postEnd = key.indexOf('/', modelEnd + 1)
  const post = postEnd < 0 ? '' : key.slice(modelEnd + 1, postEnd)
  return post === PROFILE ? profileMeaning(model, key.slice(postEnd + 1)) : postMeaning(model, post, key)
}

function postMeaning(model: string, post: string, key: string): KeyMeaning {
  const type = mediaType(key)
  if (type) return { kind: 'media', model, post, type: type.kind }
  const part = partType(key)?.kind
  if (part === 'captions') return { kind: 'captions' }
  // A playlist beside all posts would make one video of a whole creator.
  if (part === 'playlist' && post !== '') return { kind: 'playlist', model, post }
  const extension = extensionOf(key)
  return { kind: 'other', because: extension === '' ? 'no extension' : `.${extension}` }
}

function profileMeaning(model: string, file: string): KeyMeaning {
  const name = ART_FILE.exec(file)?.[1]?.toLowerCase()
  const art = ART_KINDS.find((kind) => kind === name)
  return art ? { kind: 'art', model, art } : { kind: 'ignored', because: 'in a profile folder' }
}

/** Why no browser could fetch this key, however it is encoded; null when it could. */
function quarantineReason(key: string, isUtf8: boolean): string | null {
  if (!isUtf8) return 'The name is not valid UTF-8.'
  const isAscii = PRINTABLE_ASCII.test(key)
  const bytes = isAscii ? key.length : Buffer.byteLength(key)
  if (bytes > LONGEST_KEY_BYTES) return 'The name is longer than 1,024 bytes.'
  if (!isAscii && CONTROL_CHARACTER.test(key)) return 'The name has a control character.'
  if ((key.startsWith('.') || key.includes('/.')) && DOT_SEGMENT.test(key))
    return 'A folder is called "." or "..".'
  return null
}

/** More of a key than any store takes is shown to nobody. */
const LONGEST_SHOWN = LONGEST_KEY_BYTES

/** The key as it can be shown in a list or a log: control characters as `%XX`, and cut where no key can be so long. */
export function printableKey(key: string): string {
  const shown = key.length > LONGEST_SHOWN ? `${key.slice(0, LONGEST_SHOWN)}…` : key
  return shown.toWellFormed().replace(/\p{Cc}/gu, (character) => encodeURIComponent(character))
}
