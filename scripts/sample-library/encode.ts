import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Clip } from './artwork.ts'
import { playChord } from './sound.ts'

export const FRAMES_A_SECOND = 24

/** The same bytes from the same pixels: no date, no encoder name, no dependence on the number of cores. */
const REPRODUCIBLE = options('-map_metadata -1 -fflags +bitexact -flags +bitexact -threads 1')

const JPEG = options('-c:v mjpeg -q:v 6 -pix_fmt yuvj420p -huffman optimal')
const WEBP = options('-c:v libwebp -compression_level 6')
/** From the finest on: most pictures are content with the first, those full of small shapes come down to the size. */
const WEBP_QUALITIES = [70, 62, 54, 46, 38, 32]
const LARGEST_PICTURE_BYTES = 30_000

// The cap on the rate holds back the few clips in which everything moves at once.
const H264 = options(
  '-c:v libx264 -profile:v main -preset slower -crf 30 -maxrate 92k -bufsize 184k -pix_fmt yuv420p',
)
// A key frame every two seconds, so that seeking is quick.
const SEEKABLE = options(`-g ${FRAMES_A_SECOND * 2} -movflags +faststart`)
const AAC = options('-c:a aac -b:a 28k')
const MPEG4 = options('-c:v mpeg4 -q:v 9 -g 120')

/** Writes a PNG in the format its name asks for. */
export async function writePicture(file: string, png: Buffer) {
  if (path.extname(file) === '.jpg') return encodePicture(file, png, JPEG)
  for (const quality of WEBP_QUALITIES) {
    await encodePicture(file, png, [...WEBP, '-quality', String(quality)])
    if ((await stat(file)).size <= LARGEST_PICTURE_BYTES) return
  }
}

function encodePicture(file: string, png: Buffer, codec: readonly string[]) {
  return ffmpeg(['-f', 'png_pipe', '-i', '-', ...codec, ...REPRODUCIBLE, file], [png])
}

/** Writes PNG frames as a clip in the format its name asks for, with its sound. */
export async function writeClip(file: string, { seconds, chord }: Clip, frames: AsyncIterable<Buffer>) {
  const picture = ['-f', 'image2pipe', '-framerate', String(FRAMES_A_SECOND), '-i', '-']
  const codec = path.extname(file) === '.avi' ? MPEG4 : [...H264, ...SEEKABLE, ...AAC]
  const output = [...codec, ...REPRODUCIBLE, file]
  if (chord === null) return ffmpeg([...picture, ...output], frames)

  const sound = `${file}.wav`
  await writeFile(sound, playChord(chord, seconds))
  await ffmpeg([...picture, '-i', sound, '-shortest', ...output], frames)
  await rm(sound)
}

function options(line: string): readonly string[] {
  return line.split(' ')
}

async function ffmpeg(line: readonly string[], input: Iterable<Buffer> | AsyncIterable<Buffer>) {
  const child = spawn('ffmpeg', ['-hide_banner', '-loglevel', 'error', '-y', ...line], {
    stdio: ['pipe', 'inherit', 'inherit'],
  })
  const [[code]] = await Promise.all([once(child, 'exit'), pipeline(input, child.stdin)])
  if (code !== 0) throw new Error(`ffmpeg ended with ${code}: ffmpeg ${line.join(' ')}`)
}
