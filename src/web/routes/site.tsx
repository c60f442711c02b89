import { Hono } from 'hono'
import { type PageRequest, pageRequest } from '#src/lib/pagination.ts'
import type { Viewer } from '#src/services/access/viewer.ts'
import {
  type CatalogueDeps,
  libraryStats,
  listCreators,
  postById,
  postsOfCreator,
} from '#src/services/catalogue/catalogue.ts'
import { searchCreators } from '#src/services/catalogue/search.ts'
import { searchWords, slugInPath } from '../addresses.ts'
import type { AppEnv } from '../app-env.ts'
import { CreatorPage } from '../pages/creator-page.tsx'
import { type CreatorOrder, CreatorsPage } from '../pages/creators-page.tsx'
import { HomePage } from '../pages/home-page.tsx'
import { PostPage } from '../pages/post-page.tsx'
import { allow } from '../policies.ts'
import { renderPage } from '../render.tsx'
import type { SiteIdentitySource } from '../site-identity.ts'

/** One row of six, or two of three. */
const CREATORS_ON_A_SHELF = 6
/** Fills grids of two, three, four and six. */
const ROWS_ON_A_PAGE = 24

/** Where the slug stands in `/creators/:slug`. */
const SLUG_SEGMENT = 1

/** What visitors see. */
export function siteRoutes(deps: CatalogueDeps, identity: SiteIdentitySource) {
  const shelf = pageRequest(1, CREATORS_ON_A_SHELF)

  return new Hono<AppEnv>()
    .get('/', allow('public'), async (c) => {
      const [newest, biggest, stats] = await Promise.all([
        listCreators(deps, c.var.viewer, { order: 'newest', page: shelf }),
        listCreators(deps, c.var.viewer, { order: 'biggest', page: shelf }),
        libraryStats(deps),
      ])
      return renderPage(
        c,
        await identity.fresh(),
        <HomePage newest={newest.data} biggest={biggest.data} stats={stats} />,
      )
    })

    .get('/creators', allow('public'), async (c) => {
      const search = searchWords(c)
      const order = c.req.query('order') === 'biggest' ? 'biggest' : 'newest'
      const page = pageRequest(c.req.query('page'), ROWS_ON_A_PAGE)
      const creators = await findCreators(deps, c.var.viewer, { search, order, page })
      return renderPage(
        c,
        await identity.fresh(),
        <CreatorsPage creators={creators} order={order} search={search} />,
      )
    })

    .get('/creators/:slug', allow('public'), async (c) => {
      const page = pageRequest(c.req.query('page'), ROWS_ON_A_PAGE)
      const { creator, posts } = await postsOfCreator(deps, c.var.viewer, slugInPath(c, SLUG_SEGMENT), page)
      return renderPage(c, await identity.fresh(), <CreatorPage creator={creator} posts={posts} />)
    })

    .get('/posts/:id', allow('public'), async (c) => {
      const post = await postById(deps, c.var.viewer, c.req.param('id'))
      return renderPage(c, await identity.fresh(), <PostPage post={post} />)
    })
}

interface CreatorsWanted {
  search: string | null
  order: CreatorOrder
  page: PageRequest
}

function findCreators(deps: CatalogueDeps, viewer: Viewer, { search, order, page }: CreatorsWanted) {
  if (search !== null) return searchCreators(deps, viewer, search, page)
  return listCreators(deps, viewer, { order, page })
}
