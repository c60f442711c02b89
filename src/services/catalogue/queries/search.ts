import { inArray } from 'drizzle-orm'
import type { Db } from '#src/db/index.ts'
import { models } from '#src/db/schema.ts'
import { creatorName } from '#src/services/whitelabel/folder-names.ts'
import { forgiving } from '#src/services/whitelabel/queries/known-words.ts'
import { namedModels, searchedModels } from '#src/services/whitelabel/queries/models.ts'
import {
  MOST_MATCHES,
  matchingPosts,
  type SearchedPost,
  type SearchSpan,
} from '#src/services/whitelabel/queries/search-posts.ts'
import { coverOfSyncedPost, titleOf } from '../present.ts'
import { type CreatorRef, handmadeSlug } from '../public-id.ts'
import type { RefPage } from './creator-refs.ts'
import { type HandmadePost, HandmadeQueries } from './handmade.ts'

export type FoundCataloguePost =
  | { kind: 'synced'; post: SearchedPost }
  | { kind: 'handmade'; post: HandmadePost & { model: { id: number; name: string } } }

export interface CatalogueSearch {
  creators: Omit<RefPage, 'version'>
  posts: {
    found: FoundCataloguePost[]
    total: number
    /** Whether there are more than `total`: "100+". */
    isMore: boolean
  }
  /** What was searched for instead of what was typed, or null. */
  correctedTo: string | null
}

/**
 * Creators and posts of the one catalogue, hand-made ones first. Creators are found by name, then by their posts'
 * titles, posts by title. Where nothing at all is found, typos are forgiven.
 */
export async function searchCatalogue(
  db: Db,
  text: string,
  spans: { creators: SearchSpan; posts: SearchSpan },
): Promise<CatalogueSearch> {
  const { found, correctedTo } = await forgiving(
    db,
    text,
    (words) => searchBoth(db, words, spans),
    ({ creators, posts }) => creators.total > 0 || posts.total > 0,
  )
  return { ...found, correctedTo }
}

async function searchBoth(db: Db, text: string, spans: { creators: SearchSpan; posts: SearchSpan }) {
  const [creators, posts] = await Promise.all([
    searchedCreators(db, text, spans.creators),
    searchedPostsOfBoth(db, text, spans.posts),
  ])
  return { creators, posts }
}

async function searchedCreators(db: Db, text: string, span: SearchSpan): Promise<Omit<RefPage, 'version'>> {
  const handmade = await HandmadeQueries.search(db, text)
  const shown = handmade.slice(span.offset, span.offset + span.limit)
  const synced = await searchedModels(db, text, restOf(span, handmade.length, shown.length))
  return {
    refs: [
      ...shown.map((id): CreatorRef => ({ kind: 'handmade', id })),
      ...synced.models.map(({ id }): CreatorRef => ({ kind: 'synced', id })),
    ],
    total: handmade.length + synced.total,
  }
}

async function searchedPostsOfBoth(
  db: Db,
  text: string,
  span: SearchSpan,
): Promise<CatalogueSearch['posts']> {
  const handmade = await HandmadeQueries.searchPosts(db, text, MOST_MATCHES)
  const shown = handmade.slice(span.offset, span.offset + span.limit)
  const [shownWithModels, synced] = await Promise.all([
    withModels(db, shown),
    matchingPosts(db, text, restOf(span, handmade.length, shown.length)),
  ])
  return {
    found: [
      ...shownWithModels.map((post) => ({ kind: 'handmade' as const, post })),
      ...synced.posts.map((post) => ({ kind: 'synced' as const, post })),
    ],
    total: handmade.length + synced.total,
    isMore: synced.isMore,
  }
}

/** What the hand-made ones leave of the span to the synced ones behind them. */
const restOf = ({ limit, offset }: SearchSpan, handmade: number, shown: number): SearchSpan => ({
  limit: limit - shown,
  offset: Math.max(offset - handmade, 0),
})

async function withModels(db: Db, posts: HandmadePost[]) {
  if (posts.length === 0) return []
  const rows = await db
    .select({ id: models.id, name: models.name })
    .from(models)
    .where(
      inArray(
        models.id,
        posts.map(({ modelId }) => modelId),
      ),
    )
  const byId = new Map(rows.map((model) => [model.id, model]))
  return posts.flatMap((post) => {
    const model = byId.get(post.modelId)
    return model ? [{ ...post, model }] : []
  })
}

/** What an instant search shows of a creator; keys are percent-encoded, of art that everybody may see. */
export interface CreatorSuggestion extends CreatorRef {
  name: string
  slug: string
  coverKey: string | null
}

export interface PostSuggestion extends CreatorRef {
  title: string
  creator: { name: string; slug: string }
  /** Its first picture, else its first video: a key that is percent-encoded, or an address elsewhere. */
  coverKey: string | null
}

export interface Suggestions {
  creators: CreatorSuggestion[]
  posts: PostSuggestion[]
  correctedTo: string | null
}

const MOST_SUGGESTIONS = 8

/** Up to `limit` creators by name and posts by title, as one types; half of the room is kept for either. */
export async function suggestions(db: Db, text: string, limit = MOST_SUGGESTIONS): Promise<Suggestions> {
  const { found, correctedTo } = await forgiving(
    db,
    text,
    (words) => suggestedFor(db, words, limit),
    ({ creators, posts }) => creators.length > 0 || posts.length > 0,
  )
  const half = Math.ceil(limit / 2)
  const creators = found.creators.slice(0, Math.max(half, limit - found.posts.length))
  return { creators, posts: found.posts.slice(0, limit - creators.length), correctedTo }
}

async function suggestedFor(db: Db, text: string, limit: number) {
  const [handmadeModels, syncedModels, handmadePosts, synced] = await Promise.all([
    namedHandmade(db, text, limit),
    namedModels(db, text, limit),
    HandmadeQueries.searchPosts(db, text, limit),
    matchingPosts(db, text, { limit, offset: 0 }),
  ])
  const ofHandmade = await withModels(db, handmadePosts)
  return {
    creators: [
      ...handmadeModels,
      ...syncedModels.map((model) => ({
        kind: 'synced' as const,
        id: model.id,
        name: creatorName(model.folderName),
        slug: model.folderName,
        coverKey: model.iconUrl ?? model.thumbnailUrl,
      })),
    ].slice(0, limit),
    posts: [...ofHandmade.map(handmadeSuggestion), ...synced.posts.map(syncedSuggestion)].slice(0, limit),
  }
}

async function namedHandmade(db: Db, text: string, limit: number): Promise<CreatorSuggestion[]> {
  const rows = await HandmadeQueries.named(db, text, limit)
  return rows.map(({ id, name, iconUrl }) => ({
    kind: 'handmade',
    id,
    name,
    slug: handmadeSlug(name, id),
    coverKey: iconUrl,
  }))
}

const handmadeSuggestion = ({
  id,
  title,
  contentUrl,
  model,
}: HandmadePost & { model: { id: number; name: string } }): PostSuggestion => ({
  kind: 'handmade',
  id,
  title: title ?? model.name,
  creator: { name: model.name, slug: handmadeSlug(model.name, model.id) },
  coverKey: contentUrl,
})

function syncedSuggestion(post: SearchedPost): PostSuggestion {
  const creator = { name: creatorName(post.model.folderName), slug: post.model.folderName }
  return {
    kind: 'synced',
    id: post.id,
    title: titleOf(post, creator),
    creator,
    coverKey: coverOfSyncedPost(post),
  }
}
