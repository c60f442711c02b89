import { isPlaylist } from '#src/storage/media-type.ts'
import { decodeKey } from '#src/storage/object-key.ts'

/** Where the addresses of a playlist lead. */
export interface PlaylistLinks {
  playlist(key: string): string
  file(key: string): string
}

export interface PlaylistPlace {
  /** Of the playlist itself, decoded. */
  key: string
  /** The stream's folder: nothing outside of it belongs to the video. */
  folder: string
}

/** The playlist is none, or names what is not its own. Tells the owner what is wrong, without a name of a file. */
export class UnusablePlaylist extends Error {}

const LINE_BREAK = /[\r\n\u2028\u2029]+/
/** A name is never looked for from its middle, which would take the square of its length. */
const ATTRIBUTE = /(?<![A-Z0-9-])([A-Z0-9-]{1,64})=("[^"]*"|[^",]*)/g
/** Films of ten hours in pieces of two seconds; each becomes a link some hundred bytes long. */
const MOST_LINES = 50_000
/** A key has at most 1,024 bytes, each of which may be written as three. */
const LONGEST_LINE = 8_192
/** URI, and what newer versions call the addresses that players load by themselves (draft-pantos-hls-rfc8216bis). */
const ADDRESS_ATTRIBUTE = /^(?:URI|.+-URI|X-ASSET-LIST)$/
/** Tags whose addresses are playlists, whatever these are called (RFC 8216, 4.3.4). */
const NAMES_PLAYLIST = /^#EXT-X-(?:MEDIA|I-FRAME-STREAM-INF|RENDITION-REPORT):/
const SCHEME = /^[a-z][a-z0-9+.-]*:/i
const CONTROL_CHARACTER = /\p{Cc}/u

/**
 * The playlist with a link in place of every address (RFC 8216): players ask for addresses as they stand, and none of
 * the store's works without a signature.
 * @throws UnusablePlaylist
 */
export function rewritePlaylist(text: string, place: PlaylistPlace, links: PlaylistLinks): string {
  const lines = text.split(LINE_BREAK).map((line) => line.trim())
  if (lines.length > MOST_LINES) throw new UnusablePlaylist('It has too many lines.')
  if (lines.some((line) => line.length > LONGEST_LINE))
    throw new UnusablePlaylist('One of its lines is too long.')
  if (lines[0] !== '#EXTM3U') throw new UnusablePlaylist('It does not begin with #EXTM3U.')

  const linkTo = (uri: string, isInner: boolean) => {
    const key = keyOf(uri, place)
    return isInner || isPlaylist(key) ? links.playlist(key) : links.file(key)
  }
  let tag = ''
  const rewritten = lines.filter(says).map((line) => {
    if (!line.startsWith('#')) return linkTo(line, tag.startsWith('#EXT-X-STREAM-INF:'))
    tag = line
    return withLinks(line, (uri) => linkTo(uri, NAMES_PLAYLIST.test(line)))
  })
  return `${rewritten.join('\n')}\n`
}

/** Neither blank nor a comment: those may say anything, and mean nothing. */
const says = (line: string) => line !== '' && (!line.startsWith('#') || line.startsWith('#EXT'))

/** The title behind #EXTINF is free text, and no list of attributes. */
function withLinks(tag: string, linkTo: (uri: string) => string) {
  if (tag.startsWith('#EXTINF:')) return tag
  return tag.replace(ATTRIBUTE, (attribute, name: string, value: string) =>
    ADDRESS_ATTRIBUTE.test(name) ? `${name}="${linkTo(value.replaceAll('"', ''))}"` : attribute,
  )
}

/** The key that the address means, resolved as RFC 3986 says. @throws UnusablePlaylist when it leaves the stream. */
function keyOf(uri: string, { key, folder }: PlaylistPlace): string {
  const path = decodeKey(uri.replace(/[?#].*$/, ''))
  if (SCHEME.test(uri) || uri.startsWith('/')) throw new UnusablePlaylist('It names an address elsewhere.')
  if (path === null || CONTROL_CHARACTER.test(path))
    throw new UnusablePlaylist('It names what cannot be a file.')

  const segments = key.split('/').slice(0, -1)
  for (const segment of path.split('/')) {
    if (segment === '') throw new UnusablePlaylist('It names what cannot be a file.')
    if (segment === '..') segments.pop()
    else if (segment !== '.') segments.push(segment)
  }
  const named = segments.join('/')
  if (!named.startsWith(`${folder}/`))
    throw new UnusablePlaylist('It names a file outside of its own folder.')
  return named
}
