import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import type { Deps } from '#src/deps.ts'
import { SESSION_SECONDS } from '#src/services/accounts/sessions.ts'
import type { AppContext } from './app-env.ts'
import { givenBaseUrl } from './site-identity.ts'
import { siteOrigin } from './site-origin.ts'

type SiteEnv = Pick<Deps['env'], 'BASE_URL' | 'PORT'>

const YEAR_SECONDS = 31_536_000

/** What `newSessionToken` makes. */
const TOKEN = /^[\w-]{43}$/

/** The token in the browser's cookie; null where there is none. */
export function sessionToken(c: AppContext, env: SiteEnv): string | null {
  const token = getCookie(c, cookieOf(c, env).name)
  return token !== undefined && TOKEN.test(token) ? token : null
}

export function setSessionToken(
  c: AppContext,
  env: SiteEnv,
  token: string,
  role: keyof typeof SESSION_SECONDS,
) {
  const { name, secure } = cookieOf(c, env)
  setCookie(c, name, token, {
    path: '/',
    httpOnly: true,
    sameSite: 'Lax',
    secure,
    maxAge: SESSION_SECONDS[role],
  })
}

export function clearSessionToken(c: AppContext, env: SiteEnv) {
  const { name, secure } = cookieOf(c, env)
  deleteCookie(c, name, { path: '/', secure })
}

/** The mark of a browser that has signed in before; it opens nothing. */
export const deviceMark = (c: AppContext, env: SiteEnv): string | null =>
  getCookie(c, cookieOf(c, env, 'device').name) ?? null

export function setDeviceMark(c: AppContext, env: SiteEnv, mark: string) {
  const { name, secure } = cookieOf(c, env, 'device')
  setCookie(c, name, mark, { path: '/', httpOnly: true, sameSite: 'Lax', secure, maxAge: YEAR_SECONDS })
}

/**
 * With `__Host-` a browser takes the cookie from this very host over TLS and from nowhere else. Without TLS, as on the
 * machine where the site is tried and on a phone beside it, it would not take such a cookie at all.
 */
function cookieOf(c: AppContext, env: SiteEnv, name: 'session' | 'device' = 'session') {
  const secure = siteOrigin(c, { baseUrl: givenBaseUrl(env) }).startsWith('https:')
  return { name: secure ? `__Host-${name}` : name, secure }
}
