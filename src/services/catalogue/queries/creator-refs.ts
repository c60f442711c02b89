import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '#src/db/index.ts'
import type { PageRequest } from '#src/lib/pagination.ts'
import type { CreatorRef } from '../public-id.ts'

/** A page of the one catalogue that synced and hand-made creators are to a visitor. */
export interface RefPage {
  refs: CreatorRef[]
  total: number
  /** The same as long as the page and all its creators are; null where one was made by hand, which keeps no revision. */
  version: string | null
}

/** Only creators who have such media. */
export type MediaFilter = 'photos' | 'videos'

export const newestRefs = (db: Db, page: PageRequest, has?: MediaFilter) => refPage(db, page, NEWEST, has)

export const biggestRefs = (db: Db, page: PageRequest, has?: MediaFilter) => refPage(db, page, BIGGEST, has)

/** Those whose newest post is the newest come first, those without posts last. */
export const recentlyUpdatedRefs = (db: Db, page: PageRequest, has?: MediaFilter) =>
  refPage(db, page, RECENTLY_UPDATED, has)

/** From A to Z, numbers by their value, whatever the accents and the case. */
export const byNameRefs = (db: Db, page: PageRequest, has?: MediaFilter) => refPage(db, page, BY_NAME, has)

/** Those the owner has chosen for the top of the home page, the newest choice first; hand-made ones by their age. */
export async function featuredRefs(db: Db, limit: number): Promise<Omit<RefPage, 'total'>> {
  const { rows } = await db.execute<RefRow>(sql`
    select kind, id, ${revisionOf('featured')} from (
      (select 'synced' as kind, id, featured_at as since from whitelabel_models
        where status = 'active' and featured_at is not null order by featured_at desc, id desc limit ${limit})
      union all
      (select 'handmade', id, created_at from models where is_featured order by created_at desc, id desc limit ${limit})
    ) as featured
    order by since desc, kind, id desc limit ${limit}`)
  return { refs: rows.map(({ kind, id }) => ({ kind, id })), version: versionOf(rows) }
}

type RefRow = CreatorRef & { revision: string | null } & Record<string, unknown>

const revisionOf = (rows: string) => sql`(
  select revision::text from whitelabel_models as model where ${sql.identifier(rows)}.kind = 'synced' and model.id = ${sql.identifier(rows)}.id
) as revision`

const versionOf = (rows: Array<Pick<RefRow, 'id' | 'revision'>>) =>
  rows.some(({ revision }) => revision === null)
    ? null
    : rows.map(({ id, revision }) => `${id}.${revision}`).join(',')

/** An order of creators: what of the row, whether it has an index, and which way. */
interface CreatorOrder {
  synced: SQL
  handmade: SQL
  direction: SQL
  idDirection: SQL
}

const postsOfHandmade = sql`from posts where posts.model_id = models.id`
const falling = { direction: sql`desc`, idDirection: sql`desc` }

const NEWEST: CreatorOrder = { synced: sql`created_at`, handmade: sql`created_at`, ...falling }
const BIGGEST: CreatorOrder = {
  synced: sql`post_count`,
  handmade: sql`(select count(*)::int ${postsOfHandmade})`,
  ...falling,
}
const RECENTLY_UPDATED: CreatorOrder = {
  synced: sql`latest_post_at`,
  handmade: sql`(select max(posts.created_at) ${postsOfHandmade})`,
  direction: sql`desc nulls last`,
  idDirection: sql`desc`,
}
const BY_NAME: CreatorOrder = {
  synced: sql`search_text(folder_name) collate natural_order`,
  handmade: sql`search_text(name) collate natural_order`,
  direction: sql`asc`,
  idDirection: sql`asc`,
}

const HAVING: Record<MediaFilter, { synced: SQL; handmade: SQL }> = {
  photos: {
    synced: sql`image_count > 0`,
    handmade: sql`exists (select ${postsOfHandmade} and posts.type = 'image')`,
  },
  videos: {
    synced: sql`video_count > 0`,
    handmade: sql`exists (select ${postsOfHandmade} and posts.type = 'video')`,
  },
}

/** Each side gives as many rows as the page could need, from its index; they are merged by the same order. */
async function refPage(
  db: Db,
  { limit, offset }: PageRequest,
  { synced, handmade, direction, idDirection }: CreatorOrder,
  has?: MediaFilter,
): Promise<RefPage> {
  const enough = offset + limit
  const having = has ? HAVING[has] : { synced: sql`true`, handmade: sql`true` }
  const { rows } = await db.execute<{
    kind: CreatorRef['kind'] | null
    id: number
    revision: string | null
    total: number
  }>(sql`
    with page as (
      select kind, id, rank from (
        (select 'synced' as kind, id, ${synced} as rank from whitelabel_models
          where status = 'active' and ${having.synced}
          order by ${synced} ${direction}, id ${idDirection} limit ${enough})
        union all
        (select 'handmade', id, rank from (
          select id, ${handmade} as rank from models where ${having.handmade}
        ) as handmade order by rank ${direction}, id ${idDirection} limit ${enough})
      ) as both_kinds
      order by rank ${direction}, kind, id ${idDirection} limit ${limit} offset ${offset}
    ), total as (
      select ${has ? syncedHaving(having.synced) : SYNCED_TOTAL} + (
        select count(*) from models where ${having.handmade}
      )::int as total
    )
    select page.kind, page.id, ${revisionOf('page')}, total.total from total left join page on true
    order by page.rank ${direction}, page.kind, page.id ${idDirection}`)
  const found = rows.flatMap(({ kind, id, revision }) => (kind ? [{ kind, id, revision }] : []))
  return {
    refs: found.map(({ kind, id }) => ({ kind, id })),
    total: rows[0]?.total ?? 0,
    version: versionOf(found),
  }
}

/** From the counter that the database keeps: counting them would take longer with every creator. */
const SYNCED_TOTAL = sql`(select models from whitelabel_model_totals where status = 'active')`

const syncedHaving = (condition: SQL) =>
  sql`(select count(*) from whitelabel_models where status = 'active' and ${condition})::int`
