import { Hono } from 'hono'
import type { Deps } from '#src/deps.ts'
import type { AgeCheck } from '#src/services/access/age-check.ts'
import { openLinkLimit } from '#src/services/access/link-limit.ts'
import { openCheckoutWatch } from '#src/services/billing/checkout-watch.ts'
import type { AppEnv } from './app-env.ts'
import { checkAge } from './middleware/check-age.ts'
import { errorHandler, notFoundHandler } from './middleware/error-handler.tsx'
import { identify, numberRequest, type ViewerSource, viewerOf } from './middleware/identify.ts'
import { limitBody } from './middleware/limit-body.ts'
import { requestLog } from './middleware/request-log.ts'
import { sameOriginOnly } from './middleware/same-origin.ts'
import { securityHeaders } from './middleware/security-headers.ts'
import { requirePolicies } from './policies.ts'
import { accountRoutes } from './routes/account/routes.ts'
import { ageRoutes } from './routes/age.ts'
import { apiRoutes } from './routes/api/api.ts'
import { assetRoutes } from './routes/assets.ts'
import { brandRoutes } from './routes/brand.ts'
import { checkoutRoutes } from './routes/checkout/checkout.tsx'
import { emailCorrectionRoutes } from './routes/checkout/correct-email.tsx'
import { membershipRoutes } from './routes/checkout/membership.tsx'
import { plansRoutes } from './routes/checkout/plans.tsx'
import { discoveryRoutes } from './routes/discovery/discovery.ts'
import { healthRoutes } from './routes/health.ts'
import { hlsRoutes } from './routes/hls/hls.ts'
import { legalRoutes } from './routes/legal.tsx'
import { mediaRoutes } from './routes/media/media.ts'
import { offlineRoutes } from './routes/offline.tsx'
import { pictureRoutes } from './routes/pictures/pictures.ts'
import { sandboxRoutes } from './routes/sandbox.ts'
import { siteRoutes } from './routes/site.tsx'
import { webhookRoutes } from './routes/webhooks.ts'
import { siteIdentitySource } from './site-identity.ts'

export interface AppOptions {
  /** How the sender of a request is known; otherwise by their session. */
  viewerOf?: ViewerSource
  /** The owner's own check of age, for the setting `age_check` provider. */
  ageCheck?: AgeCheck | null
}

/**
 * The whole of what answers HTTP requests.
 * @throws Misconfigured when a route does not say who may use it.
 */
export function createApp(
  deps: Deps,
  { viewerOf: source = viewerOf(deps), ageCheck = null }: AppOptions = {},
): Hono<AppEnv> {
  const identity = siteIdentitySource(deps)
  const catalogue = { ...deps, linkLimit: openLinkLimit(deps) }
  const app = new Hono<AppEnv>()

  app.use(numberRequest)
  app.use(requestLog(deps.log))
  app.use(securityHeaders(deps))
  app.use(identify(source))
  app.use(limitBody)
  app.use(sameOriginOnly(deps.env))

  app.route('/', healthRoutes(deps))
  app.route('/', assetRoutes)
  if (!deps.env.S3_BUCKET) app.route('/', mediaRoutes(deps))
  app.route('/', pictureRoutes(deps))
  app.route('/', hlsRoutes(deps))
  app.route('/', brandRoutes(deps, identity))
  app.route('/', sandboxRoutes(deps))

  app.route('/', webhookRoutes(deps))

  app.use(checkAge(identity, ageCheck))
  app.route('/', apiRoutes(catalogue))
  app.route('/', ageRoutes(identity))
  app.route('/', accountRoutes(deps, identity))
  app.route('/', plansRoutes(deps, identity))
  app.route('/', checkoutRoutes(deps, identity, openCheckoutWatch(deps.database.db)))
  app.route('/', emailCorrectionRoutes(deps, identity))
  app.route('/', membershipRoutes(deps, identity))
  app.route('/', legalRoutes(deps, identity))
  app.route('/', discoveryRoutes(catalogue, identity))
  app.route('/', siteRoutes(catalogue, identity))
  app.route('/', offlineRoutes(identity))

  app.onError(errorHandler({ log: deps.log, identity }))
  app.notFound(notFoundHandler({ log: deps.log, identity }))

  requirePolicies(app)
  return app
}
