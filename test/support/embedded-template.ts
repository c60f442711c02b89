import { cp, mkdtemp, rename, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { openDatabase } from '#src/db/index.ts'
import { migrate } from '#src/db/migrate.ts'

/**
 * A migrated embedded database is made once per run, by the first test that wants one, and copied for every other.
 * Two that start together each make their own, and the rename decides which stays.
 */
export async function cloneOfTemplate(runFolder: string): Promise<string> {
  const template = path.join(runFolder, 'template')
  if (!(await exists(template))) await makeTemplate(runFolder, template)

  const folder = await emptyFolder(runFolder)
  await cp(template, folder, { recursive: true })
  return folder
}

/** A folder of its own for a database that is not there yet. */
export const emptyFolder = (runFolder: string) => mkdtemp(path.join(runFolder, 'database-'))

export const removeFolder = (folder: string) => rm(folder, { recursive: true, force: true })

async function makeTemplate(runFolder: string, template: string) {
  const folder = await emptyFolder(runFolder)
  const database = await openDatabase({ DATABASE_URL: undefined, DATA_DIR: folder })
  await migrate(database)
  await database.close()
  await rename(folder, template).catch(async (error) => {
    if (!(await exists(template))) throw error
    await removeFolder(folder)
  })
}

const exists = (folder: string) =>
  stat(folder).then(
    () => true,
    () => false,
  )
