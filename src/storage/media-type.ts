export interface MediaType {
  kind: 'image' | 'video'
  contentType: string
  /** Whether the browsers of today show it; the others are offered for download, never as a broken player. */
  playable: boolean
}

export interface PartType {
  kind: 'playlist' | 'segment' | 'captions'
  contentType: string
}

const image = (contentType: string): MediaType => ({ kind: 'image', contentType, playable: true })
const video = (contentType: string): MediaType => ({ kind: 'video', contentType, playable: true })
const videoToDownload = (contentType: string): MediaType => ({ kind: 'video', contentType, playable: false })

const TYPES = new Map<string, MediaType>([
  ['jpg', image('image/jpeg')],
  ['jpeg', image('image/jpeg')],
  ['png', image('image/png')],
  ['webp', image('image/webp')],
  ['avif', image('image/avif')],
  ['gif', image('image/gif')],
  ['mp4', video('video/mp4')],
  ['m4v', video('video/mp4')],
  ['webm', video('video/webm')],
  // Phones write H.264 or HEVC into it. Chrome plays that from `src`, but skips a `<source>` that names this type.
  ['mov', video('video/quicktime')],
  ['mkv', videoToDownload('video/x-matroska')],
  ['avi', videoToDownload('video/x-msvideo')],
  ['wmv', videoToDownload('video/x-ms-wmv')],
  ['flv', videoToDownload('video/x-flv')],
])

export const PLAYABLE_EXTENSIONS = [...TYPES]
  .filter(([, { playable }]) => playable)
  .map(([extension]) => extension)

/** What belongs to a video beside its own file (RFC 8216 and WebVTT). */
const PARTS = new Map<string, PartType>([
  ['m3u8', { kind: 'playlist', contentType: 'application/vnd.apple.mpegurl' }],
  ['ts', { kind: 'segment', contentType: 'video/mp2t' }],
  ['m4s', { kind: 'segment', contentType: 'video/iso.segment' }],
  ['aac', { kind: 'segment', contentType: 'audio/aac' }],
  ['vtt', { kind: 'captions', contentType: 'text/vtt; charset=utf-8' }],
])

/** What a file's name says it is, by its extension in any case, or null for what is no media of ours. */
export function mediaType(key: string): MediaType | null {
  return TYPES.get(extensionOf(key)) ?? null
}

/** As `mediaType`, for what is no media by itself but makes one together with others. */
export function partType(key: string): PartType | null {
  return PARTS.get(extensionOf(key)) ?? null
}

/** Whether the video with this key is a stream: its file names the files that are played. */
export const isPlaylist = (key: string) => key.endsWith('8') && extensionOf(key) === 'm3u8'

/** The extension in lower case without the dot, or '' when the last segment has none. A leading dot starts a name, not an extension. */
export function extensionOf(key: string): string {
  const name = key.slice(key.lastIndexOf('/') + 1)
  const dot = name.lastIndexOf('.')
  return dot > 0 ? name.slice(dot + 1).toLowerCase() : ''
}
