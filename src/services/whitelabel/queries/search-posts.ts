import { eq, sql } from 'drizzle-orm'
import type { Db } from '#src/db/index.ts'
import { whitelabelModels, whitelabelPosts } from '#src/db/schema.ts'
import type { PageRequest } from '#src/lib/pagination.ts'
import { forgiving } from './known-words.ts'
import type { WhitelabelPost } from './posts.ts'
import { isTyping, searchedText } from './search-words.ts'

/** Of title matches so many are found: those beyond are found by a better word. */
export const MOST_MATCHES = 100

export type SearchSpan = Pick<PageRequest, 'limit' | 'offset'>

export type SearchedPost = WhitelabelPost & { model: { id: number; folderName: string } }

export interface SearchedPosts {
  posts: SearchedPost[]
  /** At most `MOST_MATCHES`. */
  total: number
  /** Whether there are more than `total`: "100+". */
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
    (words) => matchingPosts(db, words, span),
    ({ total }) => total > 0,
  )
  return { ...found, correctedTo }
}

/** The same without forgiving a typo, in one statement. */
export async function matchingPosts(db: Db, text: string, span: SearchSpan): Promise<SearchedPosts> {
  const rows = await db
    .select({
      post: whitelabelPosts,
      model: { id: whitelabelModels.id, folderName: whitelabelModels.folderName },
      matches: sql<number>`found.matches`,
    })
    .from(matchesWithin(text, span))
    .leftJoin(whitelabelPosts, sql`${whitelabelPosts.id} = found.post_id`)
    .leftJoin(whitelabelModels, eq(whitelabelModels.id, whitelabelPosts.whitelabelModelId))
    .orderBy(sql`found.is_whole desc`, sql`found.made_at desc`, sql`found.post_id desc`)
  const matches = rows[0]?.matches ?? 0
  return {
    posts: rows.flatMap(({ post, model }) => (post && model ? [{ ...post, model }] : [])),
    total: Math.min(matches, MOST_MATCHES),
    isMore: matches > MOST_MATCHES,
  }
}

/** A row for each match of the span, or one without a match; each tells how many matches there are, up to one more. */
const matchesWithin = (text: string, { limit, offset }: SearchSpan) => sql`(
  with match as materialized (
    select * from search_posts(${searchedText(text)}, ${isTyping(text)}, ${MOST_MATCHES + 1})
  ), shown as (
    select * from (
      select * from match order by is_whole desc, made_at desc, post_id desc limit ${MOST_MATCHES}
    ) as told
    order by is_whole desc, made_at desc, post_id desc limit ${limit} offset ${offset}
  )
  select counted.matches, shown.*
  from (select count(*)::int as matches from match) as counted left join shown on true
) as found`
