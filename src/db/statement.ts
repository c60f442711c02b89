import { type SQL, sql } from 'drizzle-orm'
import type { Db } from './index.ts'

/** Runs one statement that somebody else wrote, with `$1`, `$2`, … for its values, in whatever transaction `db` is. */
export function runStatement(db: Db, text: string, values: unknown[] = []) {
  return db.execute<Record<string, unknown>>(withValues(text, values))
}

function withValues(text: string, values: unknown[]): SQL {
  const pieces = text.split(/\$(\d+)/)
  return sql.join(
    pieces.map((piece, index) => (index % 2 === 0 ? sql.raw(piece) : sql.param(values[Number(piece) - 1]))),
  )
}
