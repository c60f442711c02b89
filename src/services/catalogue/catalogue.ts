import type { Db } from '#src/db/index.ts'
import type { Deps } from '#src/deps.ts'
import { NotFound } from '#src/errors.ts'
import { type Page, type PageRequest, pageOf } from '#src/lib/pagination.ts'
import { canWatch } from '#src/services/access/can-watch.ts'
import type { Viewer } from '#src/services/access/viewer.ts'
import { readSetting } from '#src/services/settings/settings.ts'
import { searchedModels, WhitelabelModelQueries } from '#src/services/whitelabel/queries/models.ts'
import { newestPosts, WhitelabelPostQueries } from '#src/services/whitelabel/queries/posts.ts'
import { SAMPLE_SOURCE } from '#src/storage/open-store.ts'
import {
  handmadeCreator,
  handmadePost,
  type PostCreator,
  type Sign,
  syncedCreator,
  syncedPost,
} from './present.ts'
import { type CreatorRef, handmadeId, parsePublicId, publicId } from './public-id.ts'
import { biggestRefs, newestRefs } from './queries/creator-refs.ts'
import { HandmadeQueries } from './queries/handmade.ts'
import type { CreatorPosts, CreatorView, LibraryStats, PostView } from './views.ts'

/**
 * What a visitor reads: synced and hand-made creators as one catalogue. Access is decided first, by `canWatch`; links
 * are signed last, for what is shown.
 */
export type CatalogueDeps = Pick<Deps, 'database' | 'media' | 'now'>

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
  const [handmade, synced, sign] = await Promise.all([
    HandmadeQueries.byIds(db, shownIds),
    searchedModels(db, words, rest),
    signFor(deps, viewer),
  ])
  const byId = new Map(handmade.map((model) => [model.id, model]))
  const data = [
    ...shownIds.flatMap((id) => byId.get(id) ?? []).map((model) => handmadeCreator(model, sign)),
    ...synced.models.map((model) => syncedCreator(model, sign)),
  ]
  return pageOf(data, handmadeIds.length + synced.total, page)
}

/** @throws NotFound when no public creator has that slug. */
export async function creatorBySlug(deps: CatalogueDeps, viewer: Viewer, slug: string): Promise<CreatorView> {
  const [{ creator }, sign] = await Promise.all([
    findCreator(deps.database.reader, slug),
    signFor(deps, viewer),
  ])
  return creator(sign)
}

/** The creator's posts, newest first. @throws NotFound when no public creator has that slug. */
export async function postsOfCreator(
  deps: CatalogueDeps,
  viewer: Viewer,
  slug: string,
  page: PageRequest,
): Promise<CreatorPosts> {
  const [found, sign] = await Promise.all([findCreator(deps.database.reader, slug), signFor(deps, viewer)])
  const creator = found.creator(sign)
  const posts = await postsOf(deps.database.reader, found.ref, creator, page, sign)
  return { creator, posts: pageOf(posts, creator.postCount, page) }
}

/** @param id a public id, `34` or `h34`. @throws NotFound when there is no such post of a public creator. */
export async function postById(deps: CatalogueDeps, viewer: Viewer, id: string): Promise<PostView> {
  const ref = parsePublicId(id)
  const sign = await signFor(deps, viewer)
  const post =
    ref &&
    (ref.kind === 'synced' ? await syncedById(deps, ref.id, sign) : await handmadeById(deps, ref.id, sign))
  if (!post) throw new NotFound('There is no such post.')
  return post
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

/** The signer for who may watch, null for who may not. */
async function signFor(deps: CatalogueDeps, viewer: Viewer): Promise<Sign> {
  const isSample = deps.media.source === SAMPLE_SOURCE
  const mode = await readSetting(deps.database.reader, 'access', { isSample })
  return canWatch(viewer, mode) ? deps.media.signer(deps.now()) : null
}

async function creatorsOf(deps: CatalogueDeps, viewer: Viewer, refs: CreatorRef[]): Promise<CreatorView[]> {
  const db = deps.database.reader
  const ids = (kind: CreatorRef['kind']) => refs.filter((ref) => ref.kind === kind).map((ref) => ref.id)
  const [synced, handmade, sign] = await Promise.all([
    WhitelabelModelQueries.byIds(db, ids('synced')),
    HandmadeQueries.byIds(db, ids('handmade')),
    signFor(deps, viewer),
  ])
  const views = [
    ...synced.map((model) => syncedCreator(model, sign)),
    ...handmade.map((model) => handmadeCreator(model, sign)),
  ]
  const byId = new Map(views.map((view) => [view.id, view]))
  return refs.flatMap((ref) => byId.get(publicId(ref)) ?? [])
}

/** A folder of that very name comes first: every folder name is reachable (spec §3). */
async function findCreator(
  db: Db,
  slug: string,
): Promise<{ ref: CreatorRef; creator: (sign: Sign) => CreatorView }> {
  const synced = await WhitelabelModelQueries.bySlug(db, slug)
  if (synced)
    return { ref: { kind: 'synced', id: synced.id }, creator: (sign) => syncedCreator(synced, sign) }

  const id = handmadeId(slug)
  const [handmade] = id === null ? [] : await HandmadeQueries.byIds(db, [id])
  if (!handmade) throw new NotFound('There is no such creator.')
  return { ref: { kind: 'handmade', id: handmade.id }, creator: (sign) => handmadeCreator(handmade, sign) }
}

async function postsOf(
  db: Db,
  ref: CreatorRef,
  model: CreatorView,
  page: PageRequest,
  sign: Sign,
): Promise<PostView[]> {
  const creator = postCreator(model)
  if (ref.kind === 'synced') {
    const posts = await newestPosts(db, ref.id, page)
    return posts.map((post) => syncedPost(post, creator, sign))
  }
  const posts = await HandmadeQueries.postsOf(db, ref.id, page)
  return posts.map((post) => handmadePost(post, creator, sign))
}

async function syncedById({ database: { reader } }: CatalogueDeps, id: number, sign: Sign) {
  const post = await WhitelabelPostQueries.byId(reader, id)
  const [model] = post ? await WhitelabelModelQueries.byIds(reader, [post.whitelabelModelId]) : []
  return post && model ? syncedPost(post, postCreator(syncedCreator(model, sign)), sign) : null
}

async function handmadeById({ database: { reader } }: CatalogueDeps, id: number, sign: Sign) {
  const post = await HandmadeQueries.postById(reader, id)
  const [model] = post ? await HandmadeQueries.byIds(reader, [post.modelId]) : []
  return post && model ? handmadePost(post, postCreator(handmadeCreator(model, sign)), sign) : null
}

const postCreator = ({ id, slug, name }: CreatorView): PostCreator => ({ id, slug, name })
