import { sql } from 'drizzle-orm'
import type { Db } from '#src/db/index.ts'
import type { UnreadableReason } from './unreadable-objects.ts'

/** An object that may be shown at this moment, in whatever form the viewer may have it. */
export interface ShownObject {
  key: string
  type: 'image' | 'video'
  /** Everybody may see it as it is: the icon, banner or cover of a creator. */
  isArt: boolean
  /** Of the content, as the last sync found it; null where only the store can tell. */
  etag: string | null
  /** Bytes, where they are known. */
  size: number | null
  /** What came of reading it earlier. */
  unreadable: { etag: string | null; reason: UnreadableReason } | null
  detailsEtag: string | null
}

interface Row extends Record<string, unknown> {
  type: 'image' | 'video'
  is_art: boolean
  is_taken_down: boolean
  is_public: boolean
  etag: string | null
  size: string | number | null
  unreadable_etag: string | null
  reason: UnreadableReason | null
  details_etag: string | null
}

/**
 * The object of that key if any page could show it now: a file of a published creator that is not taken down, a
 * creator's art, or what a hand-made creator or post refers to. Null otherwise.
 */
export async function shownObject(db: Db, key: string, encodedKey: string): Promise<ShownObject | null> {
  const found = await rowsOf(db, key, synced(key, encodedKey))
  if (found.some((row) => row.is_taken_down)) return null
  const shown = found.filter((row) => row.is_public)
  // Nothing leads from a key to the rows made by hand but reading them all, so they are asked last.
  const rows = shown.length > 0 ? shown : await rowsOf(db, key, handmade(key))
  const [first] = rows
  if (!first) return null
  const fromSync = found.find((row) => row.etag !== null)
  return {
    key,
    type: first.type,
    isArt: rows.some((row) => row.is_art),
    etag: fromSync?.etag ?? null,
    size: fromSync?.size == null ? null : Number(fromSync.size),
    unreadable: first.reason === null ? null : { etag: first.unreadable_etag, reason: first.reason },
    detailsEtag: first.details_etag,
  }
}

async function rowsOf(db: Db, key: string, candidates: ReturnType<typeof sql>): Promise<Row[]> {
  const { rows } = await db.execute<Row>(sql`
    select candidate.*, unreadable.etag as unreadable_etag, unreadable.reason, details.etag as details_etag
    from (${candidates}) as candidate
    left join unreadable_objects as unreadable on unreadable.object_key = ${key}
    left join media_details as details on details.object_key = ${key}`)
  return rows
}

function synced(key: string, encodedKey: string) {
  const [folder = ''] = key.split('/')
  return sql`
    select
      media.type,
      false as is_art,
      media.hidden_at is not null or post.hidden_at is not null as is_taken_down,
      model.status = 'active' as is_public,
      media.etag,
      media.size
    from whitelabel_media as media
    join whitelabel_posts as post on post.id = media.whitelabel_post_id
    join whitelabel_models as model on model.id = post.whitelabel_model_id
    where media.s3_key = ${key}
    union all
    select 'image', true, false, status = 'active', null, null
    from whitelabel_models
    where folder_name = ${folder} and ${encodedKey} in (icon_url, banner_url, thumbnail_url)`
}

function handmade(key: string) {
  return sql`
    select 'image' as type, true as is_art, false as is_taken_down, true as is_public, null as etag, null as size
    from models where ${key} in (icon_url, banner_url)
    union all
    select type, false, false, true, null, null from posts where content_url = ${key}`
}
