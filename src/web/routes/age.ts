import { Hono } from 'hono'
import { setCookie } from 'hono/cookie'
import { AppError, Forbidden, InvalidInput } from '#src/errors.ts'
import { AGE_COOKIE } from '#src/services/access/age-check.ts'
import type { AppContext, AppEnv } from '../app-env.ts'
import { allow } from '../policies.ts'
import type { SiteIdentity, SiteIdentitySource } from '../site-identity.ts'
import { siteOrigin } from '../site-origin.ts'

const YEAR_SECONDS = 31_536_000
const NOWHERE = 'http://site.invalid'

/** Takes the answer to the age notice, and leads back to the page it stood before. */
export function ageRoutes(identity: SiteIdentitySource) {
  return new Hono<AppEnv>().post('/age', allow('public'), async (c) => {
    const site = await identity.fresh()
    if (!isFromOurPage(c, site)) throw new Forbidden('This answer was sent by another site.')
    const to = ownPath(await destination(c))
    if (site.ageCheck === 'notice') remember(c, site)
    return c.redirect(to, 303)
  })
}

async function destination(c: AppContext): Promise<unknown> {
  const form = await c.req.parseBody().catch((error) => {
    throw error instanceof AppError
      ? error
      : new InvalidInput('The form could not be read.', { cause: error })
  })
  return form.to
}

function remember(c: AppContext, site: SiteIdentity) {
  setCookie(c, AGE_COOKIE, site.rating, {
    path: '/',
    maxAge: YEAR_SECONDS,
    sameSite: 'Lax',
    httpOnly: true,
    secure: siteOrigin(c, site).startsWith('https:'),
  })
}

/** Browsers say where a form was sent from; who says nothing is no browser, and does no harm to anybody else. */
function isFromOurPage(c: AppContext, site: SiteIdentity) {
  const fetchSite = c.req.header('Sec-Fetch-Site')
  if (fetchSite !== undefined) return fetchSite === 'same-origin'
  const origin = c.req.header('Origin')
  return origin === undefined || origin === siteOrigin(c, site) || hostOf(origin) === c.req.header('Host')
}

const hostOf = (origin: string) => (URL.canParse(origin) ? new URL(origin).host : null)

/** Only a path of this site, whatever the form says. */
function ownPath(to: unknown): string {
  if (typeof to !== 'string' || !/^\/(?![/\\])/.test(to) || !URL.canParse(to, NOWHERE)) return '/'
  const { origin, pathname, search } = new URL(to, NOWHERE)
  return origin === NOWHERE && !pathname.startsWith('//') ? `${pathname}${search}` : '/'
}
