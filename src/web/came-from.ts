import { getCookie, setCookie } from 'hono/cookie'
import type { AppContext } from './app-env.ts'

const COOKIE = 'came_from'
/** As long as an order stays open on which nothing happens. */
const KEPT_SECONDS = 7_200
const POST = /^\/posts\/h?\d+$/

/** Keeps from which post somebody has come to the plans: it is where they want to be once they have paid. */
export function rememberPost(c: AppContext) {
  const referrer = c.req.header('Referer')
  const post = referrer !== undefined && URL.canParse(referrer) ? new URL(referrer).pathname : ''
  if (!POST.test(post)) return
  setCookie(c, COOKIE, post, { path: '/checkout', httpOnly: true, sameSite: 'Lax', maxAge: KEPT_SECONDS })
}

/** The address of that post, else of the home page. */
export function whereToWatch(c: AppContext): string {
  const post = getCookie(c, COOKIE) ?? ''
  return POST.test(post) ? post : '/'
}
