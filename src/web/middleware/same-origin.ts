import { matchedRoutes } from 'hono/route'
import type { Deps } from '#src/deps.ts'
import { Forbidden } from '#src/errors.ts'
import type { AppContext } from '../app-env.ts'
import { passing, policyOf } from '../policies.ts'
import { givenBaseUrl } from '../site-identity.ts'
import { siteOrigin } from '../site-origin.ts'

const CHANGES_NOTHING = ['GET', 'HEAD', 'OPTIONS']

/**
 * Takes what changes anything from our own pages alone. Programs that call us by themselves, as gateways do, prove by
 * other means who they are; the policy of their routes says so.
 */
export const sameOriginOnly = (env: Pick<Deps['env'], 'BASE_URL' | 'PORT'>) =>
  passing(async function sameOriginOnly(c, next) {
    if (!CHANGES_NOTHING.includes(c.req.method) && !isForPrograms(c) && !isFromOurPage(c, givenBaseUrl(env)))
      throw new Forbidden('This was sent by another site. Open the page here, and send it from there.')
    await next()
  })

const isForPrograms = (c: AppContext) =>
  matchedRoutes(c).some(({ handler }) => policyOf(handler) === 'webhook')

/**
 * Browsers say where a form was sent from: in Sec-Fetch-Site where the site is reached over TLS or on this machine, in
 * Origin everywhere. Who says nothing is no browser, and has no cookies of anybody else.
 */
function isFromOurPage(c: AppContext, baseUrl: string | null) {
  const fetchSite = c.req.header('Sec-Fetch-Site')
  if (fetchSite !== undefined) return fetchSite === 'same-origin'
  const origin = c.req.header('Origin')
  if (origin === undefined) return true
  const ours = siteOrigin(c, { baseUrl })
  // The site may be reached at other addresses than its own, but never at its own without its TLS.
  return origin === ours || (hostOf(origin) === c.req.header('Host') && hostOf(origin) !== hostOf(ours))
}

const hostOf = (origin: string) => (URL.canParse(origin) ? new URL(origin).host : null)
