import type { Deps } from '#src/deps.ts'
import { NotFound } from '#src/errors.ts'
import { type Page, type PageRequest, pageOf } from '#src/lib/pagination.ts'
import type { Viewer } from '#src/services/access/viewer.ts'
import { WhitelabelModelQueries } from '#src/services/whitelabel/queries/models.ts'
import { newestPosts, postsAfter, WhitelabelPostQueries } from '#src/services/whitelabel/queries/posts.ts'
import { type FoundCreator, findCreator, findPost } from './find.ts'
import { linksOfHandmadePost, linksOfSyncedPost } from './present.ts'
import { type PostRows, presentCreator, presentPosts, presentRefs } from './present-rows.ts'
import {
  biggestRefs,
  byNameRefs,
  type MediaFilter,
  newestRefs,
  recentlyUpdatedRefs,
} from './queries/creator-refs.ts'
import { HandmadeQueries } from './queries/handmade.ts'
import { type CatalogueDeps, linksFor, type ViewerLinks } from './viewer-links.ts'
import type { CreatorPosts, CreatorView, LibraryStats, PostLinks, PostView } from './views.ts'

export { type CatalogueDeps, linksFor, type ViewerLinks } from './viewer-links.ts'

/**
 * What a visitor reads: synced and hand-made creators as one catalogue. Access is decided first, by `canWatch`; links
 * are signed last, for what is shown.
 */

const ORDERS = {
  newest: newestRefs,
  biggest: biggestRefs,
  updated: recentlyUpdatedRefs,
  name: byNameRefs,
}
/** `updated`: by the newest post; `name`: from A to Z. */
export type CreatorOrder = keyof typeof ORDERS
export const CREATOR_ORDERS = Object.keys(ORDERS) as CreatorOrder[]

export interface CreatorsWanted {
  order: CreatorOrder
  /** Only creators who have such media. */
  has?: MediaFilter | undefined
  page: PageRequest
}

export async function listCreators(
  deps: CatalogueDeps,
  viewer: Viewer,
  { order, has, page }: CreatorsWanted,
): Promise<Page<CreatorView>> {
  const [links, { refs, total }] = await Promise.all([
    linksFor(deps, viewer),
    ORDERS[order](deps.database.reader, page, has),
  ])
  return pageOf(await presentRefs(deps, refs, links), total, page)
}

/** @throws NotFound when no public creator has that slug. */
export async function creatorBySlug(deps: CatalogueDeps, viewer: Viewer, slug: string): Promise<CreatorView> {
  const [found, links] = await Promise.all([findCreator(deps.database.reader, slug), linksFor(deps, viewer)])
  return presentCreator(deps, found, links)
}

/**
 * The creator's posts, newest first.
 * @param links as `linksFor` answers, or those that the version of a kept page is of.
 * @throws NotFound when no public creator has that slug.
 */
export async function postsOfCreator(
  deps: CatalogueDeps,
  links: ViewerLinks,
  slug: string,
  page: PageRequest,
): Promise<CreatorPosts> {
  const found = await findCreator(deps.database.reader, slug)
  const creator = await presentCreator(deps, found, links)
  const posts = await presentPosts(deps, creator, await rowsOfPosts(deps, found, page), links)
  return { creator, posts: pageOf(posts, creator.postCount, page) }
}

export interface CreatorPostsAfter {
  creator: CreatorView
  posts: PostView[]
  /** What to ask the next piece with, or null at the end. */
  next: string | null
}

/**
 * A piece of the creator's posts, newest first; posts that come or go meanwhile give no repeats and no gaps.
 * @param cursor `next` of the piece before; anything else is the beginning.
 * @throws NotFound when no public creator has that slug.
 */
export async function postsOfCreatorAfter(
  deps: CatalogueDeps,
  links: ViewerLinks,
  slug: string,
  { cursor, limit }: { cursor: string | null; limit: number },
): Promise<CreatorPostsAfter> {
  const db = deps.database.reader
  const found = await findCreator(db, slug)
  const creator = await presentCreator(deps, found, links)
  if (found.kind === 'synced') {
    const { posts, next } = await postsAfter(db, found.model.id, cursor, limit)
    return { creator, posts: await presentPosts(deps, creator, { synced: posts }, links), next }
  }
  const { posts, next } = await HandmadeQueries.postsAfter(db, found.model.id, cursor, limit)
  return { creator, posts: await presentPosts(deps, creator, { handmade: posts }, links), next }
}

/**
 * A post with links to its originals. @param id a public id, `34` or `h34`.
 * @throws NotFound when there is no such post of a public creator, TooManyRequests.
 */
export async function postById(deps: CatalogueDeps, viewer: Viewer, id: string): Promise<PostLinks> {
  const [found, links] = await Promise.all([findPost(deps.database.reader, id), linksFor(deps, viewer)])
  const creator = await presentCreator(deps, found, links)
  const rows: PostRows = found.kind === 'synced' ? { synced: [found.post] } : { handmade: [found.post] }
  const [post] = await presentPosts(deps, creator, rows, links)
  if (!post) throw new NotFound('There is no such post.')
  const originals =
    found.kind === 'synced' ? linksOfSyncedPost(found.post, links) : linksOfHandmadePost(found.post, links)
  await links.count(originals.images.length + originals.videos.length)
  return { ...post, ...originals }
}

/** Synced and hand-made together; may be a minute old. */
export async function libraryStats(deps: Pick<Deps, 'database'>): Promise<LibraryStats> {
  const db = deps.database.reader
  const [models, posts, handmade] = await Promise.all([
    WhitelabelModelQueries.stats(db),
    WhitelabelPostQueries.stats(db),
    HandmadeQueries.stats(db),
  ])
  return {
    creators: models.models + handmade.creators,
    posts: posts.posts + handmade.posts,
    images: posts.images + handmade.images,
    videos: posts.videos + handmade.videos,
  }
}

async function rowsOfPosts(
  { database }: CatalogueDeps,
  found: FoundCreator,
  page: PageRequest,
): Promise<PostRows> {
  return found.kind === 'synced'
    ? { synced: await newestPosts(database.reader, found.model.id, page) }
    : { handmade: await HandmadeQueries.postsOf(database.reader, found.model.id, page) }
}
