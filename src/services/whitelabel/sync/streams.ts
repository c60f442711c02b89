import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '#src/db/index.ts'

/** How the counts of a listing change once the streams are known. */
export interface StreamCounts {
  /** Files that turned out to be parts: media, playlists and captions that were not counted as ignored before. */
  parts: number
  /** Files that were counted as ignored for another reason, and are parts. */
  others: Array<{ because: string; files: number }>
  /** Captions of nothing. */
  unusedCaptions: number
}

/** Empty unless the listing has playlists, captions or other files; `url` is never null in them. */
export async function createStreamStaging(db: Db) {
  await db.execute(sql`
    drop table if exists pg_temp.listed_playlists, pg_temp.listed_captions, pg_temp.listed_others, pg_temp.streams,
      pg_temp.stream_parts, pg_temp.staged_captions`)
  await db.execute(sql`
    create temporary table listed_playlists (
      post integer not null, folder text not null, s3_key text not null, url text not null,
      size bigint not null, etag text not null, modified_ms bigint not null
    )`)
  await db.execute(sql`
    create temporary table listed_captions (
      folder text not null, s3_key text not null, url text not null, stem text not null, language_stem text, language text
    )`)
  await db.execute(sql`
    create temporary table listed_others (folder text not null, because text not null, files bigint not null)`)
  await db.execute(sql`create temporary table streams (like listed_playlists)`)
  await db.execute(sql`create temporary table stream_parts (s3_key text not null)`)
  await db.execute(sql`
    create temporary table staged_captions (
      s3_key text not null, url text not null, media_key text not null, language text not null
    )`)
}

/**
 * Turns each folder with a playlist into one video of the staged media, and what else lies in it or below into parts,
 * which are none: `stream_parts` names the media and playlists among them. Of folders within each other the uppermost
 * counts. In the post's own folder pictures stay pictures: a poster often lies there.
 */
export async function resolveStreams(db: Db) {
  await db.execute(sql`analyze listed_playlists, staged_posts, staged_media`)
  await db.execute(sql`
    insert into streams
    with folders as (select distinct folder from listed_playlists),
    placed as materialized (
      select below.folder, around.folder as above from folders as below
      cross join lateral ${foldersAround(sql`below.folder`)} as around
    ),
    nested as (select placed.folder from placed join folders as above on above.folder = placed.above)
    select distinct on (folder) * from listed_playlists
    where folder not in (select folder from nested)
    order by folder, ${PLAYLIST_RANK}, s3_key collate "C"`)
  await db.execute(sql`analyze streams`)
  await db.execute(sql`
    with stream_posts as (
      select post from staged_posts where (model, folder) in (
        select model, folder from staged_posts where post in (select post from streams)
      )
    ), placed as materialized (
      select media.ctid as place, around.folder from staged_media as media join stream_posts using (post)
      cross join lateral ${foldersAround(sql`media.s3_key`)} as around
      where not (media.type = 'image' and around.deepest = ${OWN_FOLDER})
    ), parts as (
      delete from staged_media where ctid in (select place from placed join streams using (folder)) returning s3_key
    )
    insert into stream_parts
    select s3_key from parts union all (select s3_key from listed_playlists except select s3_key from streams)`)
  await db.execute(sql`
    insert into staged_media (post, s3_key, url, type, size, etag, modified_ms)
    select post, s3_key, url, 'video', size, etag, modified_ms from streams`)
}

/** After `resolveStreams` and `resolveCaptions`. */
export async function countStreams(db: Db): Promise<StreamCounts> {
  await db.execute(sql`analyze listed_captions, listed_others, staged_captions`)
  const { rows } = await db.execute<{ parts: number; unused_captions: number }>(sql`
    with unused as (select s3_key from listed_captions except select s3_key from staged_captions),
    placed as materialized (
      select around.folder from unused cross join lateral ${foldersAround(sql`unused.s3_key`)} as around
    ),
    inside as (select from placed join streams using (folder))
    select
      ((select count(*) from stream_parts) + (select count(*) from inside))::float8 as parts,
      ((select count(*) from unused) - (select count(*) from inside))::float8 as unused_captions`)
  const { rows: others } = await db.execute<{ because: string; files: number }>(sql`
    with placed as materialized (
      select because, files, around.folder from listed_others as other
      cross join lateral ${foldersAround(sql`other.folder || '/'`)} as around
    )
    select because, sum(files)::float8 as files from placed join streams using (folder) group by because`)
  return { parts: rows[0]?.parts ?? 0, others, unusedCaptions: rows[0]?.unused_captions ?? 0 }
}

/** How many segments the path of a post's folder has: the creator's and its own. */
const OWN_FOLDER = 2

const PLAYLIST_RANK = sql`array_position(
  array['master.m3u8', 'index.m3u8', 'playlist.m3u8'], lower(substr(s3_key, length(folder) + 2))
)`

/**
 * The folders that the path lies in, from the post's own to the deepest. To be materialized before it is joined: the
 * planner knows nothing of it, and would rather take every path apart anew for every stream.
 */
const foldersAround = (path: SQL) => sql`(
  select deepest, array_to_string(segments[:depth], '/') as folder
  from (select string_to_array(${path}, '/') as segments) as split,
    lateral (select cardinality(segments) - 1 as deepest) as counted,
    lateral generate_series(${OWN_FOLDER}::int, deepest) as depth
)`
