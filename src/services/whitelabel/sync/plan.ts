import { sql } from 'drizzle-orm'
import type { Db } from '#src/db/index.ts'
import type { LibraryCounts } from '#src/db/library-tables.ts'
import { compareCaptions, markChangedVideos } from './captions.ts'
import { isNothing, type SyncPlanNames } from './sync-report.ts'

/** The difference between the listing and the library, counted. The rows are in temporary tables of the session. */
export interface SyncPlan {
  library: LibraryCounts
  added: LibraryCounts
  changed: LibraryCounts
  removed: LibraryCounts
  /** Of the changed posts, those that only lose media: unchanged as long as removals wait. */
  losingPosts: number
}

const PLAN_NAMES = 100

/**
 * Compares the staging tables with the library, by sets: `media_changes` names every file to add, change or remove,
 * `removed_posts` and `removed_models` what would be left without media, `listed_art` the pictures of every creator listed.
 */
export async function decide(db: Db): Promise<SyncPlan> {
  await dropPlan(db)
  await compareMedia(db)
  await db.execute(sql`
    create temporary table removed_posts as
    select post.id, post.whitelabel_model_id as model_id
    from whitelabel_posts as post join whitelabel_models as model on model.id = post.whitelabel_model_id
    where not exists (
      select from staged_posts where staged_posts.model = model.folder_name and staged_posts.folder = post.folder_name
    ) and (
      -- Only a post that loses media, or shows none, can be left without any.
      post.image_count + post.video_count = 0 or post.id in (
        select whitelabel_post_id from whitelabel_media join media_changes on media_id = whitelabel_media.id
        where action = 'remove'
      )
    )`)
  await db.execute(sql`
    create temporary table removed_models as
    select model.id from whitelabel_models as model
    where not exists (select from staged_posts where staged_posts.model = model.folder_name)`)
  await db.execute(sql`
    create temporary table listed_art as
    select model, ${artOf('icon')} as icon, ${artOf('banner')} as banner, ${artOf('cover')} as cover
    from (select distinct model from staged_posts) as listed left join staged_art using (model)
    group by model`)
  await db.execute(sql`analyze removed_posts, removed_models, listed_art`)
  return countPlan(db)
}

/** `media_changes`: one pass over both sides, of which a library that says what the bucket says leaves no row. */
async function compareMedia(db: Db) {
  await compareCaptions(db)
  if (await isLibraryEmpty(db)) {
    await db.execute(sql`
      create temporary view media_changes as
      select 'add' as action, s3_key, null::integer as media_id, post, url, type, size, etag, modified_ms from staged_media`)
    return
  }
  await db.execute(sql`
    create temporary table differing_media as
    select
      case when media.id is null then 'add' when staged.s3_key is null then 'remove' else 'change' end as action,
      coalesce(staged.s3_key, media.s3_key) as s3_key, media.id as media_id,
      staged.post, staged.url, staged.type, staged.size, staged.etag, staged.modified_ms
    from staged_media as staged full join whitelabel_media as media on media.s3_key = staged.s3_key
    where media.id is null or staged.s3_key is null
      or media.size is distinct from staged.size or media.etag is distinct from staged.etag`)
  await markChangedVideos(db)
  await db.execute(sql`analyze differing_media`)
  await db.execute(sql`create temporary view media_changes as select * from differing_media`)
}

async function isLibraryEmpty(db: Db) {
  const { rows } = await db.execute<{ empty: boolean }>(
    sql`select not exists (select from whitelabel_media) as empty`,
  )
  return rows[0]?.empty ?? false
}

async function dropPlan(db: Db) {
  await db.execute(sql`drop view if exists pg_temp.missing_keys, pg_temp.media_changes`)
  await db.execute(
    sql`drop table if exists pg_temp.differing_media, pg_temp.removed_posts, pg_temp.removed_models, pg_temp.listed_art`,
  )
}

export const isEmptyPlan = ({ added, changed, removed }: SyncPlan) =>
  [added, changed, removed].every(isNothing)

/** SHA-256 over the keys that would be removed, in byte order: an approval is for exactly these. */
export async function removalDigest(db: Db): Promise<string> {
  const { rows } = await db.execute<{ digest: string }>(sql`
    select encode(sha256(convert_to(coalesce(string_agg(s3_key, E'\n' order by s3_key collate "C"), ''), 'UTF8')), 'hex') as digest
    from media_changes where action = 'remove'`)
  return rows[0]?.digest ?? ''
}

/** The creators of the library whose pictures the listing names differently. */
const changedArt = sql`whitelabel_models as model join listed_art as art on art.model = model.folder_name
  and (model.icon_url, model.banner_url, model.thumbnail_url) is distinct from (art.icon, art.banner, art.cover)`

/** Several pictures of one kind: the first by name. */
function artOf(kind: 'icon' | 'banner' | 'cover') {
  return sql`(array_agg(coalesce(url, s3_key) order by s3_key collate "C") filter (where art = ${kind}))[1]`
}

async function countPlan(db: Db): Promise<SyncPlan> {
  const { rows } = await db.execute<Record<string, number>>(sql`
    with changes as (select action, count(*) as media from media_changes group by action),
    added_posts as (
      select distinct staged.model, staged.folder, post.id
      from (select distinct post from media_changes where action = 'add') as change
      join staged_posts as staged using (post)
      left join whitelabel_models as model on model.folder_name = staged.model
      left join whitelabel_posts as post on post.whitelabel_model_id = model.id and post.folder_name = staged.folder
    ),
    touched_posts as (
      select id, bool_and(is_loss) as only_loses from (
        select id, false as is_loss from added_posts where id is not null
        union all
        select whitelabel_post_id, action = 'remove'
        from whitelabel_media join media_changes on media_id = whitelabel_media.id
        where not exists (select from removed_posts where removed_posts.id = whitelabel_post_id)
      ) as touched group by id
    )
    select
      (select count(*) from whitelabel_models)::float8 as library_models,
      (select count(*) from whitelabel_posts)::float8 as library_posts,
      (select count(*) from staged_media)::float8
        + coalesce((select sum(case action when 'remove' then media when 'add' then -media else 0 end) from changes), 0)::float8
        as library_media,
      (select count(distinct staged_posts.model) from staged_posts where not exists (
        select from whitelabel_models where folder_name = staged_posts.model
      ))::float8 as added_models,
      (select count(*) from added_posts where id is null)::float8 as added_posts,
      coalesce((select media from changes where action = 'add'), 0)::float8 as added_media,
      (select count(*) from ${changedArt})::float8 as changed_models,
      (select count(*) from touched_posts)::float8 as changed_posts,
      (select count(*) from touched_posts where only_loses)::float8 as losing_posts,
      coalesce((select media from changes where action = 'change'), 0)::float8 as changed_media,
      (select count(*) from removed_models)::float8 as removed_models,
      (select count(*) from removed_posts)::float8 as removed_posts,
      coalesce((select media from changes where action = 'remove'), 0)::float8 as removed_media`)
  const counted = rows[0] ?? {}
  const counts = (side: string): LibraryCounts => ({
    models: counted[`${side}_models`] ?? 0,
    posts: counted[`${side}_posts`] ?? 0,
    media: counted[`${side}_media`] ?? 0,
  })
  return {
    library: counts('library'),
    added: counts('added'),
    changed: counts('changed'),
    removed: counts('removed'),
    losingPosts: counted.losing_posts ?? 0,
  }
}

/** The plan by name, the first hundred of each: what a dry run prints. */
export async function planNames(db: Db): Promise<SyncPlanNames> {
  const names = async (query: ReturnType<typeof sql>) => {
    const { rows } = await db.execute<{ name: string }>(sql`${query} order by name limit ${PLAN_NAMES}`)
    return rows.map((row) => row.name)
  }
  const media = (action: string) =>
    names(sql`select s3_key as name from media_changes where action = ${action}`)
  return {
    added: {
      models: await names(sql`select distinct model as name from staged_posts where not exists (
        select from whitelabel_models where folder_name = staged_posts.model)`),
      posts: await names(sql`select distinct model || '/' || folder as name
        from staged_posts join media_changes using (post)
        where action = 'add' and not exists (
          select from whitelabel_posts as post join whitelabel_models as model on model.id = post.whitelabel_model_id
          where model.folder_name = staged_posts.model and post.folder_name = staged_posts.folder)`),
      media: await media('add'),
    },
    changed: {
      models: await names(sql`select folder_name as name from ${changedArt}`),
      media: await media('change'),
    },
    removed: {
      models: await names(
        sql`select folder_name as name from removed_models join whitelabel_models using (id)`,
      ),
      posts: await names(sql`select model.folder_name || '/' || post.folder_name as name
        from removed_posts join whitelabel_posts as post using (id)
        join whitelabel_models as model on model.id = post.whitelabel_model_id`),
      media: await media('remove'),
    },
  }
}
