import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '#src/db/index.ts'
import { handmadeSlug, publicId } from '#src/services/catalogue/public-id.ts'

/** A page that search engines may list. */
export interface PublicAddress {
  /** The slug of a creator, not yet percent-encoded, or the public id of a post. */
  name: string
  changedAt: Date
}

/** The most addresses that one sitemap may have (sitemaps.org). */
export const SITEMAP_ADDRESSES = 50_000
/** Rows of one query, so that a sitemap takes little memory however long it is. */
const PIECE = 2_000

interface Listed {
  table: SQL
  /** Of the rows that are public. */
  isPublic: SQL
  /** The columns `name` and `changed_at`. */
  columns: SQL
  nameOf: (id: number, name: string) => string
}

/** Every kind of page, by the name of its sitemaps. */
const KINDS = {
  creators: {
    table: sql`whitelabel_models as listed`,
    isPublic: sql`status = 'active'`,
    columns: sql`folder_name as name, coalesce(latest_post_at, created_at) as changed_at`,
    nameOf: (_id, name) => name,
  },
  posts: {
    table: sql`whitelabel_posts as listed`,
    isPublic: sql`hidden_at is null and exists (
      select from whitelabel_models where whitelabel_models.id = whitelabel_model_id and status = 'active'
    )`,
    columns: sql`'' as name, created_at as changed_at`,
    nameOf: (id) => publicId({ kind: 'synced', id }),
  },
  'handmade-creators': {
    table: sql`models as listed`,
    isPublic: sql`true`,
    columns: sql`name, created_at as changed_at`,
    nameOf: (id, name) => handmadeSlug(name, id),
  },
  'handmade-posts': {
    table: sql`posts as listed`,
    isPublic: sql`true`,
    columns: sql`'' as name, created_at as changed_at`,
    nameOf: (id) => publicId({ kind: 'handmade', id }),
  },
} satisfies Record<string, Listed>

export type AddressKind = keyof typeof KINDS
export const ADDRESS_KINDS = Object.keys(KINDS) as AddressKind[]

/**
 * Which sitemaps of this kind have something in them, from 1 on. Each covers a range of ids, so that a page stays in
 * the same one for ever, and none can grow too long.
 */
export async function sitemapNumbers(db: Db, kind: AddressKind): Promise<number[]> {
  const { table, isPublic } = KINDS[kind]
  const { rows } = await db.execute<{ number: number }>(sql`
    select number from generate_series(1, (
      select coalesce(max(id), 0) from ${table}
    ) / ${SITEMAP_ADDRESSES} + 1) as number
    where exists (
      select from (
        select ${isPublic} as is_public from ${table} where ${inRange(sql`number`)} order by id offset 0
      ) as range where is_public
    )
    order by number`)
  return rows.map(({ number }) => number)
}

interface AddressRow extends Record<string, unknown> {
  id: number
  name: string
  changed_at: Date | string
  is_public: boolean
}

/**
 * The addresses of one sitemap, piece by piece, by rising id. What is public is asked row by row and not in `where`:
 * without statistics, right after a large import, the planner reads whole creators for every piece then.
 */
export async function* sitemapAddresses(
  db: Db,
  kind: AddressKind,
  number: number,
): AsyncGenerator<PublicAddress[]> {
  const { table, isPublic, columns, nameOf } = KINDS[kind]
  let after = 0
  while (true) {
    const { rows } = await db.execute<AddressRow>(sql`
      select id, ${columns}, ${isPublic} as is_public from ${table}
      where ${inRange(sql`${number}::int`)} and id > ${after}
      order by id limit ${PIECE}`)
    const shown = rows.filter((row) => row.is_public)
    if (shown.length > 0) {
      yield shown.map((row) => ({ name: nameOf(row.id, row.name), changedAt: new Date(row.changed_at) }))
    }
    if (rows.length < PIECE) return
    after = rows.at(-1)?.id ?? 0
  }
}

/** As a range of bigint, for the last one would end beyond what an int holds. */
const inRange = (number: SQL) =>
  sql`id >= (${number} - 1)::bigint * ${SITEMAP_ADDRESSES} and id < ${number}::bigint * ${SITEMAP_ADDRESSES}`
