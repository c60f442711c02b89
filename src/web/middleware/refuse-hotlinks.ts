import type { Env } from '#src/env.ts'
import { Forbidden } from '#src/errors.ts'
import type { AppContext } from '../app-env.ts'
import { passing } from '../policies.ts'

/**
 * Keeps pages of other sites from showing our media at our cost. Whoever follows a link there comes through, and so
 * does every program that is no browser: it is the link that permits.
 */
export const refuseHotlinks = (env: Pick<Env, 'MEDIA_BASE_URL' | 'BASE_URL'>) =>
  passing(async function refuseHotlinks(c, next) {
    const isElsewhere = env.MEDIA_BASE_URL ? isReferredFromElsewhere(c, env.BASE_URL) : isShownElsewhere(c)
    if (isElsewhere) throw new Forbidden('This is shown on its own site only.')
    await next()
  })

function isShownElsewhere(c: AppContext) {
  return c.req.header('Sec-Fetch-Site') === 'cross-site' && c.req.header('Sec-Fetch-Dest') !== 'document'
}

/** Behind an origin of their own, media are cross-site to our own pages as well. */
function isReferredFromElsewhere(c: AppContext, baseUrl: string) {
  const referer = c.req.header('Referer')
  return referer !== undefined && originOf(referer) !== originOf(baseUrl)
}

const originOf = (address: string) => (URL.canParse(address) ? new URL(address).origin : null)
