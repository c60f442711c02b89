import { sql } from 'drizzle-orm'
import type { Db } from '#src/db/index.ts'
import type { MEDIA_TYPES } from '#src/db/schema.ts'
import { addCaptions, removeCaptions } from './captions.ts'

export interface ApplyOptions {
  /** Creators that are new become visible at once. */
  publish: boolean
  /** Whether removals are released; otherwise only additions and changes are applied. */
  remove: boolean
}

/**
 * Brings the library to what the plan says, inside the caller's transaction: readers see all of it or nothing.
 * Ids of what stays do not change. Ids of new parents are looked up here and not in the plan, under a lock that
 * keeps other writers out: somebody may have deleted one since.
 */
export async function applyPlan(tx: Db, { publish, remove }: ApplyOptions) {
  await tx.execute(sql`set local lock_timeout = '30s'`)
  await tx.execute(
    sql`lock table whitelabel_models, whitelabel_posts, whitelabel_media, whitelabel_captions
      in share row exclusive mode`,
  )
  await pauseCopies(tx, remove)
  await removeCaptions(tx)
  if (remove) await removeMissing(tx)
  await collectAddedPosts(tx)
  await addModels(tx, publish)
  await addPosts(tx)
  await addMedia(tx)
  await changeMedia(tx)
  await addCaptions(tx)
  await resumeCopies(tx)
  await changeArt(tx)
  await stampModels(tx)
  if (remove) await forgetWords(tx)
}

/**
 * While nobody else can write, the copies are computed once for every post that was touched, and not after each
 * statement for rows that the next one changes again.
 */
async function pauseCopies(tx: Db, remove: boolean) {
  await tx.execute(sql`
    create temporary table touched_posts on commit drop as
    select distinct whitelabel_post_id as id
    from whitelabel_media join media_changes on media_id = whitelabel_media.id
    where action = 'change' or ${remove}`)
  await setCopyTriggers(tx, 'disable')
}

/** New posts came with their copies, unless one of their media is taken down: the function of the triggers knows. */
async function resumeCopies(tx: Db) {
  await tx.execute(sql`
    select refresh_media_cdns(array(
      select id from touched_posts
      union
      (select id from post_ids except select id from complete_posts)
      union
      select whitelabel_post_id from whitelabel_media
      where hidden_at is not null and whitelabel_post_id in (select id from complete_posts)
    ))`)
  await setCopyTriggers(tx, 'enable')
}

async function setCopyTriggers(tx: Db, state: 'enable' | 'disable') {
  const change = sql.raw(`${state} trigger`)
  await tx.execute(sql`alter table whitelabel_media
    ${change} whitelabel_media_keep_cdns_on_insert,
    ${change} whitelabel_media_keep_cdns_on_update,
    ${change} whitelabel_media_keep_cdns_on_delete`)
  // These two would take what is written here for a write of the copy by hand.
  await tx.execute(sql`alter table whitelabel_posts
    ${change} whitelabel_posts_start_empty,
    ${change} whitelabel_posts_guard_copies`)
}

/** What was hidden is remembered by its place in the bucket, so that it does not come back visible. */
async function removeMissing(tx: Db) {
  await tx.execute(sql`
    insert into takedowns (kind, path, hidden_at)
    select 'media', media.s3_key, media.hidden_at
    from media_changes join whitelabel_media as media on media.id = media_changes.media_id
    where action = 'remove' and media.hidden_at is not null
    union all
    select 'post', model.folder_name || '/' || post.folder_name, post.hidden_at
    from removed_posts join whitelabel_posts as post using (id)
    join whitelabel_models as model on model.id = post.whitelabel_model_id
    where post.hidden_at is not null
    union all
    select 'model', folder_name, now() from removed_models join whitelabel_models using (id) where status = 'hidden'
    on conflict (kind, path) do nothing`)
  // From the top, so that one cascade takes what lies below.
  await tx.execute(sql`delete from whitelabel_models where id in (select id from removed_models)`)
  await tx.execute(sql`delete from whitelabel_posts where id in (select id from removed_posts)`)
  await tx.execute(sql`
    delete from whitelabel_media where id in (select media_id from media_changes where action = 'remove')`)
}

/**
 * The posts that get new media, which are all that can be new themselves, with the copies a new one begins with: those
 * of `refresh_media_cdns`, from the listing instead of the rows, because writing a million media's posts twice costs a
 * sixth of their first sync. A folder that was staged under two numbers is left to that function.
 */
async function collectAddedPosts(tx: Db) {
  await tx.execute(sql`
    create temporary table added_media_posts on commit drop as
    select staged.model, staged.folder, min(staged.title) as title,
      coalesce(min(staged.dated), to_timestamp(min(change.oldest_ms) / 1000.0)) as created_at,
      count(*) = 1 as is_complete, min(change.media_cdns) as media_cdns,
      min(change.image_count) as image_count, min(change.video_count) as video_count
    from (
      select post, min(modified_ms) as oldest_ms,
        json_build_object('images', coalesce(${urlsOf('image')}, '[]'), 'videos', coalesce(${urlsOf('video')}, '[]'))::text
          as media_cdns,
        count(*) filter (where type = 'image') as image_count,
        count(*) filter (where type = 'video') as video_count
      from media_changes where action = 'add' group by post
    ) as change join staged_posts as staged using (post)
    group by staged.model, staged.folder`)
}

const urlsOf = (type: (typeof MEDIA_TYPES)[number]) => sql`json_agg(
  coalesce(url, s3_key) order by s3_key collate natural_order, s3_key collate "C"
) filter (where type = ${type})`

/** A creator deleted since the plan was made gets no row without posts: the next sync finds its media missing. */
async function addModels(tx: Db, publish: boolean) {
  await tx.execute(sql`
    with returned as (
      delete from takedowns where kind = 'model' and path in (select model from added_media_posts) returning path
    )
    insert into whitelabel_models (folder_name, status, created_at)
    select model, case when returned.path is not null then 'hidden' when ${publish} then 'active' else 'new' end, now()
    from (
      select distinct model from added_media_posts
      where not exists (select from whitelabel_models where folder_name = added_media_posts.model)
    ) as added left join returned on returned.path = added.model
    order by model collate "C"`)
}

/** `post_ids` maps the numbers of the staging tables to rows, for the posts that get new media. */
async function addPosts(tx: Db) {
  await tx.execute(sql`create temporary table complete_posts (id integer not null) on commit drop`)
  await tx.execute(sql`
    with returned as (
      delete from takedowns where kind = 'post' and path in (select model || '/' || folder from added_media_posts)
      returning path, hidden_at
    ), inserted as (
      insert into whitelabel_posts
        (whitelabel_model_id, folder_name, title, created_at, hidden_at, media_cdns, image_count, video_count)
      select model.id, added.folder, added.title, added.created_at, returned.hidden_at,
        case when is_complete then added.media_cdns::json end,
        case when is_complete then added.image_count else 0 end,
        case when is_complete then added.video_count else 0 end
      from added_media_posts as added
      join whitelabel_models as model on model.folder_name = added.model
      left join returned on returned.path = added.model || '/' || added.folder
      where not exists (
        select from whitelabel_posts as post
        where post.whitelabel_model_id = model.id and post.folder_name = added.folder
      )
      order by added.model collate "C", added.folder collate "C"
      returning id, media_cdns
    )
    insert into complete_posts select id from inserted where media_cdns is not null`)
  await tx.execute(sql`
    create temporary table post_ids on commit drop as
    select staged.post, post.id
    from staged_posts as staged
    join whitelabel_models as model on model.folder_name = staged.model
    join whitelabel_posts as post on post.whitelabel_model_id = model.id and post.folder_name = staged.folder
    where exists (
      select from added_media_posts as added where added.model = staged.model and added.folder = staged.folder
    )`)
  await tx.execute(sql`analyze post_ids`)
}

async function addMedia(tx: Db) {
  await tx.execute(sql`
    with returned as (
      delete from takedowns
      where kind = 'media' and path in (
        -- Joined here, so that the few takedowns are looked up and not the many files.
        select s3_key from media_changes join takedowns as taken on taken.kind = 'media' and taken.path = s3_key
        where action = 'add'
      )
      returning path, hidden_at
    )
    insert into whitelabel_media (whitelabel_post_id, s3_key, url, type, created_at, size, etag, hidden_at)
    select post_ids.id, change.s3_key, coalesce(change.url, change.s3_key), change.type,
      to_timestamp(change.modified_ms::float8 / 1000), change.size, change.etag, returned.hidden_at
    from media_changes as change
    join post_ids using (post)
    left join returned on returned.path = change.s3_key
    where change.action = 'add'
      and not exists (select from whitelabel_media where whitelabel_media.s3_key = change.s3_key)`)
}

async function changeMedia(tx: Db) {
  await tx.execute(sql`
    update whitelabel_media as media
    set size = change.size, etag = change.etag, type = change.type, url = coalesce(change.url, change.s3_key)
    from media_changes as change
    where change.action = 'change' and media.id = change.media_id`)
}

async function changeArt(tx: Db) {
  await tx.execute(sql`
    update whitelabel_models as model
    set icon_url = art.icon, banner_url = art.banner, thumbnail_url = art.cover
    from listed_art as art
    where art.model = model.folder_name
      and (model.icon_url, model.banner_url, model.thumbnail_url) is distinct from (art.icon, art.banner, art.cover)`)
}

/** A creator is as old as the oldest of its posts (spec §2). */
async function stampModels(tx: Db) {
  await tx.execute(sql`
    update whitelabel_models as model
    set last_synced_at = now(), created_at = oldest.created_at
    from (select whitelabel_model_id, min(created_at) as created_at from whitelabel_posts group by 1) as oldest
    where oldest.whitelabel_model_id = model.id
      and exists (select from listed_art where listed_art.model = model.folder_name)`)
}

/** Words that only the removed had are no longer what a mistyped one is corrected to. */
async function forgetWords(tx: Db) {
  await tx.execute(sql`
    select sweep_known_words()
    where exists (select from removed_posts) or exists (select from removed_models)`)
}
