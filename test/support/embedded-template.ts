import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { openDatabase } from '#src/db/index.ts'
import { migrate } from '#src/db/migrate.ts'
import { readMigrations } from '#src/db/migrations.ts'

const ENGINE = fileURLToPath(new URL('../../src/db/embedded', import.meta.url))
const CACHE = fileURLToPath(new URL('../../node_modules/.cache/creatorflix', import.meta.url))
const OLD_MS = 24 * 60 * 60 * 1000

/**
 * A migrated embedded database is made once for a set of migrations and an engine, by the first test that wants one,
 * and copied for every other, in later runs too. Two that start together each make their own, and the rename decides
 * which stays.
 */
export async function cloneOfTemplate(runFolder: string): Promise<string> {
  const template = path.join(CACHE, `embedded-${await fingerprint()}`)
  if (!(await exists(template))) await makeTemplate(template)

  const folder = await emptyFolder(runFolder)
  // Ten times as fast as Node's own `cp`, of so many files.
  await promisify(execFile)('cp', ['-R', `${template}/.`, folder])
  return folder
}

/** A folder of its own for a database that is not there yet. */
export const emptyFolder = (runFolder: string) => mkdtemp(path.join(runFolder, 'database-'))

export const removeFolder = (folder: string) => rm(folder, { recursive: true, force: true })

async function makeTemplate(template: string) {
  await mkdir(CACHE, { recursive: true })
  await removeOldTemplates()
  const folder = await mkdtemp(path.join(CACHE, 'making-'))
  const database = await openDatabase({ DATABASE_URL: undefined, DATA_DIR: folder })
  await migrate(database)
  await database.close()
  await rename(folder, template).catch(async (error) => {
    if (!(await exists(template))) throw error
    await removeFolder(folder)
  })
}

async function removeOldTemplates() {
  for (const name of await readdir(CACHE)) {
    const folder = path.join(CACHE, name)
    // Another run may have renamed or removed it since.
    const made = await stat(folder).then(
      ({ mtimeMs }) => mtimeMs,
      () => Date.now(),
    )
    if (Date.now() - made > OLD_MS) await removeFolder(folder)
  }
}

/** Of all that decides what the template holds: the migrations, and how the engine makes and opens a folder. */
async function fingerprint() {
  const hash = createHash('sha256')
  for (const migration of await readMigrations()) hash.update(migration.hash)
  for (const name of (await readdir(ENGINE)).sort()) {
    if (/\.m?[jt]s$/.test(name)) hash.update(await readFile(path.join(ENGINE, name)))
  }
  hash.update(await readFile(path.join(CACHE, '../../@electric-sql/pglite/package.json')))
  return hash.digest('hex').slice(0, 16)
}

const exists = (folder: string) =>
  stat(folder).then(
    () => true,
    () => false,
  )
