import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { sql } from 'drizzle-orm'
import type { Db } from '#src/db/index.ts'

/** Values of a kind that were planted, such as an e-mail and the same in another spelling. */
export type Planted = Record<string, string[]>

/** A value, as it may stand in a text: plain, in hexadecimal, in base64 wherever it begins, and in an address. */
function spellingsOf(value: string): string[] {
  const bytes = Buffer.from(value)
  const hex = bytes.toString('hex')
  return [
    value,
    value.toLowerCase(),
    encodeURIComponent(value),
    new URLSearchParams({ '': value }).toString().slice(1),
    value.replaceAll('&', '&amp;').replaceAll("'", '&#39;'),
    JSON.stringify(value).slice(1, -1),
    hex,
    hex.toUpperCase(),
    ...[0, 1, 2].flatMap((offset) => inBase64(bytes, offset)),
  ]
}

/** Of what stands behind so many other bytes, the letters that are its own. */
function inBase64(bytes: Buffer, offset: number): string[] {
  const padded = Buffer.concat([Buffer.alloc(offset), bytes])
  const [from, to] = [Math.ceil((offset * 8) / 6), Math.floor((padded.length * 8) / 6)]
  return [padded.toString('base64'), padded.toString('base64url')].map((text) => text.slice(from, to))
}

/** Tells which kinds of the planted values stand in a text, however they are written. */
export function finderOf(planted: Planted): (text: string) => string[] {
  const spellings = Object.entries(planted).map(
    ([kind, values]) => [kind, [...new Set(values.flatMap(spellingsOf))]] as const,
  )
  return (text) =>
    spellings.filter(([, written]) => written.some((one) => text.includes(one))).map(([kind]) => kind)
}

/** Every column of every table, with all that stands in it. */
export async function everyColumn(db: Db): Promise<Array<{ column: string; text: string }>> {
  const { rows } = await db.execute<{ schema: string; table: string; column: string }>(sql`
    select table_schema as schema, table_name as table, column_name as column
    from information_schema.columns join information_schema.tables using (table_schema, table_name)
    where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')
    order by 1, 2, ordinal_position`)
  const columns = []
  for (const { schema, table, column } of rows) {
    const name = sql.identifier(column)
    const { rows: found } = await db.execute<{ text: string | null }>(sql`
      select string_agg(${name}::text, chr(10)) as text from ${sql.identifier(schema)}.${sql.identifier(table)}`)
    columns.push({ column: `${table}.${column}`, text: found[0]?.text ?? '' })
  }
  return columns
}

/** All that the files of a folder hold, byte by byte. */
export async function everyFile(folder: string): Promise<Array<{ file: string; text: string }>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
  return Promise.all(
    files.map(async (file) => ({
      file: path.relative(folder, file),
      text: (await readFile(file)).toString('latin1'),
    })),
  )
}
