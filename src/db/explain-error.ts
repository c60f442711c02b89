import { type AppError, Conflict, InvalidInput, Misconfigured, Unavailable } from '#src/errors.ts'
import { CHECK_WORDS, REFERENCES, UNIQUE_WORDS } from './constraint-words.ts'
import { type DatabaseError, databaseError } from './database-error.ts'
import { capitalized, hasNoun, nounOf } from './table-nouns.ts'
import { unavailable } from './unavailable.ts'

/**
 * What went wrong in the database, in words for people: which field, what to do, no SQL and no inner names.
 * @returns null when the error is not the database's, or is a fault of ours that no words can mend.
 */
export function explainDatabaseError(error: unknown): AppError | null {
  if (isLostConnection(error)) return unavailable(error)

  const refused = databaseError(error)
  if (!refused) return null
  const explain = BY_STATE[refused.code] ?? BY_CLASS[refused.code.slice(0, 2)]
  return explain ? explain(refused) : null
}

type Explain = (refused: DatabaseError) => AppError

/** By SQLSTATE: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const BY_STATE: Record<string, Explain> = {
  '23502': missingValue,
  '23503': brokenReference,
  '23001': keptByDatabase,
  '23505': taken,
  '23514': brokenRule,
  '22P02': invalid('A value is not of the kind its field takes, such as text where a number belongs.'),
  '22P05': invalid('A text holds a character that cannot be stored. Remove it, it is an invisible one.'),
  '22021': invalid('A text is not valid UTF-8, or holds a NUL character. Remove it.'),
  '22003': invalid('A number is too large or too small for its field.'),
  '22001': invalid('A text is too long for its field.'),
  '22007': invalid('A date or time is not written as one. Write it like 2026-01-31T12:00:00Z.'),
  '22008': invalid('A date or time is out of range.'),
  '40001': conflict('Somebody else changed the same at the same moment. Nothing was saved; try again.'),
  '40P01': conflict('Somebody else changed the same at the same moment. Nothing was saved; try again.'),
  '55P03': conflict(
    'Somebody else is working on the same just now. Nothing was saved; try again in a moment.',
  ),
  '57014': outOfService(
    'The database took too long to answer and was stopped. Nothing was saved; try again later.',
  ),
  '53100': outOfService("The database's disk is full. Nothing was saved; make room on it and try again."),
  '53200': outOfService('The database is out of memory. Nothing was saved; try again later.'),
  '53300': outOfService('The database has no connection left. Nothing was saved; try again in a moment.'),
  '25006': outOfService('The database accepts no changes just now. Nothing was saved; try again later.'),
  '28000': misconfigured(
    'The database refuses the user of DATABASE_URL. Correct the user name or its rights.',
  ),
  '28P01': misconfigured('The database refuses the password of DATABASE_URL. Correct it.'),
  '3D000': misconfigured('There is no database of the name in DATABASE_URL. Create it, or correct the name.'),
  '42501': misconfigured('The user of DATABASE_URL may not do this. Make it the owner of the tables.'),
  '42P01': misconfigured(
    'A table is missing: the database is not of this version. Run: npx creatorflix migrate',
  ),
  '42703': misconfigured(
    'A column is missing: the database is not of this version. Run: npx creatorflix migrate',
  ),
}

const BY_CLASS: Record<string, Explain> = {
  '08': unavailable,
  '57': unavailable,
  '58': outOfService('The database cannot read or write its files. See its log.'),
  '22': invalid('A value has a form that its field does not take.'),
}

/** What node-postgres says without any code, and what the system says. */
const LOST_CONNECTION_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
])
const LOST_CONNECTION_WORDS =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Cannot use a pool after calling end)/

function isLostConnection(error: unknown): boolean {
  for (let current = error; current instanceof Error; current = current.cause) {
    if ('code' in current && LOST_CONNECTION_CODES.has(String(current.code))) return true
    if (LOST_CONNECTION_WORDS.test(current.message)) return true
  }
  return false
}

function missingValue(refused: DatabaseError) {
  const field = fieldWords(refused.table, refused.column ?? 'value')
  const owner = refused.table && hasNoun(refused.table) ? ` of a ${nounOf(refused.table)}` : ''
  return new InvalidInput(`The ${field}${owner} is missing. Give one.`, { cause: refused })
}

function brokenRule(refused: DatabaseError) {
  const words = CHECK_WORDS[refused.constraint ?? ''] ?? 'A value is not one that its field takes.'
  return new InvalidInput(words, { cause: refused })
}

function taken(refused: DatabaseError) {
  const words = UNIQUE_WORDS[refused.constraint ?? ''] ?? takenKey(refused)
  return new Conflict(words, { cause: refused })
}

function takenKey(refused: DatabaseError) {
  const noun = refused.table && hasNoun(refused.table) ? nounOf(refused.table) : 'row'
  return `There is a ${noun} with the same key already.`
}

/**
 * The server words its detail in its own language; only the key in it, `(plan_id)=(7)`, is the same in all. A key of
 * the referring column means that its parent is missing, any other that the parent is still referred to.
 */
function brokenReference(refused: DatabaseError) {
  const options = { cause: refused }
  const reference = REFERENCES[refused.constraint ?? '']
  const [, column, value] = /\(([^)]*)\)=\((.*)\)/s.exec(refused.detail ?? '') ?? []
  if (!reference)
    return new Conflict('Other rows refer to this, or this refers to one that is gone.', options)

  const noun = nounOf(reference.parent)
  const [id] = reference.words ? (value?.split(', ') ?? []) : [value]
  const parent = capitalized(id === undefined ? `this ${noun}` : `${noun} ${id}`)
  if (column === reference.column) {
    return new InvalidInput(reference.words ?? `${parent} does not exist. Choose another ${noun}.`, options)
  }
  return new Conflict(
    `${parent} is still used by at least one ${nounOf(reference.table)}. Delete or change what uses it first.`,
    options,
  )
}

/** `plan_id` → `plan`, `model_id` → `creator`, `total_amount` → `total amount`. */
function fieldWords(table: string | undefined, column: string) {
  const reference = Object.values(REFERENCES).find((one) => one.table === table && one.column === column)
  return reference ? nounOf(reference.parent) : column.replaceAll('_', ' ')
}

/** Raised by triggers of ours that guard what the database counts. */
function keptByDatabase(refused: DatabaseError) {
  if (refused.constraint) return brokenReference(refused)
  return new Conflict('The database keeps this by itself: change what it is made of instead.', {
    cause: refused,
  })
}

function invalid(words: string): Explain {
  return (cause) => new InvalidInput(words, { cause })
}

function conflict(words: string): Explain {
  return (cause) => new Conflict(words, { cause })
}

function outOfService(words: string): Explain {
  return (cause) => new Unavailable(words, { cause })
}

function misconfigured(words: string): Explain {
  return (cause) => new Misconfigured(words, { cause })
}
