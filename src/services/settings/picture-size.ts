export interface PictureSize {
  width: number
  height: number
}

/** The size as the head of a file tells it, without decoding the picture; null where it does not. */
export function pictureSize(
  type: 'image/png' | 'image/jpeg' | 'image/webp' | 'image/svg+xml',
  bytes: Buffer,
): PictureSize | null {
  try {
    const size = READERS[type](bytes)
    return size && size.width >= 1 && size.height >= 1 ? size : null
  } catch (error) {
    // It ends before its head does.
    if (error instanceof RangeError) return null
    throw error
  }
}

const READERS = { 'image/png': png, 'image/jpeg': jpeg, 'image/webp': webp, 'image/svg+xml': svg }

function png(bytes: Buffer): PictureSize | null {
  if (bytes.toString('latin1', 12, 16) !== 'IHDR') return null
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) }
}

/** Segments up to the one that starts the frame (ITU T.81, B.1.1). */
function jpeg(bytes: Buffer): PictureSize | null {
  let at = 2
  while (bytes.readUInt8(at) === 0xff) {
    const marker = bytes.readUInt8(at + 1)
    const startsFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)
    if (startsFrame) return { width: bytes.readUInt16BE(at + 7), height: bytes.readUInt16BE(at + 5) }
    at += 2 + bytes.readUInt16BE(at + 2)
  }
  return null
}

/** https://developers.google.com/speed/webp/docs/riff_container */
function webp(bytes: Buffer): PictureSize | null {
  const kind = bytes.toString('latin1', 12, 16)
  if (kind === 'VP8X') return { width: bytes.readUIntLE(24, 3) + 1, height: bytes.readUIntLE(27, 3) + 1 }
  if (kind === 'VP8 ')
    return { width: bytes.readUInt16LE(26) & 0x3fff, height: bytes.readUInt16LE(28) & 0x3fff }
  if (kind !== 'VP8L') return null
  const bits = bytes.readUInt32LE(21)
  return { width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1 }
}

/** By its viewBox, else by its width and height. */
function svg(bytes: Buffer): PictureSize | null {
  const root = /<svg[^>]*>/.exec(bytes.toString())?.[0] ?? ''
  const box = /\sviewBox\s*=\s*["']([^"']*)["']/
    .exec(root)?.[1]
    ?.trim()
    .split(/[\s,]+/)
    .map(Number)
  const [width = Number.NaN, height = Number.NaN] = box?.slice(2) ?? [
    lengthOf(root, 'width'),
    lengthOf(root, 'height'),
  ]
  return width > 0 && height > 0
    ? { width: Math.max(Math.round(width), 1), height: Math.max(Math.round(height), 1) }
    : null
}

const lengthOf = (root: string, name: string) =>
  Number(new RegExp(`\\s${name}\\s*=\\s*["'](\\d+(?:\\.\\d+)?)(?:px)?["']`).exec(root)?.[1] ?? Number.NaN)
