import { type PageRequest, pageRequest } from '#src/lib/pagination.ts'
import { readViewingRules } from '#src/services/access/access-rules.ts'
import type { Viewer } from '#src/services/access/viewer.ts'
import { presentRefs } from './present-rows.ts'
import { type CreatorRef, publicId } from './public-id.ts'
import { biggestRefs, featuredRefs, newestRefs, recentlyUpdatedRefs } from './queries/creator-refs.ts'
import { type CatalogueDeps, linksByRules } from './viewer-links.ts'
import type { CreatorView } from './views.ts'

export interface HomeShelves {
  /** Those the owner has chosen. */
  featured: CreatorView[]
  newest: CreatorView[]
  biggest: CreatorView[]
  recentlyUpdated: CreatorView[]
}

/** What stands on the home page, by light queries; the creators themselves are read when they are needed. */
export interface Home {
  /** The same as long as the shelves are; null where nothing tells. */
  version: string | null
  /** Milliseconds for which the shelves of this version can be kept at the most: their links change then. */
  freshFor: number
  load(): Promise<HomeShelves>
}

/** @param limits how many creators stand on a shelf, and how many are featured. */
export async function home(
  deps: CatalogueDeps,
  viewer: Viewer,
  limits: { shelf: number; featured: number },
): Promise<Home> {
  const db = deps.database.reader
  const page: PageRequest = pageRequest(1, limits.shelf)
  const [rules, featured, newest, biggest, updated] = await Promise.all([
    readViewingRules(db, deps.media.source),
    featuredRefs(db, limits.featured),
    newestRefs(db, page),
    biggestRefs(db, page),
    recentlyUpdatedRefs(db, page),
  ])
  const now = deps.now()
  const windowEnd = deps.media.windowEnd(now).getTime()
  const links = linksByRules(deps, viewer, rules, now)
  const shelves = [featured, newest, biggest, updated]
  const isVersioned = shelves.every(({ version }) => version !== null)
  return {
    version: isVersioned
      ? ['home', links.rights, windowEnd, ...shelves.map(({ version }) => version)].join(' ')
      : null,
    freshFor: windowEnd - now.getTime(),
    async load() {
      // Most creators stand on several shelves, and are read once.
      const views = await presentRefs(deps, unique(shelves.flatMap(({ refs }) => refs)), links)
      const byId = new Map(views.map((view) => [view.id, view]))
      const on = ({ refs }: { refs: CreatorRef[] }) => refs.flatMap((ref) => byId.get(publicId(ref)) ?? [])
      return {
        featured: on(featured),
        newest: on(newest),
        biggest: on(biggest),
        recentlyUpdated: on(updated),
      }
    },
  }
}

const unique = (refs: CreatorRef[]) => [...new Map(refs.map((ref) => [publicId(ref), ref])).values()]
