import { and, desc, eq, isNull, sql } from 'drizzle-orm'
import type { Db } from '#src/db/index.ts'
import { whitelabelModels, whitelabelPosts } from '#src/db/schema.ts'
import { type Page, pageOf, pageRequest } from '#src/lib/pagination.ts'
import { remembered } from '#src/lib/remembered.ts'

/** A synced post; `mediaCdns` holds percent-encoded keys in natural order, to be signed once access is decided. */
export type WhitelabelPost = typeof whitelabelPosts.$inferSelect

export interface PostStats {
  posts: number
  images: number
  videos: number
}

const isShown = isNull(whitelabelPosts.hiddenAt)
const modelIsPublic = eq(whitelabelModels.status, 'active')

/** Reads of the synced posts of public creators that are not taken down (spec §3). */
export const WhitelabelPostQueries = {
  /** Newest first, 20 unless asked, at most 100. A creator that is not public has none. */
  async byModel(db: Db, modelId: number, page?: unknown, limit?: unknown): Promise<Page<WhitelabelPost>> {
    const request = pageRequest(page, limit)
    const [posts, [model]] = await Promise.all([
      newestPosts(db, modelId, request),
      db
        .select({ total: whitelabelModels.postCount })
        .from(whitelabelModels)
        .where(and(modelIsPublic, eq(whitelabelModels.id, modelId))),
    ])
    return model ? pageOf(posts, model.total, request) : pageOf([], 0, request)
  },

  /** The post with its creator's id, or null. */
  async byId(db: Db, id: number): Promise<WhitelabelPost | null> {
    const [found] = await db
      .select({ post: whitelabelPosts })
      .from(whitelabelPosts)
      .innerJoin(whitelabelModels, eq(whitelabelModels.id, whitelabelPosts.whitelabelModelId))
      .where(and(eq(whitelabelPosts.id, id), isShown, modelIsPublic))
    return found?.post ?? null
  },

  /** May be a minute old. */
  stats: remembered(60_000, async (db: Db): Promise<PostStats> => {
    const [stats] = await db
      .select({
        posts: sql<number>`count(*)::int`,
        images: sql<number>`coalesce(sum(${whitelabelPosts.imageCount}), 0)::float8`,
        videos: sql<number>`coalesce(sum(${whitelabelPosts.videoCount}), 0)::float8`,
      })
      .from(whitelabelPosts)
      .innerJoin(whitelabelModels, eq(whitelabelModels.id, whitelabelPosts.whitelabelModelId))
      .where(and(isShown, modelIsPublic))
    return stats ?? { posts: 0, images: 0, videos: 0 }
  }),
}

/** The page's posts, for a creator who is known to be public. */
export function newestPosts(
  db: Db,
  modelId: number,
  { limit, offset }: { limit: number; offset: number },
): Promise<WhitelabelPost[]> {
  return db
    .select()
    .from(whitelabelPosts)
    .where(and(eq(whitelabelPosts.whitelabelModelId, modelId), isShown))
    .orderBy(desc(whitelabelPosts.createdAt), desc(whitelabelPosts.id))
    .limit(limit)
    .offset(offset)
}
