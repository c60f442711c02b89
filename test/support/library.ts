import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { sql } from 'drizzle-orm'
import type { Database, Db } from '#src/db/index.ts'
import { openLog } from '#src/log.ts'
import { runSync } from '#src/services/whitelabel/sync/run-sync.ts'
import type { SyncOptions, SyncReport } from '#src/services/whitelabel/sync/sync-report.ts'
import { openFolderStore } from '#src/storage/folder-store.ts'
import type { MediaStore } from '#src/storage/media-store.ts'
import { openS3Store } from '#src/storage/s3-store.ts'

const LINKS = { linkKey: Buffer.alloc(32, 1), linkSeconds: 1_800, baseUrl: undefined }
const IMPATIENT = { attempts: 2, requestMilliseconds: 400, pauseMilliseconds: 1 }

/** What a file in the folder is: its bytes, and when it was last changed. */
export interface TestFile {
  bytes?: string
  at?: string
}

/** A folder of media that a test fills, and the sync that reads it. */
export interface TestLibrary {
  root: string
  media: MediaStore
  /** Files by key; a list gives each its own key as bytes. */
  put(files: string[] | Record<string, TestFile>): Promise<void>
  remove(...keys: string[]): Promise<void>
  sync(options?: Partial<SyncOptions>): Promise<SyncReport>
  close(): Promise<void>
}

const LONG_AGO = '2023-03-04T05:06:07Z'

export async function openTestLibrary(database: Database): Promise<TestLibrary> {
  const root = await mkdtemp(path.join(os.tmpdir(), 'library-'))
  const media = openFolderStore({ root, ...LINKS })
  return {
    root,
    media,
    async put(files) {
      const entries: [string, TestFile][] = Array.isArray(files)
        ? files.map((key) => [key, {}])
        : Object.entries(files)
      for (const [key, { bytes = key, at = LONG_AGO }] of entries) {
        const file = path.join(root, key)
        await mkdir(path.dirname(file), { recursive: true })
        await writeFile(file, bytes)
        await utimes(file, new Date(at), new Date(at))
      }
    },
    async remove(...keys) {
      for (const key of keys) await rm(path.join(root, key), { recursive: true })
    },
    sync: (options) => syncFrom(database, media, options),
    close: () => rm(root, { recursive: true, force: true }),
  }
}

/** A bucket of the lying server, asked by somebody who does not wait long. */
export const openLyingStore = (endpoint: string, bucket = 'bucket'): Promise<MediaStore> =>
  openS3Store({
    bucket,
    endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    accessKeyId: 'TESTKEY',
    secretAccessKey: 'TESTSECRET',
    prefix: '',
    linkSeconds: LINKS.linkSeconds,
    patience: IMPATIENT,
  })

export function syncFrom(
  database: Database,
  media: MediaStore,
  options: Partial<SyncOptions> = {},
): Promise<SyncReport> {
  const log = openLog('silent', { write: () => {} })
  return runSync({ database, media, now: () => new Date(), log }, { startedBy: 'test', ...options })
}

/** As if nothing had ever been synced. */
export async function emptyLibrary(db: Db) {
  await db.execute(
    sql`truncate whitelabel_models, whitelabel_posts, whitelabel_media, whitelabel_captions, models, posts`,
  )
  await db.execute(sql`truncate sync_runs, takedowns, admin_settings`)
}

type Row = Record<string, unknown>

/** All that the library says but ids and when it was synced: two libraries of one bucket are equal in it. */
export async function libraryRows(
  db: Db,
): Promise<{ models: Row[]; posts: Row[]; media: Row[]; captions: Row[] }> {
  const rows = async (query: ReturnType<typeof sql>) => (await db.execute<Row>(query)).rows
  return {
    models: await rows(sql`
      select folder_name, thumbnail_url, icon_url, banner_url, post_count, status, created_at::text
      from whitelabel_models order by folder_name collate "C"`),
    posts: await rows(sql`
      select model.folder_name as model, post.folder_name, post.title, post.media_cdns, post.created_at::text,
        post.image_count, post.video_count, post.hidden_at is not null as hidden
      from whitelabel_posts as post join whitelabel_models as model on model.id = whitelabel_model_id
      order by model.folder_name collate "C", post.folder_name collate "C"`),
    media: await rows(sql`
      select model.folder_name as model, post.folder_name as post, s3_key, url, type, media.created_at::text,
        size::float8, etag, media.hidden_at is not null as hidden
      from whitelabel_media as media join whitelabel_posts as post on post.id = whitelabel_post_id
      join whitelabel_models as model on model.id = whitelabel_model_id
      order by s3_key collate "C"`),
    captions: await rows(sql`
      select caption.s3_key, caption.url, media.s3_key as media, language
      from whitelabel_captions as caption join whitelabel_media as media on media.id = whitelabel_media_id
      order by caption.s3_key collate "C"`),
  }
}

/** The ids of every row, by kind and place. */
export async function libraryIds(db: Db): Promise<Record<string, number>> {
  const { rows } = await db.execute<{ place: string; id: number }>(sql`
    select 'model ' || folder_name as place, id from whitelabel_models
    union all
    select 'post ' || model.folder_name || '/' || post.folder_name, post.id
    from whitelabel_posts as post join whitelabel_models as model on model.id = whitelabel_model_id
    union all
    select 'media ' || s3_key, id from whitelabel_media
    union all
    select 'captions ' || caption.s3_key || ' of ' || media.s3_key || ' in ' || language, caption.id
    from whitelabel_captions as caption join whitelabel_media as media on media.id = whitelabel_media_id`)
  return Object.fromEntries(rows.map(({ place, id }) => [place, id]))
}

/** Every sequence of the library and of the sync with its last value, null for one never used. */
export async function sequenceValues(db: Db): Promise<Record<string, string | null>> {
  const { rows } = await db.execute<{ name: string; value: string | null }>(
    sql`select sequencename as name, last_value::text as value from pg_sequences where schemaname = 'public'`,
  )
  return Object.fromEntries(rows.map(({ name, value }) => [name, value]))
}

/**
 * What no reader may ever see, told in one statement and so of one moment: copies that do not match their rows,
 * a post without media, a creator without posts.
 */
export async function halfSeen(db: Db): Promise<string[]> {
  const { rows } = await db.execute<{ half: string }>(sql`
    with counted as (
      select post.id, post.whitelabel_model_id, post.folder_name, post.media_cdns, post.image_count, post.video_count,
        count(media.id) as media,
        count(*) filter (where media.type = 'image' and media.hidden_at is null) as images,
        count(*) filter (where media.type = 'video' and media.hidden_at is null) as videos
      from whitelabel_posts as post left join whitelabel_media as media on media.whitelabel_post_id = post.id
      group by post.id
    )
    select 'post without media: ' || folder_name as half from counted where media = 0
    union all
    select 'post with wrong copies: ' || folder_name from counted
    where (images, videos) is distinct from (image_count::bigint, video_count::bigint)
      or json_array_length(media_cdns -> 'images') is distinct from images::int
      or json_array_length(media_cdns -> 'videos') is distinct from videos::int
    union all
    select 'creator without posts: ' || folder_name from whitelabel_models as model
    where not exists (select from counted where whitelabel_model_id = model.id)
    union all
    select 'creator with a wrong count: ' || folder_name from whitelabel_models as model
    where post_count <> (
      select count(*) from whitelabel_posts where whitelabel_model_id = model.id and hidden_at is null
    )`)
  return rows.map(({ half }) => half)
}

/** The same store, some of it done differently. */
export const storeWith = (store: MediaStore, differently: Partial<MediaStore>): MediaStore => ({
  source: store.source,
  list: (options) => store.list(options),
  head: (key) => store.head(key),
  read: (key, range) => store.read(key, range),
  locate: (key) => store.locate(key),
  signer: (now) => store.signer(now),
  windowEnd: (now) => store.windowEnd(now),
  ping: () => store.ping(),
  close: () => store.close(),
  ...differently,
})
