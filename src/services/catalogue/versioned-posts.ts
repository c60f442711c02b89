import type { Page, PageRequest } from '#src/lib/pagination.ts'
import { pageOf } from '#src/lib/pagination.ts'
import type { Viewer } from '#src/services/access/viewer.ts'
import { creatorName } from '#src/services/whitelabel/folder-names.ts'
import { newestPosts } from '#src/services/whitelabel/queries/posts.ts'
import { creatorState } from './creator-state.ts'
import { findCreator } from './find.ts'
import { ONE_SIZE } from './pictures.ts'
import { handmadePost, linksOfHandmadePost, linksOfSyncedPost, postCreator, syncedPost } from './present.ts'
import { presentCreator } from './present-rows.ts'
import { publicId } from './public-id.ts'
import { HandmadeQueries } from './queries/handmade.ts'
import { type CatalogueDeps, linksFor } from './viewer-links.ts'
import type { PostLinks } from './views.ts'

/** A page of a creator's posts that is not read before it is known to be needed. */
export interface VersionedPosts {
  /** The same as long as the answer would be; null where nothing tells. */
  version: string | null
  /** Milliseconds for which an answer of this version can be kept at the most: its links change then. */
  freshFor: number
  load(): Promise<Page<PostLinks>>
}

/**
 * One small query says everything that a page of posts depends on: the creator's revision, who may watch, and the
 * window of the links. @throws NotFound when no public creator has that slug.
 */
export async function versionedPostsOfCreator(
  deps: CatalogueDeps,
  viewer: Viewer,
  slug: string,
  page: PageRequest,
): Promise<VersionedPosts> {
  const db = deps.database.reader
  const state = await creatorState(deps, viewer, slug)
  if (!state) return unversioned(deps, viewer, slug, page)

  const { id, postCount, links, version, freshFor } = state
  const creator = { id: publicId({ kind: 'synced', id }), slug, name: creatorName(slug) }
  return {
    version: version && `${version}-${page.page}-${page.limit}`,
    freshFor,
    async load() {
      const rows = await newestPosts(db, id, page)
      const posts = rows.map((row) => ({
        ...syncedPost(row, creator, NO_DETAILS, links, ONE_SIZE),
        ...linksOfSyncedPost(row, links),
      }))
      await links.count(linksIn(posts))
      return pageOf(posts, postCount, page)
    },
  }
}

/** An answer for programs names no sizes and shows no placeholders. */
const NO_DETAILS = new Map()

/** Hand-made creators keep no revision. */
async function unversioned(
  deps: CatalogueDeps,
  viewer: Viewer,
  slug: string,
  page: PageRequest,
): Promise<VersionedPosts> {
  const db = deps.database.reader
  const [found, links] = await Promise.all([findCreator(db, slug), linksFor(deps, viewer)])
  const creator = await presentCreator(deps, found, links)
  return {
    version: null,
    freshFor: 0,
    async load() {
      const rows = await HandmadeQueries.postsOf(db, found.model.id, page)
      const posts = rows.map((row) => ({
        ...handmadePost(row, postCreator(creator), NO_DETAILS, links),
        ...linksOfHandmadePost(row, links),
      }))
      await links.count(linksIn(posts))
      return pageOf(posts, creator.postCount, page)
    },
  }
}

const linksIn = (posts: PostLinks[]) =>
  posts.reduce((sum, { images, videos }) => sum + images.length + videos.length, 0)
