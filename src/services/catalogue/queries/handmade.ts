import { desc, eq, inArray, sql } from 'drizzle-orm'
import type { Db } from '#src/db/index.ts'
import { models, posts } from '#src/db/schema.ts'
import { likePatterns } from '#src/services/whitelabel/queries/search-words.ts'

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
        postCount: sql<number>`(select count(*) from ${posts} where ${posts.modelId} = ${models.id})::int`,
        thumbnailUrl: sql<string | null>`(
          select ${posts.contentUrl} from ${posts} where ${posts.modelId} = ${models.id} and ${posts.type} = 'image'
          order by ${posts.createdAt} desc, ${posts.id} desc limit 1
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

  /** The ids of the creators whose name, description or one of whose titles has all the words. */
  async search(db: Db, words: string): Promise<number[]> {
    const patterns = likePatterns(words)
    if (patterns.length === 0) return []
    const text = sql`search_text(${models.name} || ' ' || coalesce(${models.description}, '') || ' ' || coalesce((
      select string_agg(${posts.title}, ' ') from ${posts} where ${posts.modelId} = ${models.id}
    ), ''))`
    const rows = await db
      .select({ id: models.id })
      .from(models)
      .where(
        sql.join(
          patterns.map((pattern) => sql`${text} like search_text(${pattern})`),
          sql` and `,
        ),
      )
      .orderBy(desc(models.createdAt), desc(models.id))
    return rows.map((row) => row.id)
  },
}
