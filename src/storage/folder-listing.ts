import type { BigIntStats, Dirent } from 'node:fs'
import { lstat, opendir, realpath, stat } from 'node:fs/promises'
import path from 'node:path'
import { type ListingFault, ListingIncomplete } from '#src/storage/listing-incomplete.ts'
import type { ListedObject, ListOptions } from '#src/storage/media-store.ts'
import { keyFromBytes } from '#src/storage/object-key.ts'

const BATCH_SIZE = 1_000
const SLASH = Buffer.from('/')

/** A file below the root: both as the bytes the disk has, which need not be UTF-8. */
interface FoundFile {
  folder: Buffer
  name: Buffer
}

export interface FolderListOptions extends ListOptions {
  /** Left out, with all below it. */
  ownFolder?: string | undefined
}

/** Every regular file below the root, in batches. Symbolic links and devices are told to `onSkip` and not followed. */
export async function* listFolder(
  root: string,
  options: FolderListOptions = {},
): AsyncGenerator<ListedObject[]> {
  let page = 1
  try {
    const mounted = await stat(root)
    const left = await leftOut(root, options.ownFolder)
    for await (const files of inBatches(filesBelow(root, left, options))) {
      const objects = await Promise.all(files.map((file) => objectAt(root, file)))
      yield objects.filter((object) => object !== null)
      page += 1
    }
    if (!isSameFolder(mounted, await stat(root))) {
      const words = 'Another folder took its place meanwhile. Run it again.'
      throw new ListingIncomplete(words, { page, prefix: root, reason: 'changed meanwhile' })
    }
  } catch (error) {
    throw isSystemError(error) ? incomplete(error, root, page) : error
  }
}

/** The path below the root, in whichever way the two are written, or null when it lies elsewhere. */
async function leftOut(root: string, ownFolder: string | undefined): Promise<Buffer | null> {
  if (ownFolder === undefined) return null
  const below = path.relative(await realpath(root), await realpath(ownFolder).catch(() => ownFolder))
  return below === '' || below.startsWith('..') || path.isAbsolute(below) ? null : Buffer.from(below)
}

async function* filesBelow(
  root: string,
  leftOut: Buffer | null,
  { signal, onSkip }: ListOptions,
): AsyncGenerator<FoundFile> {
  const folders = [Buffer.alloc(0)]
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    signal?.throwIfAborted()
    for await (const entry of entriesOf(absolute(root, folder))) {
      const path = Buffer.concat([folder, entry.name])
      if (leftOut?.equals(path)) continue
      if (entry.isDirectory()) folders.push(Buffer.concat([path, SLASH]))
      else if (entry.isFile()) yield { folder, name: entry.name }
      else onSkip?.(keyFromBytes(path).key, entry.isSymbolicLink() ? 'symbolic link' : 'no regular file')
    }
  }
}

async function* entriesOf(folder: Buffer): AsyncGenerator<Dirent<Buffer>> {
  // Node gives names as bytes when asked for a 'buffer', here as in readdir; its types forget that.
  const options = { encoding: 'buffer' as BufferEncoding, bufferSize: 256 }
  for await (const entry of await opendir(folder, options)) {
    yield entry as Dirent<string | Buffer> as Dirent<Buffer>
  }
}

async function* inBatches<T>(items: AsyncIterable<T>): AsyncGenerator<T[]> {
  let batch: T[] = []
  for await (const item of items) {
    batch.push(item)
    if (batch.length < BATCH_SIZE) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

/** Null for a file that went away since its folder was read, as the temporary names of an upload do. */
async function objectAt(root: string, { folder, name }: FoundFile): Promise<ListedObject | null> {
  const key = Buffer.concat([folder, name])
  try {
    const stats = await lstat(absolute(root, key), { bigint: true })
    return stats.isFile() ? listedFile(key, stats) : null
  } catch (error) {
    if (!isSystemError(error) || error.code !== 'ENOENT') throw error
    // When the whole folder went, others may have gone unnoticed with it: that is no complete listing.
    await lstat(absolute(root, folder))
    return null
  }
}

/** A file as the listing names it. The inode is no part of the etag: network disks give new ones at every mount. */
export function listedFile(key: Uint8Array, stats: BigIntStats): ListedObject {
  return {
    ...keyFromBytes(key),
    size: Number(stats.size),
    etag: `${stats.size.toString(16)}-${stats.mtimeNs.toString(16)}`,
    lastModified: stats.mtime,
  }
}

export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error && 'syscall' in error
}

function absolute(root: string, path: Buffer) {
  return Buffer.concat([Buffer.from(root), SLASH, path])
}

function isSameFolder(before: { dev: number; ino: number }, after: { dev: number; ino: number }) {
  return before.dev === after.dev && before.ino === after.ino
}

function incomplete(error: NodeJS.ErrnoException, root: string, page: number) {
  const [reason, words] = explanation(error, root)
  return new ListingIncomplete(words, { page, prefix: root, reason }, { cause: error })
}

function explanation(error: NodeJS.ErrnoException, root: string): [ListingFault, string] {
  const folder = error.path?.replace(/\/$/, '') ?? root
  switch (error.code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return folder === root
        ? ['not found', `The folder ${root} is not there. Is its disk mounted?`]
        : ['changed meanwhile', `${folder} was moved or removed meanwhile. Run it again.`]
    case 'EACCES':
    case 'EPERM':
      return ['refused', `There is no permission to read ${folder}.`]
    default:
      return ['unreachable', `${folder} cannot be read (${error.code}).`]
  }
}
