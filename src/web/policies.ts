import type { Hono } from 'hono'
import { Forbidden, Misconfigured, SignInNeeded } from '#src/errors.ts'
import type { Viewer } from '#src/services/access/viewer.ts'
import type { AppContext, AppEnv, AppMiddleware } from './app-env.ts'

/** Who may use a route. */
const ADMITS = {
  public: (_viewer: Viewer) => true,
  /** Who has signed in. */
  member: ({ role }: Viewer) => role === 'user' || role === 'admin',
  admin: ({ role }: Viewer) => role === 'admin',
  /** Programs, which prove by a signature who they are: not held to come from our own pages. */
  webhook: (_viewer: Viewer) => true,
}
export type Policy = keyof typeof ADMITS

/** Whether the policy lets this viewer use a route. */
export const admits = (policy: Policy, viewer: Viewer): boolean => ADMITS[policy](viewer)

const policies = new WeakMap<object, Policy>()
const bystanders = new WeakSet<object>()

/**
 * The first handler of every route: says who may use it, and keeps everybody else out. Who has not signed in and asks
 * for a page is led to where one does, and back.
 */
export function allow(policy: Policy): AppMiddleware {
  async function guard(c: AppContext, next: () => Promise<void>) {
    const { viewer } = c.var
    if (admits(policy, viewer)) return next()
    if (viewer.role !== 'guest') throw new Forbidden('You may not open this page.')
    if (!asksForPage(c)) throw new SignInNeeded('Sign in first.')
    return c.redirect(signInAddress(c), 303)
  }
  policies.set(guard, policy)
  return guard
}

const asksForPage = ({ req }: AppContext) =>
  (req.method === 'GET' || req.method === 'HEAD') && (req.header('Accept') ?? '').includes('text/html')

function signInAddress(c: AppContext) {
  const { pathname, search } = new URL(c.req.url)
  return `/sign-in?${new URLSearchParams({ to: `${pathname}${search}` })}`
}

/** What the handler that begins a route declares; undefined for every other handler. */
export const policyOf = (handler: object): Policy | undefined => policies.get(handler)

/** Whether this handler begins a route. */
export const isGuard = (handler: object) => policies.has(handler)

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
  const undeclared = [...firstAnswering(app)].filter(([, handler]) => !isGuard(handler))
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
