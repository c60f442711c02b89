import { Hono } from 'hono'
import type { Deps } from '#src/deps.ts'
import { openAttempts } from '#src/services/accounts/attempts.ts'
import type { AppEnv } from '../../app-env.ts'
import type { SiteIdentitySource } from '../../site-identity.ts'
import { memberRoutes } from './account.tsx'
import { askLinkRoutes } from './ask-link.tsx'
import { linkRoutes } from './link.tsx'
import { outboxRoutes } from './outbox.tsx'
import { signInRoutes } from './sign-in.tsx'

/** Everything about accounts. */
export function accountRoutes(deps: Deps, identity: SiteIdentitySource) {
  const routes = { deps: { ...deps, attempts: openAttempts(deps) }, identity }
  return new Hono<AppEnv>()
    .route('/', signInRoutes(routes))
    .route('/', askLinkRoutes(routes))
    .route('/', linkRoutes(routes))
    .route('/', memberRoutes(routes))
    .route('/', outboxRoutes(routes))
}
