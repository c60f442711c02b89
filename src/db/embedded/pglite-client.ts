import type { QueryOptions, Results } from '@electric-sql/pglite'
import { batchesOfRows } from './copy-batches.ts'
import { closed, PgliteConnection } from './pglite-connection.ts'
import { PgliteError } from './pglite-error.ts'
import { Turns } from './turns.ts'

/** Pieces of what COPY reads, of any size. */
export type Chunks = AsyncIterable<string | Buffer> | Iterable<string | Buffer>

/** `parsers` is what drizzle-orm/pglite passes; the thread applies that same list itself, see its `AS_TEXT`. */
type Options = Pick<QueryOptions, 'rowMode' | 'parsers'>

/**
 * What can be done inside and outside of a transaction. Values come as drizzle-orm/pglite expects them: int4 and
 * float as number; int8 as number, beyond 2^53 as bigint; numeric, uuid, instants, dates and intervals as text;
 * json parsed; bytea as Uint8Array; arrays as arrays, those of dates, instants, intervals and numeric as text.
 * Every method throws `PgliteError` when PostgreSQL refuses, `Unavailable` when it has stopped.
 */
export interface PgliteStatements {
  query<Row>(sql: string, params?: unknown[], options?: Options): Promise<Results<Row>>
  /** Several statements at once, without parameters. */
  exec(sql: string, options?: Options): Promise<Results[]>
  /**
   * Runs `COPY ... FROM STDIN` (text format) over the chunks, about a megabyte at a time, and takes the next only
   * when one is stored. Answers the number of rows. Outside of a transaction each megabyte is its own, and other
   * statements run in between.
   */
  copyIn(copyStatement: string, chunks: Chunks): Promise<number>
}

export interface PgliteTransaction extends PgliteStatements {
  rollback(): Promise<void>
  readonly closed: boolean
}

export interface PgliteClientOptions {
  /** How long a statement waits for its turn before it fails as `Unavailable`. */
  longestWaitMs?: number
}

const LONGEST_WAIT_MS = 30_000

/** The embedded database, one connection in a thread of its own, as drizzle-orm/pglite calls it. */
export class PgliteClient implements PgliteStatements {
  readonly #connection: PgliteConnection
  readonly #turns: Turns
  readonly #listeners = new Map<string, Set<(payload: string) => void>>()
  #sessions = 0

  private constructor(connection: PgliteConnection, longestWaitMs: number) {
    this.#connection = connection
    this.#turns = new Turns(longestWaitMs)
    connection.onFailure(() => this.#turns.end(() => connection.unavailable()))
    connection.onNotification((channel, payload) => {
      for (const callback of this.#listeners.get(channel) ?? []) callback(payload)
    })
  }

  /**
   * Opens the initialised database in `folder`, whose lock the caller holds.
   * @throws Unavailable when PostgreSQL does not start on it.
   */
  static async open(folder: string, { longestWaitMs = LONGEST_WAIT_MS }: PgliteClientOptions = {}) {
    return new PgliteClient(await PgliteConnection.open(folder), longestWaitMs)
  }

  query<Row>(sql: string, params: unknown[] = [], options: Options = {}): Promise<Results<Row>> {
    return this.#turns.take(() => query<Row>(this.#connection, sql, params, options))
  }

  exec(sql: string, options: Options = {}): Promise<Results[]> {
    return this.#turns.take(() => this.#connection.exec(sql, options.rowMode ?? 'object'))
  }

  /**
   * Alone on the database until `work` ends: committed when it resolves, rolled back when it throws. Inside, only
   * `tx` may be awaited: the client itself waits for the end of this very transaction.
   */
  transaction<T>(work: (tx: PgliteTransaction) => Promise<T>): Promise<T> {
    return this.#turns.take(() => runTransaction(this.#connection, work))
  }

  copyIn(copyStatement: string, chunks: Chunks): Promise<number> {
    return copy(copyStatement, chunks, (sql, rows) =>
      this.#turns.take(() => this.#connection.copy(sql, rows)),
    )
  }

  /**
   * There is one connection, so temporary tables are seen by every session; they are dropped when the last of the
   * sessions that overlap has ended. Other statements run in between.
   */
  async session<T>(work: (client: PgliteClient) => Promise<T>): Promise<T> {
    this.#sessions++
    try {
      return await work(this)
    } finally {
      this.#sessions--
      if (this.#sessions === 0) await this.exec('discard temp')
    }
  }

  /** Calls back with the payload of every `NOTIFY` on the channel. Answers what ends it. */
  async listen(channel: string, callback: (payload: string) => void): Promise<() => Promise<void>> {
    const callbacks = this.#listeners.get(channel) ?? new Set()
    this.#listeners.set(channel, callbacks.add(callback))
    await this.exec(`listen ${quoted(channel)}`)
    return async () => {
      callbacks.delete(callback)
      if (callbacks.size === 0) await this.exec(`unlisten ${quoted(channel)}`)
    }
  }

  /** Calls `listener` once, when the database has stopped without being asked to. All calls fail from then on. */
  onFailure(listener: (failure: Error) => void) {
    this.#connection.onFailure(listener)
  }

  /**
   * Lets what has begun or waits come to its end, checkpoints and ends the thread.
   * @throws Unavailable when a statement takes too long: it is cut off, the thread ends all the same.
   */
  async close(): Promise<void> {
    if (this.#connection.hasFailed) return
    const closing = this.#turns.take(() => this.#connection.close())
    this.#turns.close(closed)
    await closing.finally(() => this.#connection.kill())
  }
}

async function query<Row>(connection: PgliteConnection, sql: string, params: unknown[], options: Options) {
  const results = await connection.query(sql, params, options.rowMode ?? 'object')
  return results as Results<Row>
}

async function runTransaction<T>(connection: PgliteConnection, work: (tx: PgliteTransaction) => Promise<T>) {
  await connection.exec('begin', 'array')
  const tx = openTransaction(connection)
  try {
    const result = await work(tx)
    if (!tx.closed) await tx.commit()
    return result
  } catch (error) {
    if (!tx.closed) await tx.rollback()
    throw error
  }
}

function openTransaction(connection: PgliteConnection) {
  let isOver = false
  const whileOpen = () => {
    if (isOver) throw new Error('This transaction has ended: a statement in it was not awaited.')
    return connection
  }
  const end = (statement: 'commit' | 'rollback') => {
    const ending = whileOpen().exec(statement, 'array')
    isOver = true
    return ending
  }

  return {
    get closed() {
      return isOver
    },
    query: async <Row>(sql: string, params: unknown[] = [], options: Options = {}) =>
      query<Row>(whileOpen(), sql, params, options),
    exec: async (sql: string, options: Options = {}) => whileOpen().exec(sql, options.rowMode ?? 'object'),
    copyIn: (copyStatement: string, chunks: Chunks) =>
      copy(copyStatement, chunks, async (sql, rows) => whileOpen().copy(sql, rows)),
    commit: async () => {
      const [result] = await end('commit')
      if (result?.command === 'ROLLBACK') throw rolledBack()
    },
    rollback: async () => {
      await end('rollback')
    },
  }
}

/** PostgreSQL answers COMMIT after a refused statement with a quiet ROLLBACK. */
const rolledBack = () =>
  new PgliteError({
    message: 'The transaction was rolled back: a statement in it had been refused.',
    severity: 'ERROR',
    code: '25P02',
  })

async function copy(
  copyStatement: string,
  chunks: Chunks,
  store: (sql: string, rows: Uint8Array<ArrayBuffer>) => Promise<number>,
) {
  // PGlite reads the rows of a COPY from a device of its own.
  const sql = copyStatement.replace(/\bfrom\s+stdin\b/i, "from '/dev/blob'")
  let stored = 0
  for await (const batch of batchesOfRows(chunks)) stored += await store(sql, batch)
  return stored
}

const quoted = (identifier: string) => `"${identifier.replaceAll('"', '""')}"`
