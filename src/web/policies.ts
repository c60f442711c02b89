import type { Hono } from 'hono'
import { Forbidden, Misconfigured } from '#src/errors.ts'
import type { Viewer } from '#src/services/access/viewer.ts'
import type { AppContext, AppEnv, AppMiddleware } from './app-env.ts'

/** Who may use a route. */
const ADMITS = {
  public: (_viewer: Viewer) => true,
}
export type Policy = keyof typeof ADMITS

const guards = new WeakSet<object>()
const bystanders = new WeakSet<object>()

/** The first handler of every route: says who may use it, and keeps everybody else out. */
export function allow(policy: Policy): AppMiddleware {
  function guard(c: AppContext, next: () => Promise<void>) {
    if (!ADMITS[policy](c.var.viewer)) throw new Forbidden('You may not open this page.')
    return next()
  }
  guards.add(guard)
  return guard
}

/** Whether this handler begins a route. */
export const isGuard = (handler: object) => guards.has(handler)

/** Marks middleware that never answers by itself, and so needs no policy. */
export function passing(middleware: AppMiddleware): AppMiddleware {
  bystanders.add(middleware)
  return middleware
}

/**
 * Stops the start of an app with a route that does not begin with `allow`.
 * @throws Misconfigured naming every such route.
 */
export function requirePolicies(app: Hono<AppEnv>) {
  const undeclared = [...firstAnswering(app)].filter(([, handler]) => !guards.has(handler))
  if (undeclared.length === 0) return

  const routes = undeclared.map(([route]) => route).join(', ')
  throw new Misconfigured(
    `These routes do not say who may use them: ${routes}. Begin each with allow(policy).`,
  )
}

/** The first handler that is no bystander of every method and path. */
function firstAnswering(app: Hono<AppEnv>) {
  const first = new Map<string, object>()
  for (const { method, path, handler } of app.routes) {
    const route = `${method} ${path}`
    if (!bystanders.has(handler) && !first.has(route)) first.set(route, handler)
  }
  return first
}
