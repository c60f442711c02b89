import { type SQL, sql } from 'drizzle-orm'
import { InvalidInput } from '#src/errors.ts'
import type { Table } from './catalog.ts'

/** A primary key as people write it: one value, or all of a composite key's, as a list or as its JSON. */
export type RowId = string | number | ReadonlyArray<string | number>

/** The condition that `child` is the row of this id, by the primary key's own types. */
export function hasId(table: Table, id: RowId): SQL {
  const values = keyValues(table, id)
  const conditions = table.key.map((column, index) => {
    const type = table.columns.find(({ name }) => name === column)?.type ?? 'text'
    return sql`child.${sql.identifier(column)} = cast(cast(${String(values[index])} as text) as ${sql.raw(type)})`
  })
  return sql.join(conditions, sql` and `)
}

/** The id in words: `7`, or `post, dora/beach` for a composite key. */
export const idWords = (table: Table, id: RowId) => keyValues(table, id).join(', ')

function keyValues(table: Table, id: RowId): ReadonlyArray<string | number> {
  if (table.key.length === 0) throw new InvalidInput(`${table.name} has no primary key to find a row by.`)
  const values = typeof id === 'object' ? id : table.key.length === 1 ? [id] : listed(id)
  if (values.length === table.key.length) return values
  const example = JSON.stringify(table.key.map((column) => `<${column}>`))
  throw new InvalidInput(`A row of ${table.name} is found by ${table.key.join(' and ')}: give ${example}.`)
}

function listed(id: string | number): ReadonlyArray<string | number> {
  try {
    const values: unknown = JSON.parse(String(id))
    return Array.isArray(values) ? values.map(String) : []
  } catch {
    // Not a list: the caller says what is wanted.
    return []
  }
}
