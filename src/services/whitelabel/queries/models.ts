import { and, desc, eq, inArray, type SQL, sql } from 'drizzle-orm'
import type { Db } from '#src/db/index.ts'
import { whitelabelModelTotals } from '#src/db/library-tables.ts'
import { whitelabelModels, whitelabelPosts } from '#src/db/schema.ts'
import { type Page, type PageRequest, pageOf, pageRequest } from '#src/lib/pagination.ts'
import { remembered } from '#src/lib/remembered.ts'
import { hasAllWords, searchWords } from './search-words.ts'

/** A synced creator. The art columns are percent-encoded keys, to be signed once access is decided. */
export type WhitelabelModel = ModelRow & {
  /** Whether the thumbnail is the cover that everybody may see, and not a picture of one of the posts. */
  hasCover: boolean
}

type ModelRow = typeof whitelabelModels.$inferSelect

export interface ModelStats {
  models: number
  posts: number
}

/** Of title matches so many are looked at: the creators of more than that are found by a better word. */
const TITLE_MATCHES = 1_000

const isPublic = eq(whitelabelModels.status, 'active')
const newestFirst = [desc(whitelabelModels.createdAt), desc(whitelabelModels.id)]
const biggestFirst = [desc(whitelabelModels.postCount), desc(whitelabelModels.id)]

/** Reads of the synced creators that are public (spec §3). Pages are of 20 rows unless asked, at most 100. */
export const WhitelabelModelQueries = {
  /** Newest first. */
  list: (db: Db, page?: unknown, limit?: unknown) => modelPage(db, newestFirst, page, limit),

  /** Those with the most posts first. */
  topWithThumbnails: (db: Db, page?: unknown, limit?: unknown) => modelPage(db, biggestFirst, page, limit),

  /** @param slug the folder name, decoded. */
  async bySlug(db: Db, slug: string): Promise<WhitelabelModel | null> {
    // PostgreSQL refuses a text with a NUL in it, and no folder has one.
    if (slug.includes('\0')) return null
    const models = await db
      .select()
      .from(whitelabelModels)
      .where(and(isPublic, eq(whitelabelModels.folderName, slug)))
    return (await withThumbnails(db, models))[0] ?? null
  },

  /** The public ones among these, in no order. */
  async byIds(db: Db, ids: number[]): Promise<WhitelabelModel[]> {
    if (ids.length === 0) return []
    const models = await db
      .select()
      .from(whitelabelModels)
      .where(and(isPublic, inArray(whitelabelModels.id, ids)))
    return withThumbnails(db, models)
  },

  /** May be a minute old. */
  stats: remembered(60_000, async (db: Db): Promise<ModelStats> => {
    const [stats] = await db
      .select({
        models: sql<number>`count(*)::int`,
        posts: sql<number>`coalesce(sum(${whitelabelModels.postCount}), 0)::int`,
      })
      .from(whitelabelModels)
      .where(isPublic)
    return stats ?? { models: 0, posts: 0 }
  }),

  /**
   * Creators whose name, or one of whose titles, has all the words, in any case and with or without accents;
   * matches by name come first. No words match nothing.
   */
  async search(db: Db, words: string, page?: unknown, limit?: unknown): Promise<Page<WhitelabelModel>> {
    const request = pageRequest(page, limit)
    const { models, total } = await searchedModels(db, words, request)
    return pageOf(models, total, request)
  },
}

/** Those of the search's answer that the span takes, and how many there are in all. */
export async function searchedModels(
  db: Db,
  text: string,
  { limit, offset }: Pick<PageRequest, 'limit' | 'offset'>,
): Promise<{ models: WhitelabelModel[]; total: number }> {
  const words = searchWords(text)
  if (words.length === 0) return { models: [], total: 0 }

  const nameMatches = hasAllWords(sql`search_text(${whitelabelModels.folderName})`, words)
  const byTitle = db
    .select({ id: whitelabelPosts.whitelabelModelId })
    .from(whitelabelPosts)
    .where(
      and(
        sql`${whitelabelPosts.hiddenAt} is null`,
        hasAllWords(sql`search_text(${whitelabelPosts.title})`, words),
      ),
    )
    .limit(TITLE_MATCHES)
  const found = sql`(
    select id from ${whitelabelModels} where ${isPublic} and ${nameMatches}
    union
    select id from ${whitelabelModels} where ${isPublic} and id in ${byTitle}
  )`
  const [models, [counted]] = await Promise.all([
    db
      .select()
      .from(whitelabelModels)
      .where(sql`${whitelabelModels.id} in ${found}`)
      .orderBy(sql`${nameMatches} desc`, ...biggestFirst)
      .limit(limit)
      .offset(offset),
    db.select({ total: sql<number>`count(*)::int` }).from(sql`${found} as found`),
  ])
  return { models: await withThumbnails(db, models), total: counted?.total ?? 0 }
}

async function modelPage(
  db: Db,
  order: SQL[],
  page: unknown,
  limit: unknown,
): Promise<Page<WhitelabelModel>> {
  const request = pageRequest(page, limit)
  const [models, total] = await Promise.all([
    db
      .select()
      .from(whitelabelModels)
      .where(isPublic)
      .orderBy(...order)
      .limit(request.limit)
      .offset(request.offset),
    publicTotal(db),
  ])
  return pageOf(await withThumbnails(db, models), total, request)
}

/** From the counter that the database keeps: counting them would take longer with every creator. */
async function publicTotal(db: Db) {
  const [total] = await db
    .select({ models: whitelabelModelTotals.models })
    .from(whitelabelModelTotals)
    .where(eq(whitelabelModelTotals.status, 'active'))
  return total?.models ?? 0
}

/** Creators without a cover of their own show the first image of their newest post that has one. */
async function withThumbnails(db: Db, models: ModelRow[]): Promise<WhitelabelModel[]> {
  const without = models.filter((model) => model.thumbnailUrl === null).map((model) => model.id)
  const images = without.length === 0 ? new Map<number, string>() : await firstImagesOf(db, without)
  return models.map((model) => ({
    ...model,
    hasCover: model.thumbnailUrl !== null,
    thumbnailUrl: model.thumbnailUrl ?? images.get(model.id) ?? null,
  }))
}

async function firstImagesOf(db: Db, modelIds: number[]): Promise<Map<number, string>> {
  const { rows } = await db.execute<{ model_id: number; url: string }>(firstImages(modelIds))
  return new Map(rows.map((row) => [row.model_id, row.url]))
}

/** One row a creator; the lateral join reads one post of each, however many it has. */
const firstImages = (modelIds: number[]) => sql`
  select distinct on (post.whitelabel_model_id) post.whitelabel_model_id as model_id, media.url
  from whitelabel_media as media
  join (
    select newest.* from unnest(${sql.param(modelIds)}::int[]) as model (id) cross join lateral (
      select whitelabel_posts.id, whitelabel_posts.whitelabel_model_id from whitelabel_posts
      where whitelabel_model_id = model.id and hidden_at is null and image_count > 0
      order by created_at desc, id desc limit 1
    ) as newest
  ) as post on post.id = media.whitelabel_post_id
  where media.type = 'image' and media.hidden_at is null
  order by post.whitelabel_model_id, media.s3_key collate natural_order, media.s3_key collate "C"`
