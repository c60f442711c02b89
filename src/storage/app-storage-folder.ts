import { randomBytes } from 'node:crypto'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { Unavailable } from '#src/errors.ts'
import type { AppStorage } from '#src/storage/app-storage.ts'
import { isSystemError } from '#src/storage/folder-listing.ts'

/** In a folder, which is made with the first file. */
export function openFolderAppStorage(folder: string): AppStorage {
  const at = (key: string) => path.join(folder, key)
  return {
    place: `folder ${folder}`,
    write: (key, bytes) => answer(folder, () => writeWhole(at(key), bytes)),
    read: (key) => answer(folder, () => readWhole(at(key))),
    removeAll: (prefix) => answer(folder, () => rm(at(prefix), { recursive: true, force: true })),
    close: async () => {},
  }
}

/** Under another name first: a rename replaces in one step. */
async function writeWhole(file: string, bytes: Uint8Array) {
  const draft = `${file}.${randomBytes(6).toString('hex')}.draft`
  await mkdir(path.dirname(file), { recursive: true })
  try {
    await writeFile(draft, bytes)
    await rename(draft, file)
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
}

async function readWhole(file: string) {
  try {
    return await readFile(file)
  } catch (error) {
    if (isSystemError(error) && error.code === 'ENOENT') return null
    throw error
  }
}

async function answer<T>(folder: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask()
  } catch (error) {
    if (!isSystemError(error)) throw error
    const words = `The folder ${folder} of APP_STORAGE cannot be used (${error.code}). Has its disk room, and may this user write there?`
    throw new Unavailable(words, { cause: error })
  }
}
