import { createHash } from 'node:crypto'
import { Hono } from 'hono'
import type { AppEnv } from '../app-env.ts'
import { ASSETS, assetAddress, serviceWorkerSource } from '../assets.ts'
import { OfflinePage } from '../pages/offline-page.tsx'
import { allow } from '../policies.ts'
import { renderForEveryone } from '../render.tsx'
import type { SiteIdentitySource } from '../site-identity.ts'

const OFFLINE = '/offline'

/** What stands where there is no connection, and the worker that keeps it in the visitor's browser. */
export function offlineRoutes(identity: SiteIdentitySource) {
  const source = serviceWorkerSource()
  const addresses = [ASSETS.stylesheet, ASSETS.script, ASSETS.favicon].map(assetAddress)

  return new Hono<AppEnv>()
    .get(OFFLINE, allow('public'), async (c) => renderForEveryone(c, await identity.fresh(), <OfflinePage />))

    .get('/sw.js', allow('public'), async (c) => {
      // With another name or look of the site, what was kept is kept anew.
      const state = JSON.stringify([addresses, source, await identity.fresh()])
      const version = createHash('sha256').update(state).digest('hex').slice(0, 12)
      const kept = JSON.stringify({ version, addresses, offline: OFFLINE })
      return c.body(`self.KEPT = ${kept};\n${source}`, 200, {
        'Content-Type': 'text/javascript; charset=utf-8',
        'Cache-Control': 'no-cache',
      })
    })
}
