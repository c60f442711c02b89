import { Hono } from 'hono'
import type { Deps } from '#src/deps.ts'
import type { AppEnv } from './app-env.ts'
import { errorHandler, notFoundHandler } from './middleware/error-handler.tsx'
import { identify, requestLog } from './middleware/request-log.ts'
import { securityHeaders } from './middleware/security-headers.ts'
import { requirePolicies } from './policies.ts'
import { apiRoutes } from './routes/api/api.ts'
import { assetRoutes } from './routes/assets.ts'
import { healthRoutes } from './routes/health.ts'
import { mediaRoutes } from './routes/media/media.ts'
import { siteRoutes } from './routes/site.tsx'
import { siteIdentitySource } from './site-identity.ts'

/**
 * The whole of what answers HTTP requests.
 * @throws Misconfigured when a route does not say who may use it.
 */
export function createApp(deps: Deps): Hono<AppEnv> {
  const identity = siteIdentitySource(deps)
  const app = new Hono<AppEnv>()

  app.use(identify)
  app.use(requestLog(deps.log))
  app.use(securityHeaders(deps))

  app.route('/', healthRoutes(deps))
  app.route('/', assetRoutes)
  app.route('/', apiRoutes(deps))
  if (!deps.env.S3_BUCKET) app.route('/', mediaRoutes(deps))
  app.route('/', siteRoutes(deps, identity))

  app.onError(errorHandler({ log: deps.log, identity }))
  app.notFound(notFoundHandler({ log: deps.log, identity }))

  requirePolicies(app)
  return app
}
