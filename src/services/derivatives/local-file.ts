import { createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { AppError, Unavailable } from '#src/errors.ts'
import { Unreadable } from '#src/imaging/unreadable.ts'
import type { MediaStore } from '#src/storage/media-store.ts'

/** No camera makes such a picture, and a disk for temporary files is small. */
export const MOST_PICTURE_BYTES = 200 * 1024 * 1024

/**
 * Runs `work` on the object as a file of this machine: where it lies, or a copy for as long as the work takes. Null
 * when the object is not there.
 * @throws Unreadable when it is too large
 */
export async function withLocalFile<T>(
  media: MediaStore,
  key: string,
  work: (file: string) => Promise<T>,
): Promise<T | null> {
  const place = await media.locate(key)
  if (place === null) return null
  if ('path' in place) return work(place.path)

  return withTemporaryFile(async (file) => ((await download(media, key, file)) ? work(file) : null))
}

/** A name of a file that is removed after the work. */
export async function withTemporaryFile<T>(work: (file: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'creatorflix-'))
  try {
    return await work(path.join(folder, 'original'))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function download(media: MediaStore, key: string, file: string): Promise<boolean> {
  const original = await media.read(key)
  if (original === null) return false
  try {
    await pipeline(original, upTo(MOST_PICTURE_BYTES), createWriteStream(file))
    return true
  } catch (error) {
    if (error instanceof Unreadable || error instanceof AppError) throw error
    throw new Unavailable('The store broke off in the middle of a picture.', { cause: error })
  }
}

function upTo(mostBytes: number) {
  let bytes = 0
  return new Transform({
    transform(chunk: Buffer, _encoding, pass) {
      bytes += chunk.length
      if (bytes > mostBytes) pass(new Unreadable('too large'))
      else pass(null, chunk)
    },
  })
}
