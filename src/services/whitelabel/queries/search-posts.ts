import { eq, inArray, sql } from 'drizzle-orm'
import type { Db } from '#src/db/index.ts'
import { whitelabelModels, whitelabelPosts } from '#src/db/schema.ts'
import type { PageRequest } from '#src/lib/pagination.ts'
import { forgiving } from './known-words.ts'
import type { WhitelabelPost } from './posts.ts'
import { isTyping, searchedText } from './search-words.ts'

/** Of title matches so many are found: those beyond are found by a better word. */
export const MOST_MATCHES = 200

export type SearchSpan = Pick<PageRequest, 'limit' | 'offset'>

export type SearchedPost = WhitelabelPost & { model: { id: number; folderName: string } }

export interface SearchedPosts {
  posts: SearchedPost[]
  /** At most `MOST_MATCHES`. */
  total: number
  /** Whether there are more than `total`: "200+". */
  isMore: boolean
}

/**
 * Posts of public creators whose title has all the words, in any case and with or without accents; the last word may
 * be the beginning of one. Those with whole words come first, then the newest. Typos are forgiven.
 */
export async function searchedPosts(
  db: Db,
  text: string,
  span: SearchSpan,
): Promise<SearchedPosts & { correctedTo: string | null }> {
  const { found, correctedTo } = await forgiving(
    db,
    text,
    (words) => matchingPosts(db, words),
    (ids) => ids.length > 0,
  )
  return { ...(await foundPosts(db, found, span)), correctedTo }
}

/** Ids, the best first; one more than `most` when there are more. No typo is forgiven. */
export async function matchingPosts(db: Db, text: string, most = MOST_MATCHES): Promise<number[]> {
  const { rows } = await db.execute<{ post_id: number }>(sql`
    select post_id from search_posts(${searchedText(text)}, ${isTyping(text)}, ${most + 1})
    order by is_whole desc, made_at desc, post_id desc`)
  return rows.map((row) => row.post_id)
}

/** Those of the matches that the span takes, with their creators. */
export async function foundPosts(
  db: Db,
  matches: number[],
  { limit, offset }: SearchSpan,
): Promise<SearchedPosts> {
  const total = Math.min(matches.length, MOST_MATCHES)
  const posts = await postsWithModels(db, matches.slice(0, total).slice(offset, offset + limit))
  return { posts, total, isMore: matches.length > total }
}

/** In the order of the ids. */
export async function postsWithModels(db: Db, ids: number[]): Promise<SearchedPost[]> {
  if (ids.length === 0) return []
  const rows = await db
    .select({
      post: whitelabelPosts,
      model: { id: whitelabelModels.id, folderName: whitelabelModels.folderName },
    })
    .from(whitelabelPosts)
    .innerJoin(whitelabelModels, eq(whitelabelModels.id, whitelabelPosts.whitelabelModelId))
    .where(inArray(whitelabelPosts.id, ids))
  const byId = new Map(rows.map(({ post, model }) => [post.id, { ...post, model }]))
  return ids.flatMap((id) => byId.get(id) ?? [])
}
