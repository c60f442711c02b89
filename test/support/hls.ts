import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'

/** Tests of streams say aloud that they were left out where this is false. */
export const hasFfmpeg = (process.env.PATH ?? '')
  .split(path.delimiter)
  .some((folder) => existsSync(path.join(folder, 'ffmpeg')))

const PICTURE = ['-f', 'lavfi', '-i', 'testsrc2=size=64x36:rate=10:duration=4']
const SOUND = ['-f', 'lavfi', '-i', 'sine=frequency=440:duration=4']
const CODECS = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '10', '-pix_fmt', 'yuv420p', '-c:a', 'aac']
const STREAM = ['-f', 'hls', '-hls_time', '1', '-hls_playlist_type', 'vod']

/** Four seconds in segments of MPEG-TS beside one playlist, `index.m3u8`. */
export async function makeStream(folder: string) {
  await mkdir(folder, { recursive: true })
  await ffmpeg(folder, [...PICTURE, ...SOUND, ...CODECS, ...STREAM, 'index.m3u8'])
}

/** The same as fragmented MP4 in two variants, each in a folder of its own, and `master.m3u8` above them. */
export async function makeVariants(folder: string) {
  await mkdir(folder, { recursive: true })
  const both = ['-map', '0:v', '-map', '1:a', '-map', '0:v', '-map', '1:a', '-s:v:1', '32x18']
  const named = ['-master_pl_name', 'master.m3u8', '-var_stream_map', 'v:0,a:0,name:high v:1,a:1,name:low']
  const fragments = ['-hls_segment_type', 'fmp4', '%v/index.m3u8']
  await ffmpeg(folder, [...PICTURE, ...SOUND, ...both, ...CODECS, ...STREAM, ...named, ...fragments])
}

const ffmpeg = (folder: string, args: string[]) =>
  promisify(execFile)('ffmpeg', ['-nostdin', '-loglevel', 'error', ...args], { cwd: folder })

/** The addresses that a playlist names, in their order. */
export function linksIn(playlist: string): string[] {
  return playlist.split('\n').flatMap((line) => {
    if (line.startsWith('#')) return /URI="([^"]*)"/.exec(line)?.[1] ?? []
    return line === '' ? [] : line
  })
}
