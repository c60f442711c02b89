import { Hono } from 'hono'
import { setCookie } from 'hono/cookie'
import { AppError, InvalidInput } from '#src/errors.ts'
import { AGE_COOKIE } from '#src/services/access/age-check.ts'
import type { AppContext, AppEnv } from '../app-env.ts'
import { ownPath } from '../own-path.ts'
import { allow } from '../policies.ts'
import type { SiteIdentity, SiteIdentitySource } from '../site-identity.ts'
import { siteOrigin } from '../site-origin.ts'

const YEAR_SECONDS = 31_536_000

/** Takes the answer to the age notice, and leads back to the page it stood before. */
export function ageRoutes(identity: SiteIdentitySource) {
  return new Hono<AppEnv>().post('/age', allow('public'), async (c) => {
    const site = await identity.fresh()
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
