import { sql } from 'drizzle-orm'
import type { Db } from '#src/db/index.ts'
import type { Page, PageRequest } from '#src/lib/pagination.ts'
import { pageOf } from '#src/lib/pagination.ts'
import { VIEWING_SETTINGS, viewingRules } from '#src/services/access/access-rules.ts'
import type { Viewer } from '#src/services/access/viewer.ts'
import { creatorName } from '#src/services/whitelabel/folder-names.ts'
import { newestPosts } from '#src/services/whitelabel/queries/posts.ts'
import { findCreator } from './find.ts'
import { handmadePost, linksOfHandmadePost, linksOfSyncedPost, postCreator, syncedPost } from './present.ts'
import { presentCreator } from './present-rows.ts'
import { publicId } from './public-id.ts'
import { HandmadeQueries } from './queries/handmade.ts'
import { type CatalogueDeps, linksByRules, linksFor } from './viewer-links.ts'
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
  const found = await creatorState(db, slug)
  if (!found) return unversioned(deps, viewer, slug, page)

  const now = deps.now()
  const windowEnd = deps.media.windowEnd(now).getTime()
  const rules = viewingRules(found.settings ?? {}, deps.media.source)
  const links = linksByRules(deps, viewer, rules, now)
  const access = links.original ? 'open' : links.lockedPreview
  // What is counted for each viewer cannot be kept for all.
  const isCounted = links.original !== null && rules.linksPerHour > 0
  const creator = { id: publicId({ kind: 'synced', id: found.id }), slug, name: creatorName(slug) }
  return {
    version: isCounted
      ? null
      : [found.id, found.revision, access, windowEnd, page.page, page.limit].join('-'),
    freshFor: windowEnd - now.getTime(),
    async load() {
      const rows = await newestPosts(db, found.id, page)
      const posts = rows.map((row) => ({
        ...syncedPost(row, creator, NO_DETAILS, links),
        ...linksOfSyncedPost(row, links),
      }))
      await links.count(linksIn(posts))
      return pageOf(posts, found.post_count, page)
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

async function creatorState(db: Db, slug: string) {
  const { rows } = await db.execute<{
    id: number
    post_count: number
    revision: string
    settings: Record<string, string> | null
  }>(sql`
    select id, post_count, revision::text,
      (select json_object_agg(key, value) from admin_settings where key = any (${sql.param([...VIEWING_SETTINGS])})) as settings
    from whitelabel_models where folder_name = ${slug} and status = 'active'`)
  return rows[0]
}
