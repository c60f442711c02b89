import { Hono } from 'hono'
import type { Deps } from '#src/deps.ts'
import { openAttempts } from '#src/services/accounts/attempts.ts'
import type { AppEnv } from '../../app-env.ts'
import type { SiteIdentitySource } from '../../site-identity.ts'
import { memberRoutes } from './account.tsx'
import { askLinkRoutes } from './ask-link.tsx'
import { detailsRoutes } from './details.tsx'
import { linkRoutes } from './link.tsx'
import { outboxRoutes } from './outbox.tsx'
import { signInRoutes } from './sign-in.tsx'

/** Everything about accounts. */
export function accountRoutes(deps: Deps, identity: SiteIdentitySource) {
  warnOfClearCookies(deps)
  const routes = { deps: { ...deps, attempts: openAttempts(deps) }, identity }
  return new Hono<AppEnv>()
    .route('/', signInRoutes(routes))
    .route('/', askLinkRoutes(routes))
    .route('/', linkRoutes(routes))
    .route('/', memberRoutes(routes))
    .route('/', detailsRoutes(routes))
    .route('/', outboxRoutes(routes))
}

/** On this machine alone nothing can be overheard; in a network of one's own it is good enough to try the site on a phone. */
function warnOfClearCookies({ env, log }: Pick<Deps, 'env' | 'log'>) {
  const { protocol, hostname } = new URL(env.BASE_URL)
  if (protocol === 'https:' || hostname === 'localhost' || hostname === '127.0.0.1') return
  log.warn(
    { baseUrl: env.BASE_URL },
    'BASE_URL is not https: whoever can listen in on the network can take over who signs in',
  )
}
