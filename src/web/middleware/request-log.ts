import { matchedRoutes } from 'hono/route'
import type { Logger } from 'pino'
import type { AppContext } from '../app-env.ts'
import { isGuard, passing } from '../policies.ts'

/**
 * One line a request: the pattern of its route, never its path, query, cookies or sender, which may tell
 * who watched whom.
 */
export const requestLog = (log: Logger) =>
  passing(async function requestLog(c, next) {
    const started = performance.now()
    await next()
    if (c.env?.isOwnRequest) return
    const line = {
      requestId: c.var.requestId,
      method: c.req.method,
      route: routeOf(c),
      status: c.res.status,
      ms: Math.round((performance.now() - started) * 10) / 10,
    }
    if (line.route.startsWith('/health/')) log.debug(line, 'request')
    else log.info(line, 'request')
  })

/** The one that answers: middleware after it matches every address. */
const routeOf = (c: AppContext) =>
  matchedRoutes(c).findLast(({ handler }) => isGuard(handler))?.path ?? 'none'
