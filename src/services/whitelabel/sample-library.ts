import { cp, mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import type { Env } from '#src/env.ts'
import { libraryOf } from '#src/services/settings/settings.ts'

const SAMPLE = new URL('../../../sample/', import.meta.url)

/** Puts the sample library into `DATA_DIR`, once, when the owner names no library of their own. */
export async function provideSampleLibrary(
  env: Pick<Env, 'DATA_DIR' | 'MEDIA_DIR' | 'S3_BUCKET'>,
): Promise<void> {
  const folder = path.join(env.DATA_DIR, 'library')
  if (!libraryOf(env).isSample || (await isThere(folder))) return

  await mkdir(env.DATA_DIR, { recursive: true, mode: 0o700 })
  // Renamed when it is whole: a start that was broken off leaves no half library behind.
  const draft = await mkdtemp(`${folder}-`)
  try {
    await cp(SAMPLE, draft, { recursive: true, preserveTimestamps: true })
    await rename(draft, folder)
  } catch (error) {
    await rm(draft, { recursive: true, force: true })
    if (!(await isThere(folder))) throw error
  }
}

const isThere = (folder: string) =>
  stat(folder).then(
    () => true,
    () => false,
  )
