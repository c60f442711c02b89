import type { Deps } from '#src/deps.ts'
import { NotFound } from '#src/errors.ts'
import { type Page, type PageRequest, pageOf } from '#src/lib/pagination.ts'
import type { Viewer } from '#src/services/access/viewer.ts'
import { searchedModels, WhitelabelModelQueries } from '#src/services/whitelabel/queries/models.ts'
import { newestPosts, WhitelabelPostQueries } from '#src/services/whitelabel/queries/posts.ts'
import { type FoundCreator, findCreator, findPost } from './find.ts'
import { linksOfHandmadePost, linksOfSyncedPost } from './present.ts'
import { type PostRows, presentCreator, presentCreators, presentPosts } from './present-rows.ts'
import { type CreatorRef, publicId } from './public-id.ts'
import { biggestRefs, newestRefs } from './queries/creator-refs.ts'
import { HandmadeQueries } from './queries/handmade.ts'
import { type CatalogueDeps, linksFor } from './viewer-links.ts'
import type { CreatorPosts, CreatorView, LibraryStats, PostLinks } from './views.ts'

export type { CatalogueDeps } from './viewer-links.ts'

/**
 * What a visitor reads: synced and hand-made creators as one catalogue. Access is decided first, by `canWatch`; links
 * are signed last, for what is shown.
 */
export async function newestCreators(deps: CatalogueDeps, viewer: Viewer, page: PageRequest) {
  const { refs, total } = await newestRefs(deps.database.reader, page)
  return pageOf(await creatorsOf(deps, viewer, refs), total, page)
}

export async function biggestCreators(deps: CatalogueDeps, viewer: Viewer, page: PageRequest) {
  const { refs, total } = await biggestRefs(deps.database.reader, page)
  return pageOf(await creatorsOf(deps, viewer, refs), total, page)
}

/** Hand-made matches come before the synced ones. */
export async function searchCreators(
  deps: CatalogueDeps,
  viewer: Viewer,
  words: string,
  page: PageRequest,
): Promise<Page<CreatorView>> {
  const db = deps.database.reader
  const handmadeIds = await HandmadeQueries.search(db, words)
  const shownIds = handmadeIds.slice(page.offset, page.offset + page.limit)
  const rest = {
    limit: page.limit - shownIds.length,
    offset: Math.max(page.offset - handmadeIds.length, 0),
  }
  const [handmade, synced, links] = await Promise.all([
    HandmadeQueries.byIds(db, shownIds),
    searchedModels(db, words, rest),
    linksFor(deps, viewer),
  ])
  const views = await presentCreators(deps, { synced: synced.models, handmade }, links)
  const byId = new Map(views.map((view) => [view.id, view]))
  const order = [
    ...shownIds.map((id) => publicId({ kind: 'handmade', id })),
    ...synced.models.map(({ id }) => publicId({ kind: 'synced', id })),
  ]
  const data = order.flatMap((id) => byId.get(id) ?? [])
  return pageOf(data, handmadeIds.length + synced.total, page)
}

/** @throws NotFound when no public creator has that slug. */
export async function creatorBySlug(deps: CatalogueDeps, viewer: Viewer, slug: string): Promise<CreatorView> {
  const [found, links] = await Promise.all([findCreator(deps.database.reader, slug), linksFor(deps, viewer)])
  return presentCreator(deps, found, links)
}

/** The creator's posts, newest first. @throws NotFound when no public creator has that slug. */
export async function postsOfCreator(
  deps: CatalogueDeps,
  viewer: Viewer,
  slug: string,
  page: PageRequest,
): Promise<CreatorPosts> {
  const [found, links] = await Promise.all([findCreator(deps.database.reader, slug), linksFor(deps, viewer)])
  const creator = await presentCreator(deps, found, links)
  const posts = await presentPosts(deps, creator, await rowsOfPosts(deps, found, page), links)
  return { creator, posts: pageOf(posts, creator.postCount, page) }
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

async function creatorsOf(deps: CatalogueDeps, viewer: Viewer, refs: CreatorRef[]): Promise<CreatorView[]> {
  const db = deps.database.reader
  const ids = (kind: CreatorRef['kind']) => refs.filter((ref) => ref.kind === kind).map((ref) => ref.id)
  const [synced, handmade, links] = await Promise.all([
    WhitelabelModelQueries.byIds(db, ids('synced')),
    HandmadeQueries.byIds(db, ids('handmade')),
    linksFor(deps, viewer),
  ])
  const views = await presentCreators(deps, { synced, handmade }, links)
  const byId = new Map(views.map((view) => [view.id, view]))
  return refs.flatMap((ref) => byId.get(publicId(ref)) ?? [])
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
