import { type ExecFileException, execFile } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import path from 'node:path'
import { Unavailable } from '#src/errors.ts'
import { atOnce } from '#src/lib/at-once.ts'
import type { VideoSource } from './imaging.ts'
import { lowerPriority } from './lower-priority.ts'
import { Unreadable } from './unreadable.ts'

export interface Frame {
  /** An encoded picture, upright and with square pixels. */
  picture: Uint8Array
  durationMs: number | null
}

const LONGEST_MS = 20_000
const MOST_PIXELS = '100000000'
const MOST_FRAME_BYTES = 64 * 1024 * 1024

/** By their own demuxers: a playlist that is named film.mp4 would have ffmpeg open what it lists. */
const FORMATS = 'mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,asf,flv,mpegts'
const PROTOCOLS = { path: 'file', url: 'http,https,tcp,tls' }

/** Takes frames with ffmpeg, one video at a time; null where it or ffprobe is in none of the folders. */
export function ffmpegFrames(folders: string[]): ((video: VideoSource) => Promise<Frame>) | null {
  const [ffmpeg, ffprobe] = [findProgram('ffmpeg', folders), findProgram('ffprobe', folders)]
  if (ffmpeg === null || ffprobe === null) return null
  const next = atOnce({ atOnce: 1 })
  return (video) => next(() => frameOf(ffmpeg, ffprobe, video))
}

function findProgram(name: string, folders: string[]): string | null {
  return folders.map((folder) => path.join(folder, name)).find(isProgram) ?? null
}

function isProgram(file: string) {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** @throws Unreadable */
async function frameOf(ffmpeg: string, ffprobe: string, video: VideoSource): Promise<Frame> {
  const inTime = AbortSignal.timeout(LONGEST_MS)
  const durationMs = await durationOf(ffprobe, video, inTime)
  for (const seconds of momentsOf(durationMs)) {
    const picture = await run(ffmpeg, frameAt(seconds, video), inTime)
    if (picture.length > 0) return { picture, durationMs }
  }
  throw new Unreadable('damaged')
}

/** A tenth of the way, past black beginnings; the beginning itself where that shows nothing. */
function momentsOf(durationMs: number | null) {
  const tenth = durationMs === null ? 1 : durationMs / 10_000
  return [tenth, 0]
}

async function durationOf(ffprobe: string, video: VideoSource, signal: AbortSignal) {
  const wanted = ['-v', 'error', '-of', 'json', '-show_entries', 'format=duration']
  const told = await run(ffprobe, [...wanted, ...opening(video)], signal)
  const seconds = Number(JSON.parse(told.toString()).format?.duration)
  return seconds > 0 ? Math.round(seconds * 1000) : null
}

/** `V` is a video stream that is no picture on the cover. Pixels that are not square are made so. */
const frameAt = (seconds: number, video: VideoSource) => [
  ...['-v', 'error', '-nostdin', '-threads', '1', '-max_pixels', MOST_PIXELS, '-ss', seconds.toFixed(3)],
  ...opening(video),
  ...['-map', '0:V:0', '-frames:v', '1', '-vf', 'scale=trunc(iw*sar/2)*2:trunc(ih/2)*2,setsar=1'],
  ...['-c:v', 'mjpeg', '-q:v', '2', '-pix_fmt', 'yuvj420p', '-threads', '1', '-f', 'mjpeg', 'pipe:1'],
]

function opening(video: VideoSource) {
  const limits = (protocols: string) => ['-format_whitelist', FORMATS, '-protocol_whitelist', protocols]
  return 'path' in video
    ? [...limits(PROTOCOLS.path), '-i', `file:${video.path}`]
    : [...limits(PROTOCOLS.url), '-i', video.url]
}

/** What the program writes, or `Unreadable` with what it says of the file. It gets none of our environment. */
function run(program: string, args: string[], signal: AbortSignal): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const options = {
      encoding: 'buffer',
      env: {},
      signal,
      killSignal: 'SIGKILL',
      maxBuffer: MOST_FRAME_BYTES,
    } as const
    const child = execFile(program, args, options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout)
      else reject(failureOf(error, signal, stderr.toString()))
    })
    lowerPriority(child)
  })
}

function failureOf(error: ExecFileException, signal: AbortSignal, complaint: string) {
  // The code of a system error, where the program did not come to run.
  if (typeof error.code === 'string' && 'syscall' in error)
    return new Unavailable(`ffmpeg could not be run (${error.code}).`, { cause: error })
  return new Unreadable(reasonOf(signal, complaint), { cause: error })
}

function reasonOf(signal: AbortSignal, complaint: string) {
  if (signal.aborted) return 'too slow'
  return /invalid data|not on whitelist|matches no streams/i.test(complaint) ? 'not a picture' : 'damaged'
}
