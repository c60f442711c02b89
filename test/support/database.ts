import { randomUUID } from 'node:crypto'
import path from 'node:path'
import { sql } from 'drizzle-orm'
import { inject } from 'vitest'
import { type Database, type Db, openDatabase } from '#src/db/index.ts'
import { cloneOfTemplate, emptyFolder, removeFolder } from './embedded-template.ts'
import { createDatabase, dropDatabase, MIGRATED_TEMPLATE } from './server-database.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the project `server` has its PostgreSQL. */
    postgresUrl: string
    /** Where the other projects put their embedded databases. */
    embeddedFolder: string
  }
}

/** What `openDatabase` takes, of a database made for one test file or one test. */
export interface TestGround {
  DATABASE_URL: string | undefined
  DATA_DIR: string
}

/** Whether this test runs against a PostgreSQL server rather than the embedded database. */
export const onServer = () => inject('postgresUrl') !== undefined

/** A fresh, migrated, empty database on the project's engine; closing it removes it. */
export async function openTestDatabase(): Promise<Database> {
  return open(await migratedGround())
}

/** The same without any migration applied. */
export async function openUnmigratedDatabase(): Promise<Database> {
  return open(await emptyGround())
}

/** For tests that open the database themselves, several times or from another process: `removeGround` when done. */
export async function migratedGround(): Promise<TestGround> {
  return onServer() ? serverGround(MIGRATED_TEMPLATE) : embeddedGround(await cloneOfTemplate(runFolder()))
}

export async function emptyGround(): Promise<TestGround> {
  return onServer() ? serverGround() : embeddedGround(await emptyFolder(runFolder()))
}

export async function removeGround(ground: TestGround) {
  if (ground.DATABASE_URL) await dropDatabase(ground.DATABASE_URL)
  else await removeFolder(ground.DATA_DIR)
}

/** Runs SQL statements one after the other, each ended by a semicolon at the end of its line. */
export async function run(db: Db, statements: string) {
  for (const statement of statements.split(/;\s*\n|;\s*$/)) {
    if (statement.trim() !== '') await db.execute(sql.raw(statement))
  }
}

async function open(ground: TestGround): Promise<Database> {
  const database = await openDatabase(ground)
  return {
    ...database,
    async close() {
      await database.close()
      await removeGround(ground)
    },
  }
}

async function serverGround(template?: string): Promise<TestGround> {
  const name = `test_${randomUUID().replaceAll('-', '')}`
  const DATABASE_URL = await createDatabase(inject('postgresUrl'), { name, ...(template && { template }) })
  return { DATABASE_URL, DATA_DIR: path.join('/nowhere', name) }
}

const embeddedGround = (folder: string): TestGround => ({ DATABASE_URL: undefined, DATA_DIR: folder })

const runFolder = () => inject('embeddedFolder')
