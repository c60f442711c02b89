import type { Deps } from '#src/deps.ts'
import { isPrivateAddress, isPrivateHost } from '#src/lib/private-network.ts'
import type { Offer } from '#src/services/billing/views.ts'
import type { AppContext } from './app-env.ts'
import { peerOf } from './middleware/identify.ts'
import { givenBaseUrl } from './site-identity.ts'

/** What a proxy adds, which stands before a site that is open to others. */
const OF_PROXIES = [
  'Forwarded',
  'Via',
  'X-Forwarded-For',
  'X-Forwarded-Host',
  'X-Forwarded-Proto',
  'X-Real-IP',
]

/**
 * Whether the request comes straight from this machine or its network, and was sent to it by such a name: a page of
 * another site that has its own name lead here (DNS rebinding) reads nothing. Some proxies say nothing of themselves
 * and speak HTTP/1.0, which no browser does.
 */
export function comesFromNear(c: AppContext): boolean {
  const host = c.req.header('Host') ?? new URL(c.req.url).host
  return (
    isPrivateHost(host) &&
    isPrivateAddress(peerOf(c)) &&
    !isOldHttp(c) &&
    OF_PROXIES.every((name) => c.req.header(name) === undefined)
  )
}

const isOldHttp = ({ env }: AppContext) =>
  (env as { incoming?: { httpVersion: string } } | undefined)?.incoming?.httpVersion === '1.0'

/**
 * Whether pretend money is taken for this request: where the owner has said that the site is a private one, and where
 * they have said nothing, from nearby alone. A site that went public without its address gives nothing away.
 */
export const mayPretend = (c: AppContext, env: Pick<Deps['env'], 'BASE_URL' | 'PORT'>): boolean =>
  givenBaseUrl(env) !== null || comesFromNear(c)

/** The offer, as it can be bought by this request. */
export const offerHere = (c: AppContext, env: Pick<Deps['env'], 'BASE_URL' | 'PORT'>, offer: Offer): Offer =>
  offer.isPretend && !mayPretend(c, env) ? { ...offer, methods: [], isPretend: false } : offer
