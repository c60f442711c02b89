/** What PostgreSQL says about a refused statement, as both drivers report it. */
export interface DatabaseError extends Error {
  /** SQLSTATE, five characters. */
  code: string
  constraint?: string
  detail?: string
  table?: string
  column?: string
}

const SQLSTATE = /^[0-9A-Z]{5}$/

/** The database's own error under what the layers above have wrapped around it, or null. */
export function databaseError(error: unknown): DatabaseError | null {
  for (let current = error; current instanceof Error; current = current.cause) {
    if ('code' in current && typeof current.code === 'string' && SQLSTATE.test(current.code)) {
      return current as DatabaseError
    }
  }
  return null
}

export const sqlState = (error: unknown) => databaseError(error)?.code ?? null
