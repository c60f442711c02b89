import { once } from 'node:events'
import { sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/node-postgres'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { explainDatabaseError } from './explain-error.ts'
import { type Database, type DatabaseSession, type Db, schema } from './index.ts'
import { unavailable } from './unavailable.ts'

const CONNECT_MS = 2_000
const PAGE_STATEMENT_MS = 10_000
/** A node that hangs amid a transaction holds its rows no longer. */
const PAGE_IDLE_IN_TRANSACTION_MS = 15_000
const KEEP_ALIVE_MS = 10_000
const POOL_SIZE = 10

/** A PostgreSQL server, through one pool. Statements of pages end after ten seconds, those of a session do not. */
export function openServer(url: string): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: POOL_SIZE,
    connectionTimeoutMillis: CONNECT_MS,
    statement_timeout: PAGE_STATEMENT_MS,
    idle_in_transaction_session_timeout: PAGE_IDLE_IN_TRANSACTION_MS,
    application_name: 'creatorflix',
    // A server that is gone without a word is noticed in minutes, and not in hours.
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
  })
  // An idle connection that breaks is replaced at the next query; without a listener it would end the process.
  pool.on('error', () => {})
  // One that breaks between two statements of a transaction says so as well; the next statement rejects.
  pool.on('connect', (client) => client.on('error', () => {}))
  const db = drizzle({ client: pool, schema }) as unknown as Db

  async function session<T>(work: (session: DatabaseSession) => Promise<T>): Promise<T> {
    const client = await pool.connect().catch((error) => {
      throw notReached(error)
    })
    let isBroken = false
    const breaks = () => {
      isBroken = true
    }
    client.on('error', breaks)
    let isClean = false
    try {
      await client.query('set statement_timeout = 0; set idle_in_transaction_session_timeout = 0')
      const result = await work({
        db: drizzle({ client, schema }) as unknown as Db,
        copyIn: (table, columns, chunks) => copyIn(client, table, columns, chunks),
      })
      isClean = await discardAll(client)
      return result
    } finally {
      client.off('error', breaks)
      client.release(isBroken || !isClean)
    }
  }

  return {
    kind: 'server',
    db,
    reader: db,
    session,
    tryLock: (name, work) =>
      session(async (session) => {
        const key = sql`hashtextextended(${`creatorflix ${name}`}, 0)`
        const { rows } = await session.db.execute<{ held: boolean }>(
          sql`select pg_try_advisory_lock(${key}) as held`,
        )
        if (!rows[0]?.held) return null
        try {
          return await work(session)
        } finally {
          // The server takes a moment to end a connection, and until then the next one would find the lock held.
          await session.db.execute(sql`select pg_advisory_unlock(${key})`).catch(lockIsGone)
        }
      }),
    async script(statements) {
      await pool.query(statements)
    },
    async ping() {
      await db.execute(sql`select 1`).catch((error) => {
        throw notReached(error)
      })
    },
    close: () => pool.end(),
  }
}

/**
 * Takes a session's temporary tables, settings and locks away. The connection stays for the next, with what its
 * server process has learnt of the tables: a new one costs more than a small query.
 * @returns false where the connection is of no more use.
 */
async function discardAll(client: pg.PoolClient): Promise<boolean> {
  return client.query('discard all').then(
    () => true,
    () => false,
  )
}

/** A wrong name or password is told as such: no waiting mends it. */
const notReached = (error: unknown) => explainDatabaseError(error) ?? unavailable(error)

async function copyIn(
  client: pg.PoolClient,
  table: string,
  columns: readonly string[],
  chunks: Iterable<Buffer> | AsyncIterable<Buffer>,
) {
  const stream = client.query(copyFrom(`copy ${table} (${columns.join(', ')}) from stdin`))
  const finished = once(stream, 'finish')
  try {
    for await (const chunk of chunks) {
      if (!stream.write(chunk)) await Promise.race([once(stream, 'drain'), finished])
    }
  } catch (error) {
    stream.destroy(error instanceof Error ? error : new Error(String(error)))
    await finished.catch(() => {})
    throw error
  }
  stream.end()
  await finished
}

/** A connection that cannot be asked to unlock is broken, and its locks have gone with it. */
function lockIsGone() {}
