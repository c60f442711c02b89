import { sqlState } from '#src/db/database-error.ts'
import type { Db } from '#src/db/index.ts'
import { capitalized, counted, nounOf } from '#src/db/table-nouns.ts'
import { NotFound } from '#src/errors.ts'
import { type DeleteAction, readForeignKeys, readTable, type Table } from './catalog.ts'
import { type Effect, planImpact } from './impact-plan.ts'
import { impactQuery } from './impact-query.ts'
import { hasId, idWords, type RowId } from './row-id.ts'

/** Rows that a delete takes, clears a reference of, or is blocked by, through one foreign key. */
export interface ImpactPath {
  effect: Effect
  /** The table of the rows, and the one they refer to. */
  table: string
  parent: string
  constraint: string
  columns: string[]
  onDelete: DeleteAction
  /** Foreign keys between the row and these, by the shortest way: 1 for rows that refer to the row itself. */
  depth: number
  rows: number
}

export interface Impact {
  table: string
  id: string
  /** Only where there are rows, by depth. */
  paths: ImpactPath[]
  /** Rows that would be gone, the row itself included. */
  deletes: number
  clears: number
  /** Rows that stand in the way; above zero, nothing can be deleted. */
  blocks: number
}

/**
 * What deleting a row would take, clear or be blocked by, at every depth, counted by the database in one statement.
 * Reads only.
 * @throws NotFound for an unknown table or row, InvalidInput for an id that does not fit the primary key.
 */
export async function impactOf(db: Db, tableName: string, id: RowId): Promise<Impact> {
  const table = await readTable(db, tableName)
  const plan = planImpact(await readForeignKeys(db), table.name)

  const counts = await countSteps(db, table, id, impactQuery(plan, hasId(table, id)))
  if (!counts.get(-1)) throw noSuchRow(table, id)

  const paths = plan.steps.flatMap(({ foreignKey, effect, depth }, index): ImpactPath[] => {
    const rows = counts.get(index) ?? 0
    const { table, parent, name: constraint, columns, onDelete } = foreignKey
    return rows > 0 ? [{ effect, table, parent, constraint, columns, onDelete, depth, rows }] : []
  })
  return {
    table: table.name,
    id: idWords(table, id),
    paths,
    deletes: 1 + rowsOf(paths, 'deletes'),
    clears: rowsOf(paths, 'clears'),
    blocks: rowsOf(paths, 'blocks'),
  }
}

/** The impact as a tree for a terminal: what goes, then what is cleared, then what stands in the way. */
export function renderImpact(impact: Impact): string {
  const row = capitalized(`${nounOf(impact.table)} ${impact.id}`)
  const lines = impact.paths.map(
    ({ effect, table, depth, rows, constraint }) =>
      `${'  '.repeat(depth)}${EFFECT_WORDS[effect]} ${counted(table, rows)} (${constraint})`,
  )
  return [`${row} (${impact.table})`, ...lines, verdict(impact)].join('\n')
}

const EFFECT_WORDS: Record<Effect, string> = {
  deletes: 'deletes',
  clears: 'clears the reference of',
  blocks: 'is blocked by',
}

function verdict({ deletes, clears, blocks }: Impact) {
  const rows = (count: number) => `${count.toLocaleString('en')} ${count === 1 ? 'row' : 'rows'}`
  if (blocks === 1) return 'It cannot be deleted: 1 row still refers to it. Delete or change it first.'
  if (blocks > 1) {
    return `It cannot be deleted: ${rows(blocks)} still refer to it. Delete or change them first.`
  }
  const cleared = clears > 0 ? ` and clears the reference of ${rows(clears)}` : ''
  return `Deleting it deletes ${rows(deletes)}${cleared}.`
}

async function countSteps(db: Db, table: Table, id: RowId, query: ReturnType<typeof impactQuery>) {
  try {
    const { rows } = await db.execute<{ step: number; rows: number }>(query)
    return new Map(rows.map(({ step, rows }) => [step, rows]))
  } catch (error) {
    if (NOT_OF_THAT_TYPE.has(sqlState(error) ?? '')) throw noSuchRow(table, id, error)
    throw error
  }
}

/** `abc` or 99999999999 for an integer key: there is no such row. */
const NOT_OF_THAT_TYPE = new Set(['22P02', '22003', '22007', '22008'])

const noSuchRow = (table: Table, id: RowId, cause?: unknown) =>
  new NotFound(`${capitalized(nounOf(table.name))} ${idWords(table, id)} does not exist.`, { cause })

const rowsOf = (paths: ImpactPath[], effect: Effect) =>
  paths.filter((path) => path.effect === effect).reduce((sum, { rows }) => sum + rows, 0)
