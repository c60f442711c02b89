import { Hono } from 'hono'
import { NotFound } from '#src/errors.ts'
import { pageRequest } from '#src/lib/pagination.ts'
import { type CatalogueDeps, linksFor, postsOfCreator } from '#src/services/catalogue/catalogue.ts'
import { slugInPath } from '../../addresses.ts'
import type { AppContext, AppEnv } from '../../app-env.ts'
import { allow } from '../../policies.ts'
import type { SiteIdentity, SiteIdentitySource } from '../../site-identity.ts'
import { siteOrigin } from '../../site-origin.ts'
import { DICTIONARIES } from '../../words/language.ts'
import { creatorFeed } from './creator-feed.ts'
import { parseSitemapName, sitemapIndex, sitemapStream, siteSitemap } from './sitemaps.ts'

const SLUG_SEGMENT = 1
const POSTS_OF_A_FEED = 30

const XML = 'application/xml; charset=utf-8'
const FOR_AN_HOUR = 'public, max-age=3600'

/** What search engines and readers of feeds ask for. */
export function discoveryRoutes(deps: CatalogueDeps, identity: SiteIdentitySource) {
  const db = deps.database.reader

  return new Hono<AppEnv>()
    .get('/robots.txt', allow('public'), (c) =>
      c.text(robots(siteOrigin(c, identity.current())), 200, { 'Cache-Control': FOR_AN_HOUR }),
    )

    .get('/sitemap.xml', allow('public'), async (c) => {
      const origin = siteOrigin(c, await identity.fresh())
      return c.body(await sitemapIndex(db, origin), 200, {
        'Content-Type': XML,
        'Cache-Control': FOR_AN_HOUR,
      })
    })

    .get('/sitemaps/:name', allow('public'), async (c) => {
      const site = await identity.fresh()
      const name = c.req.param('name')
      const body =
        name === 'site.xml' ? siteSitemap(siteOrigin(c, site), legalPages(site)) : listed(c, site, name)
      return c.body(body, 200, { 'Content-Type': XML, 'Cache-Control': FOR_AN_HOUR })
    })

    .get('/creators/:slug/feed.xml', allow('public'), async (c) => {
      const site = await identity.fresh()
      const request = pageRequest(1, POSTS_OF_A_FEED)
      const { creator, posts } = await postsOfCreator(
        deps,
        await linksFor(deps, c.var.viewer),
        slugInPath(c, SLUG_SEGMENT),
        request,
      )
      const feed = creatorFeed({
        origin: siteOrigin(c, site),
        siteName: site.name,
        language: site.language,
        words: DICTIONARIES[site.language],
        creator,
        posts: posts.data,
      })
      return c.body(feed, 200, { 'Content-Type': 'application/rss+xml; charset=utf-8' })
    })

  function listed(c: AppContext, site: SiteIdentity, name: string) {
    const sitemap = parseSitemapName(name)
    if (!sitemap) throw new NotFound('There is no such sitemap.')
    return sitemapStream(db, siteOrigin(c, site), sitemap)
  }
}

const legalPages = ({ hasTerms, hasPrivacy }: SiteIdentity) => [
  ...(hasTerms ? ['/terms'] : []),
  ...(hasPrivacy ? ['/privacy'] : []),
]

/** Pictures stay open to the programs that show links of the site elsewhere. */
const robots = (origin: string) =>
  [
    'User-agent: *',
    'Disallow: /api/',
    'Disallow: /media/',
    'Disallow: /hls/',
    '',
    `Sitemap: ${origin}/sitemap.xml`,
    '',
  ].join('\n')
