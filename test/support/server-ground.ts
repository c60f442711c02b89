import type { TestProject } from 'vitest/node'
import { openDatabase } from '#src/db/index.ts'
import { migrate } from '#src/db/migrate.ts'
import { startPostgres } from './postgres-server.ts'
import { createDatabase, MIGRATED_TEMPLATE } from './server-database.ts'

/** One PostgreSQL server for all test files of the project, with a migrated database to copy. */
export default async function startServerGround(project: TestProject) {
  const server = await startPostgres()
  const template = await createDatabase(server.url, { name: MIGRATED_TEMPLATE })
  const database = await openDatabase({ DATABASE_URL: template, DATA_DIR: '' })
  await migrate(database)
  await database.close()

  project.provide('postgresUrl', server.url)
  return () => server.stop()
}
