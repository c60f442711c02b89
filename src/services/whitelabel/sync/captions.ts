import { sql } from 'drizzle-orm'
import type { Db } from '#src/db/index.ts'
import { PLAYABLE_EXTENSIONS } from '#src/storage/media-type.ts'

/**
 * Finds the video of each `.vtt` file: the one it is named after, with or without a language in between, or the stream
 * it lies beside. A video takes one file for a language, the first by name; of two videos the one that browsers play.
 */
export async function resolveCaptions(db: Db) {
  await db.execute(sql`analyze listed_captions, staged_media, streams`)
  await db.execute(sql`
    insert into staged_captions
    with videos as (
      select s3_key, ${stemOf('s3_key')} as stem, ${isPlayable} as is_playable
      from staged_media where type = 'video' and s3_key not in (select s3_key from streams)
    ), meant as (
      select caption.s3_key, caption.url, video.s3_key as media_key, '' as language, 0 as rank, is_playable
      from listed_captions as caption join videos as video on video.stem = caption.stem
      union all
      select caption.s3_key, caption.url, video.s3_key, caption.language, 1, is_playable
      from listed_captions as caption join videos as video on video.stem = caption.language_stem
      union all
      select caption.s3_key, caption.url, stream.s3_key, caption.language, 1, true
      from listed_captions as caption join streams as stream using (folder)
      where caption.language_stem in (stream.folder || '/captions', ${stemOf('stream.s3_key')})
    ), assigned as (
      select distinct on (s3_key) * from meant order by s3_key, rank, is_playable desc, media_key collate "C"
    )
    select distinct on (media_key, lower(language)) s3_key, url, media_key, language
    from assigned order by media_key, lower(language), s3_key collate "C"`)
}

const stemOf = (column: string) => sql`regexp_replace(${sql.raw(column)}, '\\.[^./]*$', '')`

const isPlayable = sql`lower(substring(s3_key from '[^.]*$')) in ${PLAYABLE_EXTENSIONS}`

/**
 * `caption_changes` names every row of captions to add or remove; a video whose captions differ is a changed one. The
 * captions of a video that goes go with it, unless they belong to another one now.
 */
export async function compareCaptions(db: Db) {
  await db.execute(sql`drop table if exists pg_temp.caption_changes`)
  await db.execute(sql`
    create temporary table caption_changes as
    select case when known.id is null then 'add' else 'remove' end as action,
      coalesce(staged.s3_key, known.s3_key) as s3_key, coalesce(staged.media_key, known.media_key) as media_key,
      known.id as caption_id, staged.url, staged.language
    from staged_captions as staged full join (
      select caption.*, media.s3_key as media_key
      from whitelabel_captions as caption join whitelabel_media as media on media.id = caption.whitelabel_media_id
    ) as known on known.s3_key = staged.s3_key and known.media_key = staged.media_key
      and known.language = staged.language
    where staged.s3_key is null or known.id is null`)
  await db.execute(sql`analyze caption_changes`)
}

/** As `compareCaptions` found; `media_changes` must be a table. */
export async function markChangedVideos(db: Db) {
  if (!(await hasCaptionChanges(db))) return
  await db.execute(sql`
    delete from caption_changes as gone using differing_media as media
    where gone.action = 'remove' and media.action = 'remove' and media.s3_key = gone.media_key
      and gone.s3_key not in (select s3_key from staged_captions)`)
  await db.execute(sql`
    insert into differing_media (action, s3_key, media_id, post, url, type, size, etag, modified_ms)
    select 'change', staged.s3_key, media.id, staged.post, staged.url, staged.type, staged.size, staged.etag,
      staged.modified_ms
    from staged_media as staged join whitelabel_media as media using (s3_key)
    where staged.s3_key in (select media_key from caption_changes)
      and staged.s3_key not in (select s3_key from differing_media)`)
}

async function hasCaptionChanges(db: Db) {
  const { rows } = await db.execute<{ differ: boolean }>(
    sql`select exists (select from caption_changes) as differ`,
  )
  return rows[0]?.differ ?? false
}

/** First of all: the file may become that of another video. */
export async function removeCaptions(tx: Db) {
  await tx.execute(sql`
    delete from whitelabel_captions where id in (select caption_id from caption_changes where action = 'remove')`)
}

/** Once all videos are there; one that is not was deleted since the plan was made. */
export async function addCaptions(tx: Db) {
  await tx.execute(sql`
    insert into whitelabel_captions (whitelabel_media_id, language, s3_key, url)
    select media.id, change.language, change.s3_key, change.url
    from caption_changes as change join whitelabel_media as media on media.s3_key = change.media_key
    where change.action = 'add' and not exists (
      select from whitelabel_captions as other where other.s3_key = change.s3_key
        or (other.whitelabel_media_id = media.id and other.language = change.language)
    )
    order by change.s3_key collate "C"`)
}
