import { sql } from 'drizzle-orm'
import type { Db } from '#src/db/index.ts'
import type { Page, PageRequest } from '#src/lib/pagination.ts'
import { pageOf } from '#src/lib/pagination.ts'
import { canWatch } from '#src/services/access/can-watch.ts'
import type { Viewer } from '#src/services/access/viewer.ts'
import { settingValue } from '#src/services/settings/settings.ts'
import { creatorName } from '#src/services/whitelabel/folder-names.ts'
import { newestPosts } from '#src/services/whitelabel/queries/posts.ts'
import { SAMPLE_SOURCE } from '#src/storage/open-store.ts'
import { type CatalogueDeps, postsOfCreator } from './catalogue.ts'
import { syncedPost } from './present.ts'
import { publicId } from './public-id.ts'
import type { PostView } from './views.ts'

/** A page of a creator's posts that is not read before it is known to be needed. */
export interface VersionedPosts {
  /** The same as long as the answer would be; null where nothing tells. */
  version: string | null
  /** Milliseconds for which an answer of this version can be kept at the most: its links change then. */
  freshFor: number
  load(): Promise<Page<PostView>>
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
  const mode = settingValue('access', found.access, { isSample: deps.media.source === SAMPLE_SOURCE })
  const sign = canWatch(viewer, mode) ? deps.media.signer(now) : null
  const creator = { id: publicId({ kind: 'synced', id: found.id }), slug, name: creatorName(slug) }
  return {
    version: [found.id, found.revision, sign ? windowEnd : 'locked', page.page, page.limit].join('-'),
    freshFor: windowEnd - now.getTime(),
    async load() {
      const posts = await newestPosts(db, found.id, page)
      return pageOf(
        posts.map((post) => syncedPost(post, creator, sign)),
        found.post_count,
        page,
      )
    },
  }
}

/** Hand-made creators keep no revision. */
async function unversioned(
  deps: CatalogueDeps,
  viewer: Viewer,
  slug: string,
  page: PageRequest,
): Promise<VersionedPosts> {
  const { posts } = await postsOfCreator(deps, viewer, slug, page)
  return { version: null, freshFor: 0, load: async () => posts }
}

async function creatorState(db: Db, slug: string) {
  const { rows } = await db.execute<{
    id: number
    post_count: number
    revision: string
    access: string | null
  }>(sql`
    select id, post_count, revision::text, (select value from admin_settings where key = 'access') as access
    from whitelabel_models where folder_name = ${slug} and status = 'active'`)
  return rows[0]
}
