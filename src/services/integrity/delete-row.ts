import { sql } from 'drizzle-orm'
import { explainDatabaseError } from '#src/db/explain-error.ts'
import type { Database, Db } from '#src/db/index.ts'
import { withRetry } from '#src/db/retry.ts'
import { capitalized, counted, nounOf } from '#src/db/table-nouns.ts'
import { Conflict } from '#src/errors.ts'
import { readTable } from './catalog.ts'
import { type Impact, type ImpactPath, impactOf } from './impact.ts'
import { hasId, type RowId } from './row-id.ts'

/**
 * Deletes a row and all that its cascades take, in one transaction, if that is still what was shown.
 * @param options.expected the impact that was agreed to; without it whatever the delete takes is taken.
 * @returns what was deleted.
 * @throws NotFound, and Conflict when rows still refer to it or when more would go than was expected.
 */
export function deleteRow(
  database: Database,
  table: string,
  id: RowId,
  options: { expected?: Impact } = {},
): Promise<Impact> {
  return withRetry(() =>
    database.session(({ db }) =>
      // A row that comes under the cascade after the count was taken fails the delete (40001): it is counted anew.
      db.transaction((tx) => countAndDelete(tx, table, id, options.expected), {
        isolationLevel: 'repeatable read',
      }),
    ),
  ).catch((error) => {
    throw explainDatabaseError(error) ?? error
  })
}

async function countAndDelete(db: Db, tableName: string, id: RowId, expected?: Impact) {
  const impact = await impactOf(db, tableName, id)
  refuseBlocked(impact)
  if (expected) refuseGrown(impact, expected)

  const table = await readTable(db, tableName)
  await db.execute(sql`delete from ${sql.identifier(table.name)} as child where ${hasId(table, id)}`)
  return impact
}

function refuseBlocked(impact: Impact) {
  if (impact.blocks === 0) return
  const blockers = impact.paths.filter(({ effect }) => effect === 'blocks')
  throw new Conflict(
    `${rowWords(impact)} is still used by ${listed(blockers)}. Nothing was deleted; delete or change them first.`,
  )
}

function refuseGrown(impact: Impact, expected: Impact) {
  const shown = new Map(expected.paths.map(({ constraint, rows }) => [constraint, rows]))
  const grown = impact.paths
    .map((path) => ({ ...path, rows: path.rows - (shown.get(path.constraint) ?? 0) }))
    .filter(({ rows }) => rows > 0)
  if (grown.length === 0) return
  throw new Conflict(
    `More depends on ${nounOf(impact.table)} ${impact.id} than was shown: ${listed(grown)} came since. Nothing was deleted; look again and decide.`,
  )
}

const rowWords = ({ table, id }: Impact) => capitalized(`${nounOf(table)} ${id}`)

const listed = (paths: ImpactPath[]) => LIST.format(paths.map(({ table, rows }) => counted(table, rows)))

const LIST = new Intl.ListFormat('en')
