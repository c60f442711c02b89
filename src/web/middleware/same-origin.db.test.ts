import { sql } from 'drizzle-orm'
import { Hono } from 'hono'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '#src/db/index.ts'
import { GUEST } from '#src/services/access/viewer.ts'
import { openTestSite, type TestSite } from '#test/support/app.ts'
import { openTestDatabase } from '#test/support/database.ts'
import { PASSWORD, registered, type Visitor } from '#test/support/visitor.ts'
import type { AppEnv } from '../app-env.ts'
import { allow, policyOf } from '../policies.ts'
import { identify } from './identify.ts'
import { sameOriginOnly } from './same-origin.ts'

const OURS = 'https://films.example.com'
const FORM = 'application/x-www-form-urlencoded'

let database: Database
let site: TestSite
let ana: Visitor

beforeAll(async () => {
  database = await openTestDatabase()
  site = await openTestSite(database, { env: { BASE_URL: OURS } })
  await database.db.execute(sql`truncate rate_limits`)
  ana = await registered(site, 'ana@example.com')
})
afterAll(async () => {
  await site.close()
  await database.close()
})

/** What another site can make the browser of somebody send, cookies and all. */
const FORGED: Array<[what: string, headers: Record<string, string>]> = [
  ['a form of another site', { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://evil.example' }],
  ['a form of a sub-domain', { 'Sec-Fetch-Site': 'same-site', Origin: 'https://cdn.films.example.com' }],
  ['a form of a browser that says no more than Origin', { Origin: 'https://evil.example' }],
  ['a form of a sandboxed frame', { Origin: 'null' }],
  ['a form of our own address without TLS', { Origin: 'http://films.example.com' }],
  ['a form of our own address at another port', { Origin: 'https://films.example.com:8443' }],
  ['a form of a longer name', { Origin: 'https://films.example.com.evil.example' }],
  ['an Origin that is none', { Origin: 'films.example.com' }],
  ['a request as text', { 'Content-Type': 'text/plain', 'Sec-Fetch-Site': 'cross-site' }],
  ['a request without a type', { 'Content-Type': '', Origin: 'https://evil.example' }],
  [
    'a form with files',
    { 'Content-Type': 'multipart/form-data; boundary=x', Origin: 'https://evil.example' },
  ],
  ['a fetch that reads nothing', { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'no-cors' }],
  ['a reload that the browser made', { 'Sec-Fetch-Site': 'none' }],
]

/** Every route that takes anything but for programs. */
const targets = () =>
  site.app.routes.flatMap(({ method, path, handler }) => {
    const policy = policyOf(handler)
    const changes = method !== 'GET' && policy !== undefined && policy !== 'webhook'
    return changes
      ? [{ method, path: path.replace(/:id\{[^}]*\}+/g, '1').replace(/:\w+(\{[^}]*\})?/g, 'x') }]
      : []
  })

describe.each(FORGED)('%s', (_, headers) => {
  test('changes nothing, wherever it is sent', async () => {
    const cookie = `__Host-session=${ana.cookie('__Host-session')}`
    expect(targets().length).toBeGreaterThan(8)
    for (const { method, path } of targets()) {
      const response = await site.app.request(path, {
        method,
        headers: { Host: 'films.example.com', 'Content-Type': FORM, Cookie: cookie, ...headers },
        body: new URLSearchParams({
          password: PASSWORD,
          current: PASSWORD,
          next: 'another harbour 43',
        }).toString(),
      })
      expect([path, response.status]).toEqual([path, 403])
      expect(response.headers.getSetCookie()).toEqual([])
    }
    expect((await ana.get('/account')).status).toBe(200)
  })
})

test('no page that is merely opened changes anything', async () => {
  const before = await database.db.execute(sql`select * from users, sessions`)
  for (const { path } of targets()) await ana.get(path)
  expect((await database.db.execute(sql`select * from users, sessions`)).rows).toEqual(before.rows)
})

test.each<[string, Record<string, string>]>([
  ['in the same browser', { 'Sec-Fetch-Site': 'same-origin', Origin: OURS }],
  ['in one that says no more than Origin', { Origin: OURS }],
  ['at another address of the site', { Origin: 'http://192.168.0.10:3000', Host: '192.168.0.10:3000' }],
  ['by a program', {}],
])('what our own page sends is taken: %s', async (_, headers) => {
  const response = await site.app.request('/sign-out', {
    method: 'POST',
    headers: { Host: 'films.example.com', ...headers },
  })
  expect(response.status).toBe(303)
})

test('programs may call what is declared to be for them', async () => {
  const viewer = { ...GUEST }
  const app = new Hono<AppEnv>()
    .use(identify(() => viewer))
    .use(sameOriginOnly(site.deps.env))
    .post('/hook', allow('webhook'), (c) => c.text('taken'))
    .post('/form', allow('public'), (c) => c.text('taken'))
    .onError((_, c) => c.text('refused', 403))
  const send = (path: string) =>
    app.request(path, { method: 'POST', headers: { Origin: 'https://gateway.example' } })
  expect((await send('/hook')).status).toBe(200)
  expect((await send('/form')).status).toBe(403)
})
