import { open } from 'node:fs/promises'
import { Unreadable } from '#src/imaging/unreadable.ts'
import { rewritePlaylist, UnusablePlaylist } from '#src/services/streams/rewrite-playlist.ts'
import { readText } from '#src/services/streams/streams.ts'
import type { MediaStore } from '#src/storage/media-store.ts'

/** What a picture of a stream is taken from. */
export interface StreamBeginning {
  /** What a player reads first, in order: what initialises it, and the first segment. */
  parts: string[]
  /** Null while it goes on. */
  durationMs: number | null
}

const LARGEST_PLAYLIST_BYTES = 2 * 1024 * 1024
const MOST_BYTES = 32 * 1024 * 1024

/**
 * By our own reading of the playlists, which leads nowhere outside of the stream's folder; ffmpeg's would follow any
 * address in them.
 * @throws Unreadable for a stream that is damaged or sealed with a key, NotFound
 */
export async function beginningOfStream(media: MediaStore, key: string): Promise<StreamBeginning> {
  try {
    const lines = await linesOf(media, key, key)
    const variant = bestVariant(lines)
    return beginningIn(variant === null ? lines : await linesOf(media, variant, key))
  } catch (error) {
    if (error instanceof UnusablePlaylist) throw new Unreadable('damaged', { cause: error })
    throw error
  }
}

/** The parts one after the other, as much of them as a picture needs. */
export async function writeParts(media: MediaStore, parts: string[], file: string): Promise<void> {
  const handle = await open(file, 'w')
  try {
    let left = MOST_BYTES
    for (const part of parts) {
      for await (const chunk of (await media.read(part)) ?? []) {
        const bytes = Buffer.from(chunk).subarray(0, left)
        left -= (await handle.write(bytes)).bytesWritten
        if (left === 0) return
      }
    }
  } finally {
    await handle.close()
  }
}

/** The playlist with keys in place of its addresses. */
async function linesOf(media: MediaStore, key: string, video: string) {
  const folder = video.slice(0, video.lastIndexOf('/'))
  const itself = { playlist: (named: string) => named, file: (named: string) => named }
  return rewritePlaylist(await readText(media, key, LARGEST_PLAYLIST_BYTES), { key, folder }, itself).split(
    '\n',
  )
}

/** The one of most bits a second, or null in a playlist of segments. */
function bestVariant(lines: string[]): string | null {
  const variants = lines.flatMap((line, index) => {
    const bandwidth = /^#EXT-X-STREAM-INF:.*?\bBANDWIDTH=(\d+)/.exec(line)?.[1]
    return bandwidth === undefined ? [] : [{ bandwidth: Number(bandwidth), key: lines[index + 1] ?? '' }]
  })
  return variants.toSorted((left, right) => right.bandwidth - left.bandwidth)[0]?.key ?? null
}

function beginningIn(lines: string[]): StreamBeginning {
  const segment = lines.find((line) => line !== '' && !line.startsWith('#'))
  if (segment === undefined || lines.some((line) => /^#EXT-X-KEY:METHOD=(?!NONE)/.test(line)))
    throw new Unreadable('not a picture')
  const [, initial] = lines.map((line) => /^#EXT-X-MAP:.*?URI="([^"]*)"/.exec(line)).find(Boolean) ?? []
  const seconds = lines.map((line) => Number(/^#EXTINF:([\d.]+)/.exec(line)?.[1] ?? 0))
  const durationMs = Math.round(seconds.reduce((sum, length) => sum + length, 0) * 1000)
  return {
    // With byte ranges, both lie in one file.
    parts: [...new Set([initial ?? segment, segment])],
    durationMs: lines.includes('#EXT-X-ENDLIST') && durationMs > 0 ? durationMs : null,
  }
}
