import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '#src/db/index.ts'
import type { PageRequest } from '#src/lib/pagination.ts'
import type { CreatorRef } from '../public-id.ts'

/** A page of the one catalogue that synced and hand-made creators are to a visitor. */
export interface RefPage {
  refs: CreatorRef[]
  total: number
}

export const newestRefs = (db: Db, page: PageRequest) =>
  refPage(
    db,
    page,
    sql`created_at`,
    sql`(select 0::int as post_count, id, created_at, 'handmade' as kind from models)`,
  )

export const biggestRefs = (db: Db, page: PageRequest) =>
  refPage(
    db,
    page,
    sql`post_count`,
    sql`(select count(posts.id)::int as post_count, models.id, models.created_at, 'handmade' as kind
      from models left join posts on posts.model_id = models.id group by models.id)`,
  )

/** Each side gives as many rows as the page could need, from its index; they are merged by the same order. */
async function refPage(db: Db, { limit, offset }: PageRequest, by: SQL, handmade: SQL) {
  const enough = offset + limit
  const { rows } = await db.execute<{ kind: CreatorRef['kind'] | null; id: number; total: number }>(sql`
    with page as (
      select kind, id, ${by} as rank from (
        (select kind, id, ${by} from (
          select 'synced' as kind, id, post_count, created_at from whitelabel_models where status = 'active'
        ) as synced order by ${by} desc, id desc limit ${enough})
        union all
        (select kind, id, ${by} from ${handmade} as handmade order by ${by} desc, id desc limit ${enough})
      ) as both_kinds
      order by ${by} desc, kind, id desc limit ${limit} offset ${offset}
    ), total as (
      select (select models from whitelabel_model_totals where status = 'active') + (select count(*) from models)::int as total
    )
    select page.kind, page.id, total.total from total left join page on true
    order by page.rank desc, page.kind, page.id desc`)
  const refs = rows.flatMap(({ kind, id }) => (kind ? [{ kind, id }] : []))
  return { refs, total: rows[0]?.total ?? 0 } satisfies RefPage
}
