// The thread in which the embedded database runs, so that a long statement never stops the site. Plain JavaScript,
// because a thread is loaded by Node alone. It answers one request after the other, in the order they came.
import './keep-byte-order-mark.mjs'
import { on } from 'node:events'
import { readdirSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'
import { parentPort, workerData } from 'node:worker_threads'
import { PGlite, types } from '@electric-sql/pglite'
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm'
import { unaccent } from '@electric-sql/pglite/contrib/unaccent'

/** @import { Results } from '@electric-sql/pglite' */
/** @import { ErrorReport, Message, Request } from './pglite-messages.ts' */

const START_PARAMETERS = [
  ...PGlite.defaultStartParams,
  // Small on disk: 16 MB segments, deleted at a checkpoint rather than kept for later.
  ...['-c', 'min_wal_size=32MB', '-c', 'max_wal_size=32MB', '-c', 'wal_recycle=off'],
  // PGlite fills them at the start: every megabyte is memory of the process.
  ...['-c', 'shared_buffers=64MB'],
  // Half of the default: PostgreSQL must see a deep recursion before the stack of the thread is full.
  ...['-c', 'max_stack_depth=1MB'],
]

/** Nobody checkpoints in the background of a single PostgreSQL process: its log would grow without end. */
const CHECKPOINT_AT_WAL_SEGMENTS = 4
const LOOK_AT_WAL_EVERY_MS = 200

/**
 * As drizzle-orm/pglite wants them: instants, dates, intervals and arrays of them and of numeric stay text. Set once,
 * because PGlite copies all its parsers for a query that brings its own, which takes longer than the query.
 */
const AS_TEXT = Object.fromEntries(
  [types.TIMESTAMP, types.TIMESTAMPTZ, types.INTERVAL, types.DATE, 1115, 1182, 1185, 1187, 1231].map(
    (type) => [type, (/** @type {string} */ text) => text],
  ),
)

/** How PGlite's exit from a refused statement, a long jump in C, looks from outside. */
const LONG_JUMP = 100

/** The fields of an ErrorReport beside its message. */
const REPORTED = [
  ...['severity', 'code', 'detail', 'hint', 'position', 'where'],
  ...['schema', 'table', 'column', 'dataType', 'constraint'],
]

/** @type {string} The last PANIC or FATAL that PostgreSQL wrote to its log. */
let lastWords = ''
let lookedAtWal = performance.now()

const pg = await open()
pg.onNotification((channel, payload) => say({ channel, payload }))
for await (const [{ id, ...request }] of on(parentPort, 'message')) {
  await answer(id, request)
  if (request.kind === 'close') break
}
// PGlite leaves handles behind that would keep the thread.
process.exit(0)

async function open() {
  try {
    const pg = await PGlite.create(workerData.folder, {
      extensions: { pg_trgm, unaccent },
      startParams: START_PARAMETERS,
      onStderr: keepLastWords,
    })
    Object.assign(pg.parsers, AS_TEXT)
    dieOfCrashes(pg.Module)
    return pg
  } catch (error) {
    return die(error)
  }
}

/** @param {string} line */
function keepLastWords(line) {
  lastWords = line.match(/^\S+ \S+ \S+ \[\d+\] ((?:PANIC|FATAL): .*)/)?.[1] ?? lastWords
  return false
}

/**
 * PGlite swallows whatever is thrown out of PostgreSQL and would go on with half a database: after a PANIC, a full
 * stack or an abort, statements hang or succeed without doing anything. Here any of them ends the thread.
 */
function dieOfCrashes(module) {
  for (const name of [
    '_PostgresMainLoopOnce',
    '_PostgresMainLongJmp',
    '_PostgresSendReadyForQueryIfNecessary',
    '_pgl_pq_flush',
  ]) {
    const run = module[name]
    module[name] = (...given) => {
      try {
        return run(...given)
      } catch (error) {
        if (error.status !== LONG_JUMP) die(error)
        throw error
      }
    }
  }
}

/** @returns {never} */
function die(error) {
  say({ failed: lastWords || String(error?.message ?? error) })
  process.exit(1)
}

/**
 * @param {number} id
 * @param {Request} request
 */
async function answer(id, request) {
  try {
    say({ id, results: await perform(request) })
  } catch (error) {
    return say({ id, refusal: report(error) })
  }
  if (request.kind !== 'close') await checkpointWhenDue(request)
}

/**
 * @param {Request} request
 * @returns {Promise<Results[]>}
 */
async function perform(request) {
  switch (request.kind) {
    case 'query':
      return [await pg.query(request.sql, request.params, { rowMode: request.rowMode })]
    case 'exec':
      return await pg.exec(request.sql, { rowMode: request.rowMode })
    case 'copy':
      return [await pg.query(request.sql, [], { blob: new Blob([request.rows]) })]
    case 'close':
      await pg.exec('checkpoint')
      await pg.close()
      return []
  }
}

/**
 * Not inside of a transaction, which a refused checkpoint would break, but for the loads that run in one. When it is
 * refused, for want of room or of the right role, the next look tries again.
 * @param {Request} request
 */
async function checkpointWhenDue(request) {
  if (performance.now() - lookedAtWal < LOOK_AT_WAL_EVERY_MS) return
  if (request.kind !== 'copy' && pg.isInTransaction()) return
  lookedAtWal = performance.now()
  if (countWalSegments() >= CHECKPOINT_AT_WAL_SEGMENTS) await pg.exec('checkpoint').catch(() => {})
}

function countWalSegments() {
  const names = readdirSync(path.join(workerData.folder, 'pg_wal'))
  return names.filter((name) => /^[0-9A-F]{24}$/.test(name)).length
}

/** @param {Message} message */
function say(message) {
  parentPort.postMessage(message)
}

/** @returns {ErrorReport} Without the statement and its parameters, which may be personal. */
function report(error) {
  const fields = Object.fromEntries(REPORTED.map((field) => [field, error[field]]))
  return { message: error.message, ...fields }
}
