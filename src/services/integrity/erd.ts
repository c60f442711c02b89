import type { Db } from '#src/db/index.ts'
import { type Catalog, type ForeignKey, readCatalog, type Table } from './catalog.ts'

/** The live database as a Mermaid `erDiagram`: tables, columns, keys, and what a delete does along each relation. */
export async function entityDiagram(db: Db): Promise<string> {
  const catalog = await readCatalog(db)
  const lines = [
    ...catalog.tables.flatMap((table) => tableLines(catalog, table)),
    ...catalog.foreignKeys.map((foreignKey) => relationLine(catalog, foreignKey)),
  ]
  return ['erDiagram', ...lines.map((line) => `  ${line}`)].join('\n')
}

function tableLines(catalog: Catalog, table: Table): string[] {
  const columns = table.columns.map(({ name, type, required }) => {
    const remarks = [required ? '' : 'optional', ...uniqueTogether(table, name)].filter(Boolean).join('; ')
    const words = [word(type), name, keysOf(catalog, table, name), remarks && `"${remarks}"`]
    return `  ${words.filter(Boolean).join(' ')}`
  })
  return [`${table.name} {`, ...columns, '}']
}

/** Mermaid takes one word for a type: `timestamp_with_time_zone`, `numeric_10_2`. */
const word = (type: string) => type.replace(/[^\w[\]]+/g, '_').replace(/_$/, '')

function keysOf({ foreignKeys }: Catalog, table: Table, column: string): string {
  const isForeign = foreignKeys.some((key) => key.table === table.name && key.columns.includes(column))
  const isUnique = table.uniques.some((columns) => columns.length === 1 && columns[0] === column)
  return [table.key.includes(column) && 'PK', isForeign && 'FK', isUnique && 'UK'].filter(Boolean).join(', ')
}

const uniqueTogether = ({ uniques }: Table, column: string) =>
  uniques
    .filter((columns) => columns.length > 1 && columns.includes(column))
    .map((columns) => `unique (${columns.join(', ')})`)

/** `||--o{`: each row on the right belongs to exactly one on the left; `|o`: or to none; `o|`: at most one on the right. */
function relationLine({ tables }: Catalog, foreignKey: ForeignKey): string {
  const { table, columns, parent, onDelete, name } = foreignKey
  const child = tables.find((candidate) => candidate.name === table)
  const isRequired = columns.every((column) => child?.columns.some((c) => c.name === column && c.required))
  const isSingle = [child?.key ?? [], ...(child?.uniques ?? [])].some(
    (unique) => unique.length > 0 && unique.every((column) => columns.includes(column)),
  )
  const line = `${isRequired ? '||' : '|o'}--${isSingle ? 'o|' : 'o{'}`
  return `${parent} ${line} ${table} : "${columns.join(', ')}, on delete ${onDelete} (${name})"`
}
