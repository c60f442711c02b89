import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '#src/db/index.ts'
import { NotFound } from '#src/errors.ts'

/** What the live database says of itself (pg_catalog): the truth that every answer of this folder starts from. */

export type DeleteAction = 'no action' | 'restrict' | 'cascade' | 'set null' | 'set default'

export interface Column {
  name: string
  /** As PostgreSQL writes it: `integer`, `timestamp with time zone`. */
  type: string
  required: boolean
}

export interface Table {
  name: string
  columns: Column[]
  /** The columns of the primary key in its order; empty when there is none. */
  key: string[]
  /** Column lists of unique constraints and of unique indexes that hold for all rows. */
  uniques: string[][]
}

export interface ForeignKey {
  name: string
  /** The referring table and its columns, in the order of `parentColumns`. */
  table: string
  columns: string[]
  parent: string
  parentColumns: string[]
  onDelete: DeleteAction
  /** Of the columns that ON DELETE SET NULL clears, one may not be null: the delete fails instead. */
  clearsRequired: boolean
  /**
   * An index over all rows starts with the columns, or with those that alone name a parent: without it every delete of
   * a parent reads the whole table.
   */
  isIndexed: boolean
}

export interface Catalog {
  tables: Table[]
  foreignKeys: ForeignKey[]
}

/** Tables and foreign keys of the schema `public`, by name. */
export async function readCatalog(db: Db): Promise<Catalog> {
  return { tables: await readTables(db), foreignKeys: await readForeignKeys(db) }
}

/** @throws NotFound naming the tables there are. */
export async function readTable(db: Db, name: string): Promise<Table> {
  const [table] = await readTables(db, sql`and relname = ${name}`)
  if (table) return table
  const names = (await readTables(db)).map((table) => table.name).join(', ')
  throw new NotFound(`There is no table "${name}". The tables are: ${names}.`)
}

async function readTables(db: Db, only = sql``): Promise<Table[]> {
  const { rows } = await db.execute<Table & Record<string, unknown>>(tablesWhere(only))
  return rows
}

/**
 * The key that this one only adds to: it leads from the same table to the same parent by some of its columns, and does
 * the same on a delete. Whatever row refers by this key refers by that one.
 */
export const narrowerKey = (foreignKeys: ForeignKey[], key: ForeignKey) =>
  foreignKeys.find(
    (other) =>
      other.table === key.table &&
      other.parent === key.parent &&
      other.onDelete === key.onDelete &&
      other.clearsRequired === key.clearsRequired &&
      other.columns.length < key.columns.length &&
      other.columns.every((column, index) => {
        const place = key.columns.indexOf(column)
        return place >= 0 && key.parentColumns[place] === other.parentColumns[index]
      }),
  )

export async function readForeignKeys(db: Db): Promise<ForeignKey[]> {
  const { rows } = await db.execute<ForeignKey & Record<string, unknown>>(FOREIGN_KEYS)
  return rows
}

const tablesWhere = (only: SQL) => sql`
  select
    relname::text as name,
    (
      select json_agg(json_build_object(
        'name', attname, 'type', format_type(atttypid, atttypmod), 'required', attnotnull
      ) order by attnum)
      from pg_attribute where attrelid = pg_class.oid and attnum > 0 and not attisdropped
    ) as columns,
    coalesce((
      select json_agg(attname order by place)
      from pg_index, unnest(indkey::int2[]) with ordinality as key (attnum, place)
        join pg_attribute using (attnum)
      where indrelid = pg_class.oid and indisprimary and attrelid = pg_class.oid
    ), '[]') as key,
    coalesce((
      select json_agg(columns) from (
        select json_agg(attname order by place) as columns
        from pg_index, unnest(indkey::int2[]) with ordinality as key (attnum, place)
          join pg_attribute using (attnum)
        where indrelid = pg_class.oid and indisunique and not indisprimary and indpred is null and indexprs is null
          and attrelid = pg_class.oid
        group by indexrelid
      ) as unique_columns
    ), '[]') as uniques
  from pg_class
  where relkind in ('r', 'p') and not relispartition and relnamespace = 'public'::regnamespace ${only}
  order by relname
`

const FOREIGN_KEYS = sql`
  select
    conname::text as name,
    child.relname::text as "table",
    (
      select json_agg(attname order by place) from unnest(conkey) with ordinality as key (attnum, place)
      join pg_attribute using (attnum) where attrelid = conrelid
    ) as columns,
    parent.relname::text as parent,
    (
      select json_agg(attname order by place) from unnest(confkey) with ordinality as key (attnum, place)
      join pg_attribute using (attnum) where attrelid = confrelid
    ) as "parentColumns",
    case confdeltype
      when 'a' then 'no action' when 'r' then 'restrict' when 'c' then 'cascade'
      when 'n' then 'set null' else 'set default'
    end as "onDelete",
    confdeltype = 'n' and exists (
      select from pg_attribute
      where attrelid = conrelid and attnotnull and attnum = any (coalesce(nullif(confdelsetcols, '{}'), conkey))
    ) as "clearsRequired",
    exists (
      select from pg_index as parent_key, pg_index as child_index, lateral (
        select array_agg(conkey[place]) as columns from generate_subscripts(confkey, 1) as place
        where confkey[place] = any ((parent_key.indkey::int2[])[0:parent_key.indnkeyatts - 1])
      ) as naming
      where parent_key.indrelid = confrelid and parent_key.indisunique and parent_key.indpred is null and parent_key.indexprs is null
        and confkey @> (parent_key.indkey::int2[])[0:parent_key.indnkeyatts - 1]
        and child_index.indrelid = conrelid and child_index.indisvalid and child_index.indpred is null
        and (child_index.indkey::int2[])[0:cardinality(naming.columns) - 1] @> naming.columns
    ) as "isIndexed"
  from pg_constraint
    join pg_class as child on child.oid = conrelid
    join pg_class as parent on parent.oid = confrelid
  where contype = 'f' and conparentid = 0 and child.relnamespace = 'public'::regnamespace
  order by conname, child.relname
`
