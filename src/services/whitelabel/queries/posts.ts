import { and, desc, eq, isNull, sql } from 'drizzle-orm'
import type { Db } from '#src/db/index.ts'
import { whitelabelModels, whitelabelPosts } from '#src/db/schema.ts'
import { type Page, pageOf, pageRequest } from '#src/lib/pagination.ts'
import { remembered } from '#src/lib/remembered.ts'
import { cursorOf, olderThan } from './post-cursor.ts'

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

  /** May be a minute old; that there is nothing is not: the first sync changes it. */
  stats: remembered(
    60_000,
    async (db: Db): Promise<PostStats> => {
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
    },
    ({ posts }) => posts > 0,
  ),
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

/** A piece of a list of posts that goes on where the last piece ended. */
export interface PostsAfter<Post> {
  posts: Post[]
  /** Opaque; what to ask the next piece with, or null at the end. */
  next: string | null
}

/** Another post of the same creator, as a link to it needs. */
export interface Neighbour {
  id: number
  title: string | null
}

export interface Neighbours {
  newer: Neighbour | null
  older: Neighbour | null
}

/**
 * The next so many posts of a creator who is known to be public, newest first. Posts that come or go meanwhile give
 * no repeats and no gaps. @param cursor `next` of the piece before; anything else is the beginning.
 */
export async function postsAfter(
  db: Db,
  modelId: number,
  cursor: unknown,
  limit: number,
): Promise<PostsAfter<WhitelabelPost>> {
  const rows = await db
    .select({ post: whitelabelPosts, cursor: cursorOf(whitelabelPosts) })
    .from(whitelabelPosts)
    .where(and(eq(whitelabelPosts.whitelabelModelId, modelId), isShown, olderThan(whitelabelPosts, cursor)))
    .orderBy(desc(whitelabelPosts.createdAt), desc(whitelabelPosts.id))
    .limit(limit + 1)
  return pieceOf(rows, limit)
}

/** @param rows one more than `limit` where there are more. */
export function pieceOf<Post>(rows: Array<{ post: Post; cursor: string }>, limit: number): PostsAfter<Post> {
  const piece = rows.slice(0, limit)
  const next = rows.length > limit ? (piece.at(-1)?.cursor ?? null) : null
  return { posts: piece.map(({ post }) => post), next }
}

/** The posts beside this one among those of the same creator, by their order in its list. */
export async function neighbours(db: Db, post: Pick<WhitelabelPost, 'id'>): Promise<Neighbours> {
  const { rows } = await db.execute<{ side: keyof Neighbours } & Neighbour & Record<string, unknown>>(sql`
    with here as (select whitelabel_model_id, created_at, id from whitelabel_posts where id = ${post.id})
    select 'newer' as side, beside.id, beside.title from here cross join lateral (
      select id, title from whitelabel_posts as other
      where other.whitelabel_model_id = here.whitelabel_model_id and hidden_at is null
        and (other.created_at, other.id) > (here.created_at, here.id)
      order by other.created_at, other.id limit 1
    ) as beside
    union all
    select 'older', beside.id, beside.title from here cross join lateral (
      select id, title from whitelabel_posts as other
      where other.whitelabel_model_id = here.whitelabel_model_id and hidden_at is null
        and (other.created_at, other.id) < (here.created_at, here.id)
      order by other.created_at desc, other.id desc limit 1
    ) as beside`)
  return neighboursFrom(rows)
}

export function neighboursFrom(rows: Array<{ side: keyof Neighbours } & Neighbour>): Neighbours {
  const beside = (wanted: keyof Neighbours) => {
    const row = rows.find(({ side }) => side === wanted)
    return row ? { id: row.id, title: row.title } : null
  }
  return { newer: beside('newer'), older: beside('older') }
}
