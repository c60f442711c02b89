import { and, desc, eq, inArray, sql } from 'drizzle-orm'
import type { Db } from '#src/db/index.ts'
import { models, posts } from '#src/db/schema.ts'
import { remembered } from '#src/lib/remembered.ts'
import { cursorOf, olderThan } from '#src/services/whitelabel/queries/post-cursor.ts'
import {
  type Neighbour,
  type Neighbours,
  neighboursFrom,
  type PostsAfter,
  pieceOf,
} from '#src/services/whitelabel/queries/posts.ts'
import {
  hasAllWords,
  isTyping,
  searchedText,
  searchWords,
} from '#src/services/whitelabel/queries/search-words.ts'
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

  /** As `postsAfter` of synced posts. */
  async postsAfter(
    db: Db,
    modelId: number,
    cursor: unknown,
    limit: number,
  ): Promise<PostsAfter<HandmadePost>> {
    const rows = await db
      .select({ post: posts, cursor: cursorOf(posts) })
      .from(posts)
      .where(and(eq(posts.modelId, modelId), olderThan(posts, cursor)))
      .orderBy(desc(posts.createdAt), desc(posts.id))
      .limit(limit + 1)
    return pieceOf(rows, limit)
  },

  /** As `neighbours` of synced posts. */
  async neighbours(db: Db, post: Pick<HandmadePost, 'id'>): Promise<Neighbours> {
    const { rows } = await db.execute<{ side: keyof Neighbours } & Neighbour & Record<string, unknown>>(sql`
      with here as (select model_id, created_at, id from posts where id = ${post.id})
      select 'newer' as side, beside.id, beside.title from here cross join lateral (
        select id, title from posts as other
        where other.model_id = here.model_id and (other.created_at, other.id) > (here.created_at, here.id)
        order by other.created_at, other.id limit 1
      ) as beside
      union all
      select 'older', beside.id, beside.title from here cross join lateral (
        select id, title from posts as other
        where other.model_id = here.model_id and (other.created_at, other.id) < (here.created_at, here.id)
        order by other.created_at desc, other.id desc limit 1
      ) as beside`)
    return neighboursFrom(rows)
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

  /** Creators whose name has all the words, the newest first. */
  async named(db: Db, text: string, limit: number): Promise<Array<typeof models.$inferSelect>> {
    const words = searchWords(text)
    if (words.length === 0) return []
    return db
      .select()
      .from(models)
      .where(hasAllWords(sql`search_text(${models.name})`, words))
      .orderBy(desc(models.createdAt), desc(models.id))
      .limit(limit)
  },

  /** Posts whose title has all the words, as `searchedPosts` of synced ones finds them; no typo is forgiven. */
  async searchPosts(db: Db, text: string, most: number): Promise<HandmadePost[]> {
    const query = (typing: boolean) => sql`search_query(${searchedText(text)}, ${typing})`
    const terms = sql`search_terms(${posts.title}, ${posts.createdAt})`
    return db
      .select()
      .from(posts)
      .where(sql`${terms} @@ ${query(isTyping(text))}`)
      .orderBy(sql`${terms} @@ ${query(false)} desc`, desc(posts.createdAt), desc(posts.id))
      .limit(most)
  },
}
