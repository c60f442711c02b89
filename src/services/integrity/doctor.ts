import { type SQL, sql } from 'drizzle-orm'
import { databaseError } from '#src/db/database-error.ts'
import type { Database, Db } from '#src/db/index.ts'
import { migrationStatus } from '#src/db/migrate.ts'
import { capitalized, counted, nounOf } from '#src/db/table-nouns.ts'
import { type ForeignKey, narrowerKey, readForeignKeys } from './catalog.ts'
import { COPIES, type Copy } from './copies.ts'
import { findDrift } from './drift.ts'
import { migrationFindings } from './migration-words.ts'
import { MONEY_NOTES, MONEY_RULES } from './money.ts'

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
  /** What is no fault and waits for a person: checks that found something. */
  notes: Check[]
}

/** Examples shown of a fault that many rows have. */
const EXAMPLES = 5

/** Looks at schema, keys, copies, references and money of the live database. Changes nothing. */
export function examine(database: Database): Promise<Examination> {
  return database.session(async ({ db }) => {
    const status = await migrationStatus(db)
    const applied = await check('every migration is applied as released', async () =>
      migrationFindings(status),
    )
    // A database on its way to this version differs from it everywhere: nothing else could be said of it.
    const isOnItsWay = status.pending.length > 0
    const checks = [applied, ...(isOnItsWay ? [] : await checksOfThisVersion(db))]
    const notes = isOnItsWay ? [] : await notesOf(db)
    return { ok: checks.every(({ ok }) => ok), checks, notes }
  })
}

async function checksOfThisVersion(db: Db): Promise<Check[]> {
  return [
    await check('the schema is what the migrations make', () => findDrift(db)),
    await check('every constraint and index is valid', () => invalidConstraints(db)),
    await check('every foreign key has an index', () => unindexedKeys(db)),
    await check('every reference leads to a row', () => orphans(db)),
    ...(await inTurn(COPIES, (copy) =>
      check(`the copy ${copy.name} is right`, () => someOf(db, wrongCopies(copy)), remedyInWords(copy)),
    )),
    ...(await inTurn(MONEY_RULES, ({ name, found, remedy }) => check(name, () => someOf(db, found), remedy))),
  ]
}

async function notesOf(db: Db): Promise<Check[]> {
  const notes = await inTurn(MONEY_NOTES, ({ name, found, remedy }) =>
    check(name, () => someOf(db, found), remedy),
  )
  return notes.filter(({ findings }) => findings.length > 0)
}

/** A line for each check and each note, the findings under it, for a terminal. */
export function renderExamination({ ok, checks, notes }: Examination): string {
  return [
    ...checks.flatMap((check) => linesOf(check.ok ? 'ok   ' : 'FAULT', check)),
    ...notes.flatMap((note) => linesOf('note ', note)),
    ok ? 'The database is sound.' : 'The database needs attention.',
  ].join('\n')
}

const linesOf = (mark: string, { name, findings, remedy }: Check) => [
  `${mark} ${capitalized(name)}`,
  ...findings.map((finding) => `      - ${finding}`),
  ...(remedy ? [`      The way out: ${remedy}`] : []),
]

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
  const keys = await readForeignKeys(db)
  const findings = await inTurn(keys, (key) => orphansOf(db, key, narrowerKey(keys, key)))
  return findings.flat()
}

/** A row whose parent is gone is told of once, by the narrower key, where there is one. */
async function orphansOf(db: Db, key: ForeignKey, narrower?: ForeignKey): Promise<string[]> {
  const given = key.columns.map((column) => sql`child.${sql.identifier(column)} is not null`)
  const value = sql.join(
    key.columns.map((column) => sql`child.${sql.identifier(column)}`),
    sql`, `,
  )
  const { rows } = await db.execute<{ rows: number; example: string }>(sql`
    select count(*)::float8 as rows, min(concat_ws(', ', ${value})) as example
    from ${sql.identifier(key.table)} as child
    where ${sql.join(given, sql` and `)} and not ${hasParent(key)} ${narrower ? sql`and ${hasParent(narrower)}` : sql``}
  `)
  const [found] = rows
  if (!found || found.rows === 0) return []
  const refer = found.rows === 1 ? 'refers' : 'refer'
  const fault = narrower ? 'that has other values' : 'that is not there'
  return [
    `${counted(key.table, found.rows)} ${refer} to a ${nounOf(key.parent)} ${fault}, such as ${found.example} (${key.name})`,
  ]
}

function hasParent({ parent, columns, parentColumns }: ForeignKey): SQL {
  const equal = columns.map(
    (column, index) =>
      sql`parent.${sql.identifier(parentColumns[index] ?? '')} = child.${sql.identifier(column)}`,
  )
  return sql`exists (select from ${sql.identifier(parent)} as parent where ${sql.join(equal, sql` and `)})`
}

/** The first of what is found, each a sentence, and how many more there are. */
async function someOf(db: Db, found: SQL): Promise<string[]> {
  const { rows } = await db.execute<{ finding: string; total: number }>(sql`
    select finding, count(*) over ()::float8 as total from (${found}) as found limit ${EXAMPLES}
  `)
  const more = (rows[0]?.total ?? 0) - rows.length
  const findings = rows.map(({ finding }) => finding)
  return more > 0 ? [...findings, `and ${more.toLocaleString('en')} more`] : findings
}

const wrongCopies = ({ wrong }: Copy) =>
  sql`select concat("row", ' has ', found, '; right is ', "right") as finding from (${wrong}) as wrong`

const remedyInWords = ({ remedy }: Copy) => `run in psql: ${remedy}`
