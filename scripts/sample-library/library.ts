import { readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

/** Where the drawn library lies. */
export const LIBRARY = fileURLToPath(new URL('../../sample', import.meta.url))

/** Everybody who clones the repository downloads it. */
export const LARGEST_LIBRARY_BYTES = 4_600_000

/** The keys of the drawn library and their sizes in bytes. */
export async function libraryFiles(): Promise<Map<string, number>> {
  const entries = await readdir(LIBRARY, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((file) => path.join(file.parentPath, file.name))
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size))
  return new Map(files.map((file, index) => [path.relative(LIBRARY, file), sizes[index] ?? 0]))
}
