import { Hono } from 'hono'
import { NotFound } from '#src/errors.ts'
import type { AppEnv } from '../app-env.ts'
import { ASSETS, acceptedEncoding, encodedAsset, servedAssets } from '../assets.ts'
import { allow } from '../policies.ts'

const ONE_DAY = 'public, max-age=86400'

/** What the pages need beside themselves. */
export const assetRoutes = new Hono<AppEnv>()
  .get('/assets/:name', allow('public'), async (c) => {
    const asset = servedAssets.get(c.req.param('name'))
    if (!asset) throw new NotFound('There is no such file.')
    const encoding = acceptedEncoding(c.req.header('Accept-Encoding'))
    if (encoding !== 'identity') c.header('Content-Encoding', encoding)
    return c.body(await encodedAsset(asset, encoding), 200, {
      'Content-Type': asset.contentType,
      'Cache-Control': 'public, max-age=31536000, immutable',
      Vary: 'Accept-Encoding',
    })
  })
  // Asked for by browsers that show a picture by itself, where no page tells of another one.
  .get('/favicon.ico', allow('public'), async (c) =>
    c.body(await encodedAsset(ASSETS.favicon, 'identity'), 200, {
      'Content-Type': ASSETS.favicon.contentType,
      'Cache-Control': ONE_DAY,
    }),
  )
