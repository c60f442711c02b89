import { Hono } from 'hono'
import { NotFound } from '#src/errors.ts'
import type { AppEnv } from '../app-env.ts'
import { ASSETS } from '../assets.ts'
import { allow } from '../policies.ts'

const byName = new Map(Object.values(ASSETS).map((asset) => [asset.servedAs, asset]))

const ONE_DAY = 'public, max-age=86400'

const ROBOTS = ['User-agent: *', 'Disallow: /api/', 'Disallow: /media/', ''].join('\n')

/** What the pages need beside themselves. */
export const assetRoutes = new Hono<AppEnv>()
  .get('/assets/:name', allow('public'), (c) => {
    const asset = byName.get(c.req.param('name'))
    if (!asset) throw new NotFound('There is no such file.')
    return c.body(asset.body, 200, {
      'Content-Type': asset.contentType,
      'Cache-Control': 'public, max-age=31536000, immutable',
    })
  })
  // Asked for by browsers that show a picture by itself, where no page tells of another one.
  .get('/favicon.ico', allow('public'), (c) =>
    c.body(ASSETS.favicon.body, 200, {
      'Content-Type': ASSETS.favicon.contentType,
      'Cache-Control': ONE_DAY,
    }),
  )
  .get('/robots.txt', allow('public'), (c) => c.text(ROBOTS, 200, { 'Cache-Control': ONE_DAY }))
