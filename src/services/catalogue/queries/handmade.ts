import { desc, eq, inArray, sql } from 'drizzle-orm'
import type { Db } from '#src/db/index.ts'
import { models, posts } from '#src/db/schema.ts'
import { remembered } from '#src/lib/remembered.ts'
import { hasAllWords, searchWords } from '#src/services/whitelabel/queries/search-words.ts'
import type { LibraryStats } from '../views.ts'

/** A creator made by hand in the back office, with what the synced ones have as columns. */
export type HandmadeModel = typeof models.$inferSelect & { thumbnailUrl: string | null; postCount: number }
export type HandmadePost = typeof posts.$inferSelect

/** Reads of `models` and `posts`. There are as many as people have typed, so they are counted when asked. */
export const HandmadeQueries = {
  async byIds(db: Db, ids: number[]): Promise<HandmadeModel[]> {
    if (ids.length === 0) return []
    const rows = await db
      .select({
        model: models,
        // Drizzle leaves the tables away among the columns of a select from one table, so they are written out.
        postCount: sql<number>`(select count(*) from posts where posts.model_id = models.id)::int`,
        thumbnailUrl: sql<string | null>`(
          select content_url from posts where posts.model_id = models.id and posts.type = 'image'
          order by posts.created_at desc, posts.id desc limit 1
        )`,
      })
      .from(models)
      .where(inArray(models.id, ids))
    return rows.map(({ model, ...copies }) => ({ ...model, ...copies }))
  },

  postsOf(
    db: Db,
    modelId: number,
    { limit, offset }: { limit: number; offset: number },
  ): Promise<HandmadePost[]> {
    return db
      .select()
      .from(posts)
      .where(eq(posts.modelId, modelId))
      .orderBy(desc(posts.createdAt), desc(posts.id))
      .limit(limit)
      .offset(offset)
  },

  async postById(db: Db, id: number): Promise<HandmadePost | null> {
    const [post] = await db.select().from(posts).where(eq(posts.id, id))
    return post ?? null
  },

  /** May be a minute old. */
  stats: remembered(60_000, async (db: Db): Promise<LibraryStats> => {
    const [stats] = await db
      .select({
        creators: sql<number>`(select count(*) from ${models})::int`,
        posts: sql<number>`count(*)::int`,
        images: sql<number>`(count(*) filter (where ${posts.type} = 'image'))::int`,
        videos: sql<number>`(count(*) filter (where ${posts.type} = 'video'))::int`,
      })
      .from(posts)
    return stats ?? { creators: 0, posts: 0, images: 0, videos: 0 }
  }),

  /** The ids of the creators whose name, description or one of whose titles has all the words, the newest first. */
  async search(db: Db, text: string): Promise<number[]> {
    const words = searchWords(text)
    if (words.length === 0) return []
    const searched = sql`search_text(${models.name} || ' ' || coalesce(${models.description}, '') || ' ' || coalesce((
      select string_agg(${posts.title}, ' ') from ${posts} where ${posts.modelId} = ${models.id}
    ), ''))`
    const rows = await db
      .select({ id: models.id })
      .from(models)
      .where(hasAllWords(searched, words))
      .orderBy(desc(models.createdAt), desc(models.id))
    return rows.map((row) => row.id)
  },
}
