import { sql } from 'drizzle-orm'
import type { Db } from '#src/db/index.ts'

/** An object of the schema `public`: what it is called, and all that a manual ALTER could change about it. */
export interface SchemaLine {
  /** `column users.email`, `index models_newest`. */
  name: string
  definition: string
}

/**
 * Everything in the schema `public` that migrations make, in the words of pg_catalog and the same on every engine.
 * What belongs to an extension is left to it.
 */
export async function readSchemaLines(db: Db): Promise<SchemaLine[]> {
  const { rows } = await db.execute<SchemaLine & Record<string, unknown>>(SCHEMA)
  return rows.sort((one, other) => (one.name < other.name ? -1 : 1))
}

export const schemaText = (lines: SchemaLine[]) =>
  `${lines.map(({ name, definition }) => `${name}: ${definition}`).join('\n')}\n`

export function parseSchemaText(text: string): SchemaLine[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const end = line.indexOf(': ')
      return { name: line.slice(0, end), definition: line.slice(end + 2) }
    })
}

const ours = sql`'public'::regnamespace`

const RELATIONS = sql`
  select
    case relkind when 'v' then 'view ' when 'm' then 'materialized view ' when 'f' then 'foreign table ' else 'table ' end
      || relname,
    concat_ws(' ',
      case relpersistence when 'u' then 'unlogged' else 'kept' end,
      case when relrowsecurity then 'with row security' end,
      case when relkind in ('v', 'm') then pg_get_viewdef(oid) end)
  from pg_class where relkind in ('r', 'p', 'v', 'm', 'f') and relnamespace = ${ours}`

const COLUMNS = sql`
  select 'column ' || relname || '.' || attname,
    concat_ws(' ',
      format_type(atttypid, atttypmod),
      case when attcollation <> typcollation then 'collate ' || attcollation::regcollation end,
      case when attnotnull then 'not null' end,
      case when attidentity <> '' then 'identity ' || attidentity::text end,
      case when attgenerated <> '' then 'generated' end,
      'default ' || pg_get_expr(adbin, adrelid))
  from pg_attribute
    join pg_class on pg_class.oid = attrelid
    join pg_type on pg_type.oid = atttypid
    left join pg_attrdef on adrelid = attrelid and adnum = attnum
  where relkind in ('r', 'p') and relnamespace = ${ours} and attnum > 0 and not attisdropped`

/** From version 18 on, NOT NULL is a constraint too: the columns tell it on all. Validity is another check. */
const CONSTRAINTS = sql`
  select 'constraint ' || conrelid::regclass || '.' || conname,
    replace(pg_get_constraintdef(oid), ' NOT VALID', '')
  from pg_constraint where connamespace = ${ours} and contype in ('c', 'f', 'p', 'u', 'x') and conrelid <> 0`

const INDEXES = sql`
  select 'index ' || relname, pg_get_indexdef(pg_class.oid)
  from pg_class join pg_index on indexrelid = pg_class.oid where relnamespace = ${ours}`

/** The triggers behind foreign keys are PostgreSQL's, but whether they work is. */
const TRIGGERS = sql`
  select 'trigger ' || tgrelid::regclass || '.' || tgname,
    concat_ws(' ', case tgenabled when 'O' then null else 'not enabled' end, pg_get_triggerdef(pg_trigger.oid))
  from pg_trigger join pg_class on pg_class.oid = tgrelid where relnamespace = ${ours} and not tgisinternal
  union all
  select distinct 'foreign key check ' || conname || ' on ' || tgrelid::regclass, 'not enabled'
  from pg_trigger join pg_constraint on pg_constraint.oid = tgconstraint
  where tgisinternal and tgenabled <> 'O' and connamespace = ${ours}`

const FUNCTIONS = sql`
  select 'function ' || proname || '(' || pg_get_function_identity_arguments(pg_proc.oid) || ')',
    concat_ws(' ',
      'returns ' || pg_get_function_result(pg_proc.oid),
      lanname, 'volatility ' || provolatile::text, case when proisstrict then 'strict' end,
      case when prosecdef then 'security definer' end, array_to_string(proconfig, ' '),
      'body ' || md5(prosrc))
  from pg_proc join pg_language on pg_language.oid = prolang
  where pronamespace = ${ours} and not exists (
    select from pg_depend where objid = pg_proc.oid and classid = 'pg_proc'::regclass and deptype = 'e'
  )`

const SEQUENCES = sql`
  select 'sequence ' || seqrelid::regclass,
    concat_ws(' ', format_type(seqtypid, null), 'by ' || seqincrement, case when seqcycle then 'cycling' end,
      'of ' || refobjid::regclass || '.' || attname)
  from pg_sequence
    join pg_class on pg_class.oid = seqrelid
    left join pg_depend on objid = seqrelid and pg_depend.classid = 'pg_class'::regclass and deptype in ('a', 'i')
    left join pg_attribute on attrelid = refobjid and attnum = refobjsubid
  where relnamespace = ${ours}`

const TYPES = sql`
  select 'type ' || typname,
    concat_ws(' ', typtype::text, (select string_agg(enumlabel, ', ' order by enumsortorder) from pg_enum where enumtypid = pg_type.oid))
  from pg_type where typnamespace = ${ours} and typtype in ('e', 'd', 'r') and not exists (
    select from pg_depend where objid = pg_type.oid and classid = 'pg_type'::regclass and deptype = 'e'
  )`

/** The column of a collation's locale has another name from version 17 on. */
const REST = sql`
  select 'collation ' || collname, concat_ws(' ', 'provider', collprovider::text,
    to_jsonb(pg_collation) ->> 'colliculocale', to_jsonb(pg_collation) ->> 'colllocale')
  from pg_collation where collnamespace = ${ours}
  union all
  select 'extension ' || extname, 'in ' || extnamespace::regnamespace from pg_extension where extnamespace = ${ours}
  union all
  select 'policy ' || polrelid::regclass || '.' || polname, coalesce(pg_get_expr(polqual, polrelid), '')
  from pg_policy join pg_class on pg_class.oid = polrelid where relnamespace = ${ours}
  union all
  select 'rule ' || ev_class::regclass || '.' || rulename, pg_get_ruledef(pg_rewrite.oid)
  from pg_rewrite join pg_class on pg_class.oid = ev_class where relnamespace = ${ours} and relkind in ('r', 'p')`

const SCHEMA = sql`select name::text, regexp_replace(definition, '[[:space:]]+', ' ', 'g') as definition from (
  ${sql.join([RELATIONS, COLUMNS, CONSTRAINTS, INDEXES, TRIGGERS, FUNCTIONS, SEQUENCES, TYPES, REST], sql` union all `)}
) as lines (name, definition)`
