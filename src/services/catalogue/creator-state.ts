import { sql } from 'drizzle-orm'
import type { Db } from '#src/db/index.ts'
import { VIEWING_SETTINGS, viewingRules } from '#src/services/access/access-rules.ts'
import type { Viewer } from '#src/services/access/viewer.ts'
import { type CatalogueDeps, linksByRules, type ViewerLinks } from './viewer-links.ts'

/** All that what a viewer is shown of a synced creator and its posts depends on. */
export interface CreatorState {
  id: number
  postCount: number
  links: ViewerLinks
  /** The same as long as what is shown would be; null where each viewer's links are counted, and nothing can be kept. */
  version: string | null
  /** Milliseconds for which something of this version can be kept at the most: its links change then. */
  freshFor: number
}

/**
 * By one small query: the creator's revision, who may watch, and the window of the links. Null when no public synced
 * creator has that slug; hand-made ones keep no revision.
 */
export async function creatorState(
  deps: CatalogueDeps,
  viewer: Viewer,
  slug: string,
): Promise<CreatorState | null> {
  const found = await readState(deps.database.reader, slug)
  if (!found) return null

  const now = deps.now()
  const windowEnd = deps.media.windowEnd(now).getTime()
  const rules = viewingRules(found.settings ?? {}, deps.media.source)
  const links = linksByRules(deps, viewer, rules, now)
  const isCounted = links.original !== null && rules.linksPerHour > 0
  return {
    id: found.id,
    postCount: found.post_count,
    links,
    version: isCounted ? null : [found.id, found.revision, links.rights, windowEnd].join('-'),
    freshFor: windowEnd - now.getTime(),
  }
}

async function readState(db: Db, slug: string) {
  // PostgreSQL refuses a text with a NUL in it, and no folder has one.
  if (slug.includes('\0')) return null
  const { rows } = await db.execute<{
    id: number
    post_count: number
    revision: string
    settings: Record<string, string> | null
  }>(sql`
    select id, post_count, revision::text,
      (select json_object_agg(key, value) from admin_settings where key = any (${sql.param([...VIEWING_SETTINGS])})) as settings
    from whitelabel_models where folder_name = ${slug} and status = 'active'`)
  return rows[0] ?? null
}
