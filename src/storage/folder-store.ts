import { constants } from 'node:fs'
import { access, lstat, open, realpath } from 'node:fs/promises'
import path from 'node:path'
import { Unavailable } from '#src/errors.ts'
import { type FolderLinkSettings, folderSigner } from '#src/storage/folder-link.ts'
import { isSystemError, listedFile, listFolder } from '#src/storage/folder-listing.ts'
import { linkWindow } from '#src/storage/link-window.ts'
import type { ByteRange, MediaStore } from '#src/storage/media-store.ts'

export interface FolderStoreSettings extends FolderLinkSettings {
  root: string
  /** A folder in which CreatorFlix keeps its own, left out of listings when it lies inside the root. */
  ownFolder?: string | undefined
}

/** The media in a folder on disk. Nothing is touched until it is asked for: the disk may be mounted later. */
export function openFolderStore({ root, ownFolder, ...links }: FolderStoreSettings): MediaStore {
  return {
    source: `folder ${root}`,
    list: (options) => listFolder(root, { ...options, ownFolder }),
    head: (key) => answer(root, () => headFile(root, key)),
    read: (key, range) => answer(root, () => readFile(root, key, range)),
    locate: (key) => answer(root, () => whereabouts(root, key)),
    signer: folderSigner(links),
    windowEnd: (now) => new Date(linkWindow(now, links.linkSeconds).end * 1000),
    ping: () => answer(root, () => access(root, constants.R_OK | constants.X_OK)),
    close: async () => {},
  }
}

async function headFile(root: string, key: string) {
  const file = await locate(root, key)
  if (file === null) return null

  const stats = await unlessMissing(lstat(file, { bigint: true }))
  return stats?.isFile() ? listedFile(Buffer.from(key), stats) : null
}

async function whereabouts(root: string, key: string) {
  const file = await locate(root, key)
  return file === null ? null : { path: file }
}

async function readFile(root: string, key: string, range: Partial<ByteRange> = {}) {
  const file = await locate(root, key)
  if (file === null) return null

  // Without O_NONBLOCK a named pipe would hold the request until somebody writes into it.
  const handle = await unlessMissing(
    open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK),
  )
  if (handle === null) return null
  if ((await handle.stat()).isFile()) return handle.createReadStream(range)

  await handle.close()
  return null
}

/**
 * The path of a key that the listing could have named, or null: no `..` and no symbolic link on the way leads
 * anywhere, inside the root or out of it. Throws when the root itself is not there.
 */
async function locate(root: string, key: string): Promise<string | null> {
  const realRoot = await realpath(root)
  if (!isPlain(key)) return null

  const literal = path.join(realRoot, key)
  const real = await unlessMissing(realpath(literal))
  return real === literal ? literal : null
}

function isPlain(key: string) {
  return (
    !key.includes('\0') &&
    key.split('/').every((segment) => segment !== '' && segment !== '.' && segment !== '..')
  )
}

const MISSING = new Set(['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'ELOOP'])

async function unlessMissing<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked
  } catch (error) {
    if (isSystemError(error) && MISSING.has(error.code ?? '')) return null
    throw error
  }
}

async function answer<T>(root: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask()
  } catch (error) {
    if (!isSystemError(error)) throw error
    const advice =
      error.code === 'ENOENT' ? 'is not there. Is its disk mounted?' : `cannot be read (${error.code}).`
    throw new Unavailable(`The media folder ${root} ${advice}`, { cause: error })
  }
}
