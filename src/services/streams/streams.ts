import type { Deps } from '#src/deps.ts'
import { AppError, NotFound } from '#src/errors.ts'
import type { MediaStore } from '#src/storage/media-store.ts'
import { isPlaylist } from '#src/storage/media-type.ts'
import { decodeKey, encodeKey } from '#src/storage/object-key.ts'
import { shownVideo, videoOfShownCaptions } from './queries/shown-video.ts'
import { rewritePlaylist, UnusablePlaylist } from './rewrite-playlist.ts'
import { type StreamLink, streamSigner } from './stream-links.ts'

export type StreamDeps = Pick<Deps, 'database' | 'media' | 'streamKey' | 'log'> & {
  env: Pick<Deps['env'], 'MEDIA_LINK_SECONDS'>
}

/** What belongs to a video cannot be shown as it is, and will not be until its owner mends it. */
export class BrokenStream extends AppError {
  override readonly status = 422
  override readonly code = 'broken-stream'
}

const LARGEST_PLAYLIST_BYTES = 2 * 1024 * 1024
const LARGEST_CAPTIONS_BYTES = 1024 * 1024
const WEBVTT = /^WEBVTT(?:[ \t\r\n]|$)/

/**
 * The playlist behind a valid link, in which every address is a link that ends when that one does.
 * @throws NotFound when the video is not shown now, or the playlist is not there.
 * @throws BrokenStream when it is no playlist, or names what is not its own.
 */
export async function readPlaylist(deps: StreamDeps, link: StreamLink): Promise<string> {
  const video = keyIn(link.video || link.encodedKey)
  const id = isPlaylist(video) ? await shownVideo(deps.database.db, video) : null
  if (id === null) throw new NotFound('This video is no longer shown.')

  const key = keyIn(link.encodedKey)
  return orBroken(deps, id, async () => {
    const text = await readText(deps.media, key, LARGEST_PLAYLIST_BYTES)
    return rewritePlaylist(text, { key, folder: folderOf(video) }, linksWithin(deps, link, video))
  })
}

/**
 * The captions behind a valid link.
 * @throws NotFound when their video is not shown now, or the file is not there.
 * @throws BrokenStream when it holds no captions.
 */
export async function readCaptions(deps: StreamDeps, { encodedKey }: StreamLink): Promise<string> {
  const key = keyIn(encodedKey)
  const id = await videoOfShownCaptions(deps.database.db, key)
  if (id === null) throw new NotFound('These captions are no longer shown.')

  return orBroken(deps, id, async () => {
    const text = await readText(deps.media, key, LARGEST_CAPTIONS_BYTES)
    if (!WEBVTT.test(text)) throw new UnusablePlaylist('Its captions do not begin with WEBVTT.')
    return text
  })
}

/** Links that are signed as of the window of the given one: no link within a stream outlives the link to it. */
function linksWithin({ media, streamKey, env }: StreamDeps, { expires }: StreamLink, video: string) {
  const signedAt = Number(expires) - 2 * env.MEDIA_LINK_SECONDS
  const signFile = media.signer(new Date(signedAt * 1000))
  const sign = streamSigner(streamKey)
  const encodedVideo = encodeKey(video)
  return {
    file: (key: string) => signFile(encodeKey(key)),
    playlist: (key: string) =>
      sign({ kind: 'hls', encodedKey: encodeKey(key), video: encodedVideo, expires }),
  }
}

async function orBroken(deps: StreamDeps, id: string, read: () => Promise<string>): Promise<string> {
  try {
    return await read()
  } catch (error) {
    if (!(error instanceof UnusablePlaylist)) throw error
    deps.log.warn({ media: id, reason: error.message }, 'a video cannot be played')
    throw new BrokenStream('This video cannot be played: a file that belongs to it is damaged.', {
      cause: error,
    })
  }
}

/** @throws NotFound @throws UnusablePlaylist when it is too large, or no UTF-8. */
export async function readText(media: MediaStore, key: string, mostBytes: number): Promise<string> {
  const object = await media.head(key)
  if (object === null) throw new NotFound('This file is no longer there.')
  if (object.size > mostBytes) throw new UnusablePlaylist(`A file of it is larger than ${mostBytes} bytes.`)
  const stream = object.size === 0 ? [] : await media.read(key, { start: 0, end: object.size - 1 })
  if (stream === null) throw new NotFound('This file is no longer there.')

  const chunks: Uint8Array[] = []
  for await (const chunk of stream) chunks.push(Buffer.from(chunk))
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks))
  } catch (error) {
    throw new UnusablePlaylist('A file of it is not valid UTF-8.', { cause: error })
  }
}

function keyIn(encodedKey: string): string {
  const key = decodeKey(encodedKey)
  if (key === null) throw new NotFound('There is no such file.')
  return key
}

const folderOf = (key: string) => key.slice(0, key.lastIndexOf('/'))
