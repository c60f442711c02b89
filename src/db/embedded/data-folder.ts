import { existsSync, readFileSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { Misconfigured, Unavailable } from '#src/errors.ts'

/** Of the PGlite this program comes with: a folder of another one cannot be opened by it. */
const POSTGRES_MAJOR = '18'

/**
 * Sees to it that `folder` is a database this program can open, whose lock the caller holds. The first time it is
 * unpacked from a prepared template: initialising one in this process would take three times the memory.
 * @throws Misconfigured when it is something else, Unavailable when the disk has no room.
 */
export async function prepareDataFolder(folder: string): Promise<void> {
  if (!existsSync(folder)) await unpackTemplate(folder)
  refuseForeignFolder(folder)
  // PostgreSQL makes its own lock file before it writes into it, and never again opens a folder that was left with an
  // empty one. Ours is held by now, and excludes everybody.
  await rm(path.join(folder, 'postmaster.pid'), { force: true })
}

/** The folder appears by one rename: a start that is killed here leaves only what the next one clears away. */
async function unpackTemplate(folder: string) {
  const unpacking = `${folder}.unpacking`
  await rm(unpacking, { recursive: true, force: true })
  await mkdir(unpacking, { recursive: true, mode: 0o700 })
  await unpack(template(), unpacking).catch((cause) => {
    throw new Unavailable(
      `The embedded database could not be set up in ${folder}: ${cause.message}. See that the disk has room (50 MB).`,
      { cause },
    )
  })
  await rename(unpacking, folder)
}

/** tar only warns of a file that it could not write; that it drops the slash before each name is no loss. */
async function unpack(archive: string, folder: string) {
  // Needed once in the life of a folder.
  const { extract } = await import('tar')
  const losses: unknown[] = []
  await extract({
    file: archive,
    cwd: folder,
    onwarn: (code, loss) => {
      if (code !== 'TAR_ENTRY_INFO') losses.push(loss)
    },
  })
  if (losses.length > 0) throw losses[0]
}

/** The package says nothing of where its archive lies, but beside the module it resolves to. */
function template() {
  const module = createRequire(import.meta.url).resolve('@electric-sql/pglite-prepopulatedfs')
  return path.join(path.dirname(module), 'prepopulatedfs.tgz')
}

function refuseForeignFolder(folder: string) {
  const major = majorOf(folder)
  if (major.trim() === POSTGRES_MAJOR) return
  throw new Misconfigured(
    `The database in ${folder} is of PostgreSQL ${major.trim()}, this program comes with ${POSTGRES_MAJOR}. ` +
      'Open it with the version that made it, back it up there and restore the backup here.',
  )
}

function majorOf(folder: string): string {
  try {
    return readFileSync(path.join(folder, 'PG_VERSION'), 'utf8')
  } catch (cause) {
    throw new Misconfigured(
      `${folder} is not a database: it has no PG_VERSION. Move the folder away, or name another DATA_DIR.`,
      { cause },
    )
  }
}
