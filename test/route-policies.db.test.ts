import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '#src/db/index.ts'
import { createAdmin } from '#src/services/accounts/admins.ts'
import { ensureGuestSession, newSessionToken } from '#src/services/accounts/sessions.ts'
import { type Policy, policyOf } from '#src/web/policies.ts'
import { openTestSite, type TestSite } from './support/app.ts'
import { openTestDatabase } from './support/database.ts'
import { registered, type Visitor, visitorOf } from './support/visitor.ts'

/** Every route of the app × everybody who may ask, as the policies say that the routes declare. */

interface Route {
  method: string
  path: string
  policy: Policy
}

/** Whom each policy is for; what they may do there is the business of the route. */
const ADMITTED: Record<Policy, (who: Who) => boolean> = {
  public: () => true,
  webhook: () => true,
  member: (who) => who === 'expired member' || who === 'active member' || who === 'admin',
  admin: (who) => who === 'admin',
}

const EVERYBODY = [
  'anonymous',
  'guest buyer',
  'expired member',
  'active member',
  'admin',
  'disabled',
] as const
type Who = (typeof EVERYBODY)[number]

const ADMIN_PASSWORD = 'a very quiet harbour'

let database: Database
let site: TestSite
const cookies = new Map<Who, string>()

beforeAll(async () => {
  database = await openTestDatabase()
  site = await openTestSite(database, { access: 'members' })
  await database.db.execute(sql`insert into plans (name, price, duration) values ('Month', 2990, 30)`)
  for (const who of ['expired member', 'active member', 'disabled'] as const) {
    keep(who, await registered(site, `${who.replace(' ', '-')}@example.com`))
  }
  for (const [email, end] of [
    ['expired-member@example.com', '2020-01-01Z'],
    ['active-member@example.com', '2040-01-01Z'],
    ['disabled@example.com', '2040-01-01Z'],
  ]) {
    await database.db.execute(sql`insert into subscriptions (user_id, plan_id, status, end_date)
      select users.id, plans.id, 'active', ${end}::timestamptz from users, plans where email = ${email}`)
  }
  await database.db.execute(sql`update users set disabled_at = now() where email = 'disabled@example.com'`)

  const { link } = await createAdmin(site.deps, 'admin@example.com', new Date())
  const admin = visitorOf(site)
  await admin.post(new URL(link).pathname, { password: ADMIN_PASSWORD })
  keep('admin', admin)

  const token = newSessionToken()
  await ensureGuestSession(database.db, token, null, new Date())
  cookies.set('guest buyer', token)
})
afterAll(async () => {
  await site.close()
  await database.close()
})

const keep = (who: Who, visitor: Visitor) => cookies.set(who, visitor.cookie('session') ?? '')

const routes = (): Route[] =>
  site.app.routes.flatMap(({ method, path, handler }) => {
    const policy = policyOf(handler)
    return policy ? [{ method: method === 'ALL' ? 'GET' : method, path: filled(path), policy }] : []
  })

/** An address of the route: what its patterns stand for is something that is not there. */
const filled = (pattern: string) =>
  pattern
    .replaceAll(/:\w+\{brand[^/]*\}/g, 'brand.0.css')
    .replaceAll(/:\w+\{logo[^/]*\}/g, 'logo.0.png')
    .replaceAll(/:\w+\{[^/]*\}+/g, '999')
    .replaceAll(/:\w+\??/g, '999')
    .replace(/\*$/, 'x')

async function ask(who: Who, method: string, path: string, headers: Record<string, string> = {}) {
  const token = cookies.get(who)
  const response = await site.app.request(path, {
    method,
    headers: { ...(token && { Cookie: `session=${token}` }), ...headers },
  })
  return { response, outcome: await outcomeOf(response) }
}

/** What the guard of a route says, by the problem's code; `in` is whatever the route itself answers. */
async function outcomeOf(response: Response): Promise<'in' | 'sign in' | 'kept out'> {
  if (response.status === 401) return 'sign in'
  if (response.status === 303 && response.headers.get('Location')?.startsWith('/sign-in?to='))
    return 'sign in'
  if (response.status !== 403) return 'in'
  return (await response.clone().text()).includes('You may not open this page.') ? 'kept out' : 'in'
}

const expected = ({ policy }: Route, who: Who) => {
  if (ADMITTED[policy](who)) return 'in'
  return who === 'expired member' || who === 'active member' ? 'kept out' : 'sign in'
}

/** Those that end what the test is signed in with come to their turn in other tests. */
const ENDS_SESSIONS = ['/sign-out', '/account/security/sessions/end']

describe.each(EVERYBODY)('%s', (who) => {
  test('gets into the routes that are for them, and into no other', async () => {
    const answers: Record<string, string> = {}
    const declared: Record<string, string> = {}
    for (const route of routes()) {
      if (ADMITTED[route.policy](who) && ENDS_SESSIONS.includes(route.path)) continue
      const name = `${route.method} ${route.path}`
      declared[name] = expected(route, who)
      answers[name] = (await ask(who, route.method, route.path)).outcome
    }
    expect(answers).toEqual(declared)
    expect(Object.keys(answers).length).toBeGreaterThan(30)
  })

  test('finds nothing more behind another spelling of an address', async () => {
    for (const route of routes().filter(({ policy }) => policy === 'member' || policy === 'admin')) {
      if (ADMITTED[route.policy](who)) continue
      for (const [method, path, headers] of spellings(route)) {
        const { response } = await ask(who, method, path, headers)
        expect([path, [401, 403, 404].includes(response.status)]).toEqual([path, true])
      }
    }
  })
})

test('who has not signed in is led to where one does when they ask for a page, and told so otherwise', async () => {
  for (const route of routes().filter(({ policy }) => policy === 'member')) {
    const { response } = await ask('anonymous', route.method, route.path, { Accept: 'text/html' })
    if (route.method === 'GET') {
      expect(response.status).toBe(303)
      expect(response.headers.get('Location')).toBe(`/sign-in?${new URLSearchParams({ to: route.path })}`)
    } else expect(response.status).toBe(401)
  }
})

test('a shut account is a guest: it watches nothing that it has paid for', async () => {
  await site.addCreator('ana', { beach: ['1.jpg'] })
  const originals = async (who: Who) => {
    const { response } = await ask(who, 'GET', '/api/v1/models/ana/posts')
    return (await response.text()).includes('/media/')
  }
  expect(await Promise.all(EVERYBODY.map(originals))).toEqual([false, false, false, true, true, false])
})

/** Other ways to write an address, and to ask for it. */
function spellings({ method, path }: Route): Array<[string, string, Record<string, string>?]> {
  const other = method === 'GET' ? 'POST' : 'GET'
  return [
    ...(method === 'GET' ? [['HEAD', path] as [string, string]] : []),
    [method, `${path}/`],
    [method, `/${path}`],
    [method, path.replace('/account', '//account')],
    [method, path.replace('/account', '/%61ccount')],
    [method, path.replaceAll('/', '%2f').replace('%2f', '/')],
    [method, path.toUpperCase()],
    [method, `/x/..${path}`],
    [method, `${path};a=b`],
    [method, `${path}%00`],
    [method, `${path}?_method=GET`],
    [other, path, { 'X-HTTP-Method-Override': method }],
  ]
}
