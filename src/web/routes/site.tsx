import { Hono } from 'hono'
import { pageOf, pageRequest } from '#src/lib/pagination.ts'
import {
  type CatalogueDeps,
  CREATOR_ORDERS,
  libraryStats,
  linksFor,
  listCreators,
  postsOfCreator,
  postsOfCreatorAfter,
  type ViewerLinks,
} from '#src/services/catalogue/catalogue.ts'
import { creatorState } from '#src/services/catalogue/creator-state.ts'
import { type HomeShelves, home } from '#src/services/catalogue/home.ts'
import { postDetail } from '#src/services/catalogue/post-detail.ts'
import { searchFor, suggest } from '#src/services/catalogue/search.ts'
import { searchWords, slugInPath } from '../addresses.ts'
import type { AppContext, AppEnv } from '../app-env.ts'
import { PostPiece } from '../components/post-piece.tsx'
import { Suggestions } from '../components/suggestions.tsx'
import { answerPage, openPageCache } from '../page-cache.ts'
import { CreatorPage, type CreatorPageProps } from '../pages/creator-page.tsx'
import { CREATOR_FILTERS, CreatorsPage } from '../pages/creators-page.tsx'
import { HomePage } from '../pages/home-page.tsx'
import { PostPage } from '../pages/post-page.tsx'
import { SearchPage } from '../pages/search-page.tsx'
import { allow } from '../policies.ts'
import { renderFragment, renderPage } from '../render.tsx'
import type { SiteIdentitySource } from '../site-identity.ts'

const CREATORS_ON_A_SHELF = 12
const FEATURED_CREATORS = 5
/** Fills grids of two, three, four and six. */
const ROWS_ON_A_PAGE = 24

/** Where the slug stands in `/creators/:slug`. */
const SLUG_SEGMENT = 1

/** What visitors see. */
export function siteRoutes(deps: CatalogueDeps, identity: SiteIdentitySource) {
  const kept = openPageCache()
  return new Hono<AppEnv>()
    .get('/', allow('public'), async (c) => {
      const [{ version, freshFor, load }, stats, site] = await Promise.all([
        home(deps, c.var.viewer, { shelf: CREATORS_ON_A_SHELF, featured: FEATURED_CREATORS }),
        libraryStats(deps),
        identity.fresh(),
      ])
      return answerPage(c, kept, {
        identity: site,
        version: version && `${version} ${Object.values(stats)}`,
        freshFor,
        render: async () => renderPage(c, site, <HomePage {...shelvesOf(await load())} stats={stats} />),
      })
    })

    .get('/creators', allow('public'), async (c) => {
      const search = searchWords(c)
      const page = pageRequest(c.req.query('page'), ROWS_ON_A_PAGE)
      if (search !== null) {
        const results = await searchFor(deps, c.var.viewer, search, page)
        return renderPage(c, await identity.fresh(), <SearchPage search={search} results={results} />)
      }
      const order = known(CREATOR_ORDERS, c.req.query('order')) ?? 'newest'
      const has = known(CREATOR_FILTERS, c.req.query('has'))
      const creators = await listCreators(deps, c.var.viewer, { order, has, page })
      return renderPage(
        c,
        await identity.fresh(),
        <CreatorsPage creators={creators} order={order} filter={has ?? null} />,
      )
    })

    .get('/search/suggestions', allow('public'), async (c) => {
      const search = searchWords(c)
      if (search === null) return c.body(null, 204)
      const found = await suggest(deps, search)
      return renderFragment(c, await identity.fresh(), <Suggestions search={search} found={found} />)
    })

    .get('/creators/:slug', allow('public'), async (c) => {
      const state = await creatorState(deps, c.var.viewer, slugInPath(c, SLUG_SEGMENT))
      const site = await identity.fresh()
      return answerPage(c, kept, {
        identity: site,
        version: state?.version ?? null,
        freshFor: state?.freshFor ?? 0,
        async render() {
          const links = state?.links ?? (await linksFor(deps, c.var.viewer))
          return renderPage(c, site, <CreatorPage {...(await creatorPage(deps, c, links))} />)
        },
      })
    })

    .get('/creators/:slug/posts', allow('public'), async (c) => {
      const piece = { cursor: c.req.query('after') ?? null, limit: ROWS_ON_A_PAGE }
      const found = await postsOfCreatorAfter(
        deps,
        await linksFor(deps, c.var.viewer),
        slugInPath(c, SLUG_SEGMENT),
        piece,
      )
      return renderFragment(c, await identity.fresh(), <PostPiece posts={found.posts} next={found.next} />)
    })

    .get('/posts/:id', allow('public'), async (c) => {
      const post = await postDetail(deps, c.var.viewer, c.req.param('id'))
      return renderPage(c, await identity.fresh(), <PostPage post={post} />)
    })
}

/** Where the owner has chosen nobody, the biggest with a banner stand at the top. */
function shelvesOf(shelves: HomeShelves): HomeShelves {
  const withBanner = shelves.biggest.filter(({ banner }) => banner !== null)
  return {
    ...shelves,
    featured: shelves.featured.length > 0 ? shelves.featured : withBanner.slice(0, FEATURED_CREATORS),
  }
}

/** The first page goes on without an end, by cursor; the others are for who has no script. */
async function creatorPage(
  deps: CatalogueDeps,
  c: AppContext,
  links: ViewerLinks,
): Promise<CreatorPageProps> {
  const slug = slugInPath(c, SLUG_SEGMENT)
  const page = pageRequest(c.req.query('page'), ROWS_ON_A_PAGE)
  if (page.page > 1) return { ...(await postsOfCreator(deps, links, slug, page)), next: null }

  const first = { cursor: null, limit: page.limit }
  const { creator, posts, next } = await postsOfCreatorAfter(deps, links, slug, first)
  return { creator, posts: pageOf(posts, creator.postCount, page), next }
}

const known = <Value extends string>(values: readonly Value[], given: string | undefined) =>
  values.find((value) => value === given)
