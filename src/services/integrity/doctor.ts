import { sql } from 'drizzle-orm'
import { databaseError } from '#src/db/database-error.ts'
import type { Database, Db } from '#src/db/index.ts'
import { migrationStatus } from '#src/db/migrate.ts'
import { capitalized, counted, nounOf } from '#src/db/table-nouns.ts'
import { type ForeignKey, readForeignKeys } from './catalog.ts'
import { COPIES, type Copy } from './copies.ts'
import { findDrift } from './drift.ts'
import { migrationFindings } from './migration-words.ts'

/** One thing looked at: its name is a claim, its findings say where the claim does not hold. */
export interface Check {
  name: string
  ok: boolean
  findings: string[]
  /** The way out, where there is one for all findings. */
  remedy?: string
}

export interface Examination {
  ok: boolean
  checks: Check[]
}

/** Examples shown of a fault that many rows have. */
const EXAMPLES = 5

/** Looks at schema, keys, copies and references of the live database. Changes nothing. */
export function examine(database: Database): Promise<Examination> {
  return database.session(async ({ db }) => {
    const status = await migrationStatus(db)
    const applied = await check('every migration is applied as released', async () =>
      migrationFindings(status),
    )
    // A database on its way to this version differs from it everywhere: nothing else could be said of it.
    const others = status.pending.length > 0 ? [] : await checksOfThisVersion(db)
    const checks = [applied, ...others]
    return { ok: checks.every(({ ok }) => ok), checks }
  })
}

async function checksOfThisVersion(db: Db): Promise<Check[]> {
  return [
    await check('the schema is what the migrations make', () => findDrift(db)),
    await check('every constraint and index is valid', () => invalidConstraints(db)),
    await check('every foreign key has an index', () => unindexedKeys(db)),
    await check('every reference leads to a row', () => orphans(db)),
    ...(await inTurn(COPIES, (copy) =>
      check(`the copy ${copy.name} is right`, () => wrongCopies(db, copy), remedyInWords(copy)),
    )),
  ]
}

/** A line for each check, its findings under it, for a terminal. */
export function renderExamination({ ok, checks }: Examination): string {
  const lines = checks.flatMap(({ name, ok, findings, remedy }) => [
    `${ok ? 'ok   ' : 'FAULT'} ${capitalized(name)}`,
    ...findings.map((finding) => `      - ${finding}`),
    ...(remedy && !ok ? [`      The way out: ${remedy}`] : []),
  ])
  return [...lines, ok ? 'The database is sound.' : 'The database needs attention.'].join('\n')
}

async function check(name: string, find: () => Promise<string[]>, remedy?: string): Promise<Check> {
  const findings = await find().catch((error) => [couldNotLook(error)])
  return { name, ok: findings.length === 0, findings, ...(remedy && findings.length > 0 && { remedy }) }
}

/** A table that is gone must not hide what else there is to say. */
function couldNotLook(error: unknown) {
  const refused = databaseError(error)
  if (!refused?.code.startsWith('42')) throw error
  return `This could not be looked at: ${refused.message}.`
}

async function inTurn<Item, Result>(items: Item[], work: (item: Item) => Promise<Result>) {
  const results: Result[] = []
  for (const item of items) results.push(await work(item))
  return results
}

async function invalidConstraints(db: Db) {
  const { rows } = await db.execute<{ finding: string }>(sql`
    select format('The constraint %s of %s was never checked against the rows that are there. Check it: '
      'alter table %s validate constraint %s', conname, conrelid::regclass, conrelid::regclass, conname) as finding
    from pg_constraint where connamespace = 'public'::regnamespace and not convalidated
    union all
    select format('The index %s of %s is not valid, its building broke off. Build it again: reindex index %s',
      indexrelid::regclass, indrelid::regclass, indexrelid::regclass)
    from pg_index join pg_class on pg_class.oid = indexrelid
    where relnamespace = 'public'::regnamespace and not (indisvalid and indisready)
    order by 1
  `)
  return rows.map(({ finding }) => finding)
}

async function unindexedKeys(db: Db) {
  const keys = await readForeignKeys(db)
  return keys
    .filter(({ isIndexed }) => !isIndexed)
    .map(
      ({ name, table, columns, parent }) =>
        `${name} has none: each delete of a ${nounOf(parent)} reads all of ${table}. Make one: create index on ${table} (${columns.join(', ')})`,
    )
}

async function orphans(db: Db) {
  const findings = await inTurn(await readForeignKeys(db), (key) => orphansOf(db, key))
  return findings.flat()
}

async function orphansOf(db: Db, key: ForeignKey): Promise<string[]> {
  const equal = key.columns.map(
    (column, index) =>
      sql`parent.${sql.identifier(key.parentColumns[index] ?? '')} = child.${sql.identifier(column)}`,
  )
  const given = key.columns.map((column) => sql`child.${sql.identifier(column)} is not null`)
  const value = sql.join(
    key.columns.map((column) => sql`child.${sql.identifier(column)}`),
    sql`, `,
  )
  const { rows } = await db.execute<{ rows: number; example: string }>(sql`
    select count(*)::float8 as rows, min(concat_ws(', ', ${value})) as example
    from ${sql.identifier(key.table)} as child
    where ${sql.join(given, sql` and `)}
      and not exists (select from ${sql.identifier(key.parent)} as parent where ${sql.join(equal, sql` and `)})
  `)
  const [found] = rows
  if (!found || found.rows === 0) return []
  const refer = found.rows === 1 ? 'refers' : 'refer'
  return [
    `${counted(key.table, found.rows)} ${refer} to a ${nounOf(key.parent)} that is not there, such as ${found.example} (${key.name})`,
  ]
}

async function wrongCopies(db: Db, copy: Copy) {
  const { rows } = await db.execute<{ row: string; found: string; right: string; total: number }>(sql`
    select *, count(*) over ()::float8 as total from (${copy.wrong}) as wrong limit ${EXAMPLES}
  `)
  const more = (rows[0]?.total ?? 0) - rows.length
  const findings = rows.map(({ row, found, right }) => `${row} has ${found}; right is ${right}`)
  return more > 0 ? [...findings, `and ${more.toLocaleString('en')} more`] : findings
}

const remedyInWords = ({ remedy }: Copy) => `run in psql: ${remedy}`
