import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import sharp from 'sharp'

export interface Size {
  width: number
  height: number
}

/** A photo of one colour. */
export const photo = (size: Size = { width: 900, height: 600 }, background = 'steelblue') =>
  sharp({ create: { ...size, channels: 3, background } })
    .jpeg()
    .toBuffer()

/** As a phone held upright writes it: lying on its side, with a note to turn it and the place where it was taken. */
export const photoFromPhone = (lying: Size) =>
  sharp({ create: { ...lying, channels: 3, background: 'olive' } })
    .withExif({ IFD0: { Make: 'A phone' }, IFD3: { GPSLatitudeRef: 'S', GPSLatitude: '23/1 33/1 0/1' } })
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer()

/** Black and white stripes, 5 pixels wide each. */
export function stripes({ width, height }: Size) {
  const line = Buffer.from(Array.from({ length: width }, (_, x) => (Math.floor(x / 5) % 2) * 255))
  const pixels = Buffer.concat(Array.from({ length: height }, () => line))
  return sharp(pixels, { raw: { width, height, channels: 1 } })
    .png()
    .toBuffer()
}

/** Noise, 8 pixels square. */
export function animation(frames: number) {
  const pixels = Buffer.from(Array.from({ length: 8 * 8 * frames * 3 }, (_, index) => (index * 7_919) % 256))
  return sharp(pixels, { raw: { width: 8, height: 8 * frames, channels: 3, pageHeight: 8 } })
    .gif()
    .toBuffer()
}

/** A small file that says it holds so many pixels. */
export async function claimedSize({ width, height }: Size) {
  const picture = await photo({ width: 64, height: 64 })
  const startOfFrame = picture.indexOf(Buffer.from([0xff, 0xc0]))
  picture.writeUInt16BE(height, startOfFrame + 5)
  picture.writeUInt16BE(width, startOfFrame + 7)
  return picture
}

/** Of so many seconds; made by ffmpeg. */
export async function video({ width, height }: Size, seconds: number, extension = 'mp4'): Promise<Buffer> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'video-'))
  const file = path.join(folder, `video.${extension}`)
  const source = `testsrc=duration=${seconds}:size=${width}x${height}:rate=10`
  try {
    await promisify(execFile)('ffmpeg', [
      '-v',
      'error',
      '-f',
      'lavfi',
      '-i',
      source,
      '-pix_fmt',
      'yuv420p',
      file,
    ])
    return await readFile(file)
  } finally {
    await rm(folder, { recursive: true })
  }
}
