import { setTimeout as delay } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { Conflict, Misconfigured, Unavailable } from '#src/errors.ts'
import { databaseError, sqlState } from './database-error.ts'
import { explainDatabaseError } from './explain-error.ts'
import type { Database, Db } from './index.ts'
import {
  type AppliedMigration,
  compareMigrations,
  type Migration,
  type MigrationStatus,
  migrationFaults,
  readMigrations,
} from './migrations.ts'

/** A statement that waits longer for a table gives way to the visitors and is tried again. */
const LOCK_TIMEOUT = '1s'
const LOCK_ATTEMPTS = 20
const LOCK_PAUSE_MS = 500
/** How long one node waits for another that is migrating. */
const OTHER_NODE_MS = 120_000

const LOCK_NOT_AVAILABLE = '55P03'
/** The class of SQLSTATE. */
const INTEGRITY_VIOLATION = '23'

/**
 * Brings the database to this version: one node at a time, each file in a transaction of its own.
 * @returns the migrations it applied, in order.
 * @throws Misconfigured when a file was edited, is missing or out of order; nothing is changed then.
 */
export async function migrate(database: Database, files?: Migration[]): Promise<Migration[]> {
  const migrations = files ?? (await readMigrations())
  const deadline = Date.now() + OTHER_NODE_MS
  while (Date.now() < deadline) {
    const applied = await database.tryLock('migrate', ({ db }) => applyPending(db, migrations))
    if (applied) return applied
    await delay(LOCK_PAUSE_MS)
  }
  throw new Conflict(
    'Another node has been migrating for two minutes. Wait for it, or end it, and start again.',
  )
}

/** What is applied, pending, edited, missing and out of order. Reads only. */
export async function migrationStatus(db: Db, files?: Migration[]): Promise<MigrationStatus> {
  return compareMigrations(files ?? (await readMigrations()), await appliedMigrations(db))
}

async function applyPending(db: Db, migrations: Migration[]) {
  const status = compareMigrations(migrations, await appliedMigrations(db))
  const faults = migrationFaults(status)
  if (faults.length > 0) throw new Misconfigured(['The database was not migrated.', ...faults].join('\n'))
  if (status.pending.length === 0) return []

  await createJournalTable(db)
  for (const migration of status.pending) await applyWhenUnlocked(db, migration)
  return status.pending
}

async function applyWhenUnlocked(db: Db, migration: Migration) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await apply(db, migration)
    } catch (error) {
      if (attempt === LOCK_ATTEMPTS || sqlState(error) !== LOCK_NOT_AVAILABLE) throw failure(migration, error)
      await delay(LOCK_PAUSE_MS)
    }
  }
}

function failure({ tag }: Migration, cause: unknown) {
  const explained = explainDatabaseError(cause)
  if (explained instanceof Unavailable) return explained
  const isAboutRows = sqlState(cause)?.startsWith(INTEGRITY_VIOLATION)
  const reason =
    explained && isAboutRows
      ? `Rows that are there break a rule it brings. ${explained.message}`
      : (databaseError(cause)?.message ?? String(cause))
  return new Misconfigured(`The migration ${tag} failed and left nothing behind: ${reason}`, { cause })
}

function apply(db: Db, migration: Migration) {
  return db.transaction(async (tx) => {
    await tx.execute(sql.raw(`set local lock_timeout = '${LOCK_TIMEOUT}'`))
    for (const statement of migration.statements) await tx.execute(sql.raw(statement))
    await tx.execute(
      sql`insert into drizzle.__drizzle_migrations (hash, created_at) values (${migration.hash}, ${migration.when})`,
    )
  })
}

/** The table of drizzle's own migrator, so that its tools read the same truth. */
async function createJournalTable(db: Db) {
  await db.execute(sql`create schema if not exists drizzle`)
  await db.execute(
    sql`create table if not exists drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint)`,
  )
}

async function appliedMigrations(db: Db): Promise<AppliedMigration[]> {
  const { rows: tables } = await db.execute<{ exists: boolean }>(
    sql`select to_regclass('drizzle.__drizzle_migrations') is not null as exists`,
  )
  if (!tables[0]?.exists) return []
  const { rows } = await db.execute<{ when: number; hash: string }>(
    sql`select created_at::float8 as "when", hash from drizzle.__drizzle_migrations order by created_at`,
  )
  return rows
}
