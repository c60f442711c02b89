import type { ExtractTablesWithRelations } from 'drizzle-orm'
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core'
import type { Env } from '#src/env.ts'
import * as accountTables from './account-tables.ts'
import * as billingTables from './billing-tables.ts'
import * as libraryTables from './library-tables.ts'
import * as mediaTables from './media-tables.ts'
import * as documentTables from './schema.ts'

export const schema = {
  ...documentTables,
  ...accountTables,
  ...billingTables,
  ...libraryTables,
  ...mediaTables,
}

interface Rows<Row> {
  rows: Row[]
}

interface RowsResult extends PgQueryResultHKT {
  type: Rows<this['row']>
}

/**
 * What queries and use-cases take: a database, a replica or an open transaction, embedded or on a server.
 * Raw SQL by `execute` answers `{ rows }` on both.
 */
export type Db = PgDatabase<RowsResult, typeof schema, ExtractTablesWithRelations<typeof schema>>

/** One connection kept for the length of a piece of work: temporary tables, COPY and long statements live on it. */
export interface DatabaseSession {
  db: Db
  /** Runs `COPY ... FROM STDIN` (text format) over the chunks; each chunk holds whole lines. */
  copyIn(
    table: string,
    columns: readonly string[],
    chunks: Iterable<Buffer> | AsyncIterable<Buffer>,
  ): Promise<void>
}

export interface Database {
  readonly kind: 'embedded' | 'server'
  /** The primary: everything that writes, and everything that must see its own writes. */
  readonly db: Db
  /** A read replica where there is one, the primary otherwise. */
  readonly reader: Db
  session<T>(work: (session: DatabaseSession) => Promise<T>): Promise<T>
  /**
   * Runs `work` while holding the lock of that name across all nodes, or answers null at once when somebody else
   * holds it. The lock dies with its holder.
   */
  tryLock<T>(name: string, work: (session: DatabaseSession) => Promise<T>): Promise<T | null>
  /** Embedded only: tells who finds the folder in use at which socket this process takes commands. */
  announce?(socket: string): void
  /** Embedded only: calls `listener` when the database has stopped without being asked to. */
  onFailure?(listener: (failure: Error) => void): void
  /** Runs several statements of somebody else, one after the other. */
  script(statements: string): Promise<void>
  /** Resolves when the database answers, throws `Unavailable` when it does not. */
  ping(): Promise<void>
  close(): Promise<void>
}

/** The server of `DATABASE_URL`, or the embedded database in `DATA_DIR`. */
export async function openDatabase(env: Pick<Env, 'DATABASE_URL' | 'DATA_DIR'>): Promise<Database> {
  if (env.DATABASE_URL) {
    const { openServer } = await import('./server.ts')
    return openServer(env.DATABASE_URL)
  }
  const { openEmbedded } = await import('./embedded/open.ts')
  // The rest is read while PostgreSQL starts in its thread.
  const [embedded, { embeddedDatabase }] = await Promise.all([
    openEmbedded(env.DATA_DIR),
    import('./embedded.ts'),
  ])
  return embeddedDatabase(embedded)
}
