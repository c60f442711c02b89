import { and, desc, eq, inArray, type SQL, sql } from 'drizzle-orm'
import type { Db } from '#src/db/index.ts'
import { whitelabelModelTotals } from '#src/db/library-tables.ts'
import { whitelabelModels } from '#src/db/schema.ts'
import { type Page, pageOf, pageRequest } from '#src/lib/pagination.ts'
import { remembered } from '#src/lib/remembered.ts'
import { forgiving } from './known-words.ts'
import { MOST_MATCHES, type SearchSpan } from './search-posts.ts'
import { isTyping, nameHasAllWords, searchedText, searchWords } from './search-words.ts'

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

  /** May be a minute old; that there is nothing is not: the first sync changes it. */
  stats: remembered(
    60_000,
    async (db: Db): Promise<ModelStats> => {
      const [stats] = await db
        .select({
          models: sql<number>`count(*)::int`,
          posts: sql<number>`coalesce(sum(${whitelabelModels.postCount}), 0)::int`,
        })
        .from(whitelabelModels)
        .where(isPublic)
      return stats ?? { models: 0, posts: 0 }
    },
    ({ models }) => models > 0,
  ),

  /**
   * Creators whose name, or one of whose titles, has all the words, in any case and with or without accents;
   * matches by name come first. Typos are forgiven. No words match nothing.
   */
  async search(db: Db, words: string, page?: unknown, limit?: unknown): Promise<Page<WhitelabelModel>> {
    const request = pageRequest(page, limit)
    const { found } = await forgiving(
      db,
      words,
      (text) => searchedModels(db, text, request),
      ({ total }) => total > 0,
    )
    return pageOf(found.models, found.total, request)
  },
}

/**
 * Those of the search's answer that the span takes, and how many there are in all: creators by name, then those of
 * the posts that the words find by title. No typo is forgiven.
 */
export async function searchedModels(
  db: Db,
  text: string,
  { limit, offset }: SearchSpan,
): Promise<{ models: WhitelabelModel[]; total: number }> {
  const words = searchWords(text)
  if (words.length === 0) return { models: [], total: 0 }

  const { rows } = await db.execute<{ id: number | null; total: number }>(sql`
    with named as materialized (select id from whitelabel_models where status = 'active' and ${nameMatches(words)}),
    found as materialized (
      select id, true as is_named from named
      union all
      select distinct model_id, false
      from search_posts(${searchedText(text)}, ${isTyping(text)}, ${MOST_MATCHES})
      where model_id not in (select id from named)
    ), page as (
      select id, is_named, post_count from found join whitelabel_models using (id)
      order by is_named desc, post_count desc, id desc limit ${limit} offset ${offset}
    )
    select page.id, total.total
    from (select count(*)::int as total from found) as total left join page on true
    order by is_named desc, post_count desc, page.id desc`)
  const ids = rows.flatMap(({ id }) => id ?? [])
  const byId = new Map((await WhitelabelModelQueries.byIds(db, ids)).map((model) => [model.id, model]))
  return { models: ids.flatMap((id) => byId.get(id) ?? []), total: rows[0]?.total ?? 0 }
}

/** What a list of creators' names needs, those with the most posts first. No typo is forgiven. */
export async function namedModels(db: Db, text: string, limit: number): Promise<ModelRow[]> {
  const words = searchWords(text)
  if (words.length === 0) return []
  return db
    .select()
    .from(whitelabelModels)
    .where(and(isPublic, nameMatches(words)))
    .orderBy(...biggestFirst)
    .limit(limit)
}

const nameMatches = (words: string[]) => nameHasAllWords(sql`search_text(folder_name)`, words)

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

/** Reads one post of each creator, however many there are: its copy of the media has them in natural order. */
const firstImages = (modelIds: number[]) => sql`
  select newest.* from unnest(${sql.param(modelIds)}::int[]) as model (id) cross join lateral (
    select whitelabel_model_id as model_id, media_cdns->'images'->>0 as url from whitelabel_posts
    where whitelabel_model_id = model.id and hidden_at is null and image_count > 0
    order by created_at desc, id desc limit 1
  ) as newest`
