import { isIP } from 'node:net'
import type { AppContext } from './app-env.ts'
import type { SiteIdentity } from './site-identity.ts'

/** A name or an address with an optional port; anything else in a Host header is somebody's trick. */
const HOST = /^([a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:]+\])(:\d{1,5})?$/i

/**
 * What every absolute address of the site begins with: `BASE_URL`, and where the owner has set none, what this very
 * request was sent to.
 */
export function siteOrigin(c: Pick<AppContext, 'req'>, { baseUrl }: Pick<SiteIdentity, 'baseUrl'>): string {
  if (baseUrl !== null) return baseUrl
  const host = c.req.header('Host') ?? new URL(c.req.url).host
  return HOST.test(host) ? `${schemeOf(c, host)}://${host}` : 'http://localhost'
}

/** A proxy that ends TLS tells so; names and addresses of this machine have none. */
function schemeOf(c: Pick<AppContext, 'req'>, host: string) {
  const isLocal = /^localhost(:|$)/.test(host) || isIP(host.replace(/:\d+$/, '')) !== 0
  return c.req.header('X-Forwarded-Proto') === 'https' && !isLocal ? 'https' : 'http'
}
