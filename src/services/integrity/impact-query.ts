import { type SQL, sql } from 'drizzle-orm'
import type { ForeignKey } from './catalog.ts'
import type { ImpactPlan, Step } from './impact-plan.ts'

/**
 * One statement that counts, for every step of the plan, the rows it concerns: `step` is the index in `plan.steps`,
 * -1 the row itself. Rows are counted where they lie, none comes to Node. A row that two ways lead to is counted
 * once, for the first; one that is deleted as well neither blocks nor is cleared.
 */
export function impactQuery(plan: ImpactPlan, isRoot: SQL): SQL {
  const sets = plan.isCircular ? circularSets(plan, isRoot) : orderedSets(plan, isRoot)
  const counts = [
    sql`select -1 as step, count(*)::float8 as rows from ${lost(plan.root)} where lost_via = -1`,
    ...plan.emptied.filter((table) => isGathered(plan, table)).map(gatheredRows),
    ...plan.steps.flatMap((step, index) =>
      step.effect === 'deletes' && isGathered(plan, step.foreignKey.table)
        ? []
        : [referrers(plan, step, index)],
    ),
  ]
  return sql`with recursive ${sql.join(sets, sql`, `)} ${sql.join(counts, sql` union all `)}`
}

/**
 * Whether the rows that a table loses are gathered first: to tell them apart, or because a table that refers to them
 * leads further. Others are counted in their index alone; a leaf below them is counted by joining through them, which
 * costs less than reading the keys of all.
 */
function isGathered(plan: ImpactPlan, table: string) {
  const leadsFar = leadingFrom(plan, table).some(
    ({ foreignKey }) => leadingFrom(plan, foreignKey.table).length > 0,
  )
  return table === plan.root || leadsFar || mustTellApart(plan, table)
}

const leadingFrom = (plan: ImpactPlan, table: string) =>
  plan.steps.filter(({ foreignKey }) => foreignKey.parent === table)

const gatheredRows = (table: string) =>
  sql`select lost_via, count(*)::float8 from ${lost(table)} where lost_via <> -1 group by lost_via`

/** Rows that refer to lost ones. RESTRICT does not wait to see whether they are lost too. */
function referrers(plan: ImpactPlan, { foreignKey, effect }: Step, index: number): SQL {
  const { table, onDelete } = foreignKey
  const staysItself =
    effect !== 'deletes' && onDelete !== 'restrict' && plan.emptied.includes(table)
      ? sql`and not exists (select from ${lost(table)} as also where also.lost_row = child.ctid)`
      : sql``
  return sql`select ${number(index)}, count(*)::float8 from ${sql.identifier(table)} as child
    where ${refersToLost(plan, foreignKey)} ${staysItself}`
}

/** The name of the set of rows that a table loses. */
const lost = (table: string) => sql.identifier(`lost ${table}`)

/** A set per table, each out of the sets of its parents. */
function orderedSets(plan: ImpactPlan, isRoot: SQL): SQL[] {
  const gathered = plan.emptied.filter((table) => isGathered(plan, table))
  return gathered.map((table) => {
    const ways = cascadesInto(plan, table).map(
      ([{ foreignKey }, via]) =>
        sql`select ${carried(plan, table, via)} from ${sql.identifier(table)} as child where ${refersToLost(plan, foreignKey)}`,
    )
    if (table === plan.root) {
      ways.unshift(
        sql`select ${carried(plan, table, -1)} from ${sql.identifier(table)} as child where ${isRoot}`,
      )
    }
    const rows = sql.join(ways, sql` union all `)
    return sql`${lost(table)} as (${ways.length > 1 ? firstWay(rows) : rows})`
  })
}

/** Where deleting goes in circles, the sets are found together: from each lost row to those that refer to it. */
function circularSets(plan: ImpactPlan, isRoot: SQL): SQL[] {
  const place = (table: string) => sql.raw(String(plan.emptied.indexOf(table)))
  const ways = plan.steps.flatMap(({ foreignKey, effect }, via) => {
    if (effect !== 'deletes') return []
    const { table, parent } = foreignKey
    return sql`select ${place(table)}, child.ctid, ${number(via)} from ${sql.identifier(parent)} as parent
      join ${sql.identifier(table)} as child on ${refersTo(foreignKey, 'parent')}
      where reached.place = ${place(parent)} and parent.ctid = reached.row`
  })
  const reached = sql`reached (place, row, via) as (
    select ${place(plan.root)}, child.ctid, -1 from ${sql.identifier(plan.root)} as child where ${isRoot}
    union
    select next.* from reached cross join lateral (${sql.join(ways, sql` union all `)}) as next
  )`
  const sets = plan.emptied.map((table) => {
    const rows = sql`select ${carried(plan, table, null)} from reached
      join ${sql.identifier(table)} as child on child.ctid = reached.row where reached.place = ${place(table)}`
    return sql`${lost(table)} as (${firstWay(rows)})`
  })
  return [reached, ...sets]
}

/** What a set carries along: the columns that others refer to, the step, and the row's place where it must be told apart. */
function carried(plan: ImpactPlan, table: string, via: number | null): SQL {
  const referred = plan.steps
    .filter(({ foreignKey }) => foreignKey.parent === table)
    .flatMap(({ foreignKey }) => foreignKey.parentColumns)
  const columns = [...new Set(referred)].map((column) => of('child', column))
  const place = mustTellApart(plan, table) ? [sql`child.ctid as lost_row`] : []
  return sql.join(
    [sql`${via === null ? sql`reached.via` : number(via)} as lost_via`, ...place, ...columns],
    sql`, `,
  )
}

/** Whether a row may be met twice, or must be known as lost elsewhere. */
function mustTellApart(plan: ImpactPlan, table: string) {
  const ways = cascadesInto(plan, table).length + (table === plan.root ? 1 : 0)
  const isKeptElsewhere = plan.steps.some(
    ({ foreignKey, effect }) => effect !== 'deletes' && foreignKey.table === table,
  )
  return plan.isCircular || ways > 1 || isKeptElsewhere
}

const firstWay = (rows: SQL) =>
  sql`select distinct on (lost_row) * from (${rows}) as ways order by lost_row, lost_via`

function cascadesInto(plan: ImpactPlan, table: string): Array<[Step, number]> {
  return plan.steps
    .map((step, index): [Step, number] => [step, index])
    .filter(([{ foreignKey, effect }]) => effect === 'deletes' && foreignKey.table === table)
}

/**
 * Keys in an array send the planner to the index, which alone is read where the table was vacuumed since it was
 * filled. Without an index, over several columns, or from rows that were not gathered, only a join will do.
 */
function refersToLost(plan: ImpactPlan, foreignKey: ForeignKey): SQL {
  const { columns, parent, isIndexed } = foreignKey
  const isJoined = !isIndexed || columns.length > 1 || !isGathered(plan, parent)
  return isJoined ? isAmongLost(plan, foreignKey, 'child') : isInArrayOfLost(foreignKey)
}

const isInArrayOfLost = ({ columns: [column = ''], parent, parentColumns: [key = ''] }: ForeignKey) =>
  sql`${of('child', column)} = any (array(select ${sql.identifier(key)} from ${lost(parent)}))`

/** A table that is not gathered is reached one way only: see `mustTellApart`. */
function isAmongLost(plan: ImpactPlan, { columns, parent, parentColumns }: ForeignKey, child: string): SQL {
  const keys = columnsOf('parent', parentColumns)
  const [way] = isGathered(plan, parent) ? [] : cascadesInto(plan, parent).map(([step]) => step)
  const rows = way
    ? sql`${sql.identifier(parent)} as parent where ${isAmongLost(plan, way.foreignKey, 'parent')}`
    : sql`${lost(parent)} as parent`
  return sql`(${columnsOf(child, columns)}) in (select ${keys} from ${rows})`
}

const columnsOf = (alias: string, columns: string[]) =>
  sql.join(
    columns.map((column) => of(alias, column)),
    sql`, `,
  )

function refersTo({ columns, parentColumns }: ForeignKey, parent: string): SQL {
  const equal = columns.map(
    (column, index) => sql`${of('child', column)} = ${of(parent, parentColumns[index] ?? '')}`,
  )
  return sql.join(equal, sql` and `)
}

const of = (alias: string, column: string) => sql`${sql.identifier(alias)}.${sql.identifier(column)}`

const number = (value: number) => sql.raw(String(value))
