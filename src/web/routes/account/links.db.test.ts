import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Database } from '#src/db/index.ts'
import { users } from '#src/db/schema.ts'
import { adminLink, createAdmin, removeAdmin, setupLink } from '#src/services/accounts/admins.ts'
import { DEMO_MEMBER, demoMemberLink } from '#src/services/accounts/demo-member.ts'
import { createApp } from '#src/web/app.tsx'
import { openTestSite, type TestSite } from '#test/support/app.ts'
import { openTestDatabase } from '#test/support/database.ts'
import {
  deliverMails,
  linkIn,
  PASSWORD,
  registered,
  signedIn,
  type Visitor,
  visitorOf,
} from '#test/support/visitor.ts'

const ADMIN_PASSWORD = 'a very quiet harbour'
const NEW_PASSWORD = 'another harbour 43'
const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

let database: Database
let site: TestSite
let now = new Date()

beforeAll(async () => {
  database = await openTestDatabase()
  site = await openTestSite(database)
  site.deps.now = () => now
  site.app = createApp(site.deps)
})
beforeEach(async () => {
  now = new Date()
  await database.db.execute(sql`truncate users, rate_limits, account_tokens, sessions cascade`)
})
afterAll(async () => {
  await site.close()
  await database.close()
})

const isIn = async (visitor: Visitor) => (await visitor.get('/account')).status === 200
const later = (milliseconds: number) => {
  now = new Date(now.getTime() + milliseconds)
}

async function mailedLink(kind: 'register' | 'reset', email: string) {
  await visitorOf(site).post(`/${kind}`, { email })
  return linkIn((await deliverMails(site)).at(-1))
}

const pathOf = (link: string | null) => new URL(link ?? '').pathname

describe('a mailed link', () => {
  test('changes nothing when it is opened, however often, and by whomever', async () => {
    const link = await mailedLink('register', 'ana@example.com')
    for (let time = 0; time < 3; time++) {
      const opened = await visitorOf(site).get(link)
      expect(opened.status).toBe(200)
      expect(opened.headers.getSetCookie()).toEqual([])
      expect(opened.headers.get('Cache-Control')).toBe('no-store')
    }
    expect(await database.db.select({ claimedAt: users.claimedAt }).from(users)).toEqual([
      { claimedAt: null },
    ])
    expect((await visitorOf(site).post(link, { password: PASSWORD })).status).toBe(303)
  })

  test('works once', async () => {
    const link = await mailedLink('register', 'ana@example.com')
    await visitorOf(site).post(link, { password: PASSWORD })
    const thief = visitorOf(site)
    expect((await thief.get(link)).status).toBe(410)
    expect((await thief.post(link, { password: NEW_PASSWORD })).status).toBe(410)
    expect(await isIn(thief)).toBe(false)
    await signedIn(site, 'ana@example.com')
  })

  test('works for one of fifty who use it at the same moment', async () => {
    const link = await mailedLink('register', 'ana@example.com')
    const visitors = Array.from({ length: 50 }, () => visitorOf(site))
    const answers = await Promise.all(
      visitors.map((visitor, index) => visitor.post(link, { password: `harbour number ${index}` })),
    )
    const won = answers.findIndex(({ status }) => status === 303)
    expect(answers.map(({ status }) => status).sort()).toEqual([303, ...Array(49).fill(410)])
    await signedIn(site, 'ana@example.com', { password: `harbour number ${won}` })
  })

  test.each([
    ['register', 7 * DAY],
    ['reset', 30 * MINUTE],
  ] as const)('of %s works as long as it says, and no longer', async (kind, lifetime) => {
    await registered(site, 'bia@example.com')
    const email = kind === 'register' ? 'ana@example.com' : 'bia@example.com'
    const link = await mailedLink(kind, email)
    later(lifetime - MINUTE)
    expect((await visitorOf(site).get(link)).status).toBe(200)
    later(MINUTE)
    expect((await visitorOf(site).get(link)).status).toBe(410)
    expect((await visitorOf(site).post(link, { password: NEW_PASSWORD })).status).toBe(410)
  })

  test('stops working when the password was changed or another link was used', async () => {
    const ana = await registered(site, 'ana@example.com')
    const older = await mailedLink('reset', 'ana@example.com')
    await ana.post('/account/security/password', { current: PASSWORD, next: NEW_PASSWORD })
    expect((await visitorOf(site).get(older)).status).toBe(410)
  })

  test('is for its own account, whoever is signed in where it is opened', async () => {
    await registered(site, 'ana@example.com')
    const bia = await registered(site, 'bia@example.com')
    const link = await mailedLink('reset', 'ana@example.com')
    await bia.post(link, { password: NEW_PASSWORD, email: 'bia@example.com' })
    expect(await (await bia.get('/account')).text()).toContain('ana@example.com')
    await signedIn(site, 'bia@example.com')
    await signedIn(site, 'ana@example.com', { password: NEW_PASSWORD })
  })

  test('to an account that was shut does not work', async () => {
    await registered(site, 'ana@example.com')
    const link = await mailedLink('reset', 'ana@example.com')
    await database.db.update(users).set({ disabledAt: now })
    expect((await visitorOf(site).post(link, { password: NEW_PASSWORD })).status).toBe(410)
  })

  test.each([
    ['Host', 'evil.example'],
    ['Host', 'localhost:3000@evil.example'],
    ['X-Forwarded-Host', 'evil.example'],
    ['Forwarded', 'host=evil.example;proto=https'],
    ['X-Original-URL', 'https://evil.example/'],
    ['Referer', 'https://evil.example/'],
  ])('leads to the address of the site, whatever %s: %s says', async (name, value) => {
    await visitorOf(site).post('/register', { email: 'ana@example.com' }, { [name]: value })
    const [mail] = await deliverMails(site)
    expect(mail?.text).toContain(`${site.deps.env.BASE_URL}/account/link/`)
    expect(`${mail?.text}${mail?.html}`).not.toContain('evil')
  })

  test('stands nowhere in clear but in the mail', async () => {
    const token = (await mailedLink('register', 'ana@example.com')).split('/').at(-1) ?? ''
    await visitorOf(site).get(`/account/link/${token}`)
    await visitorOf(site).post(`/account/link/${token}`, { password: PASSWORD })
    const { rows } = await database.db.execute(sql`select account_tokens::text from account_tokens`)
    expect(JSON.stringify(rows)).not.toContain(token)
    expect(site.log.join()).not.toContain(token)
  })

  test.each(['x', 'a'.repeat(43), '%00', '..%2f..', 'a'.repeat(4000)])(
    'that nobody mailed is answered like one that is over',
    async (token) => {
      expect((await visitorOf(site).get(`/account/link/${token}`)).status).toBe(410)
    },
  )

  test('refuses a weak password beside its field, keeps the name that was typed, and goes on working', async () => {
    const link = await mailedLink('register', 'ana@example.com')
    const ana = visitorOf(site)
    const refused = await ana.post(link, { name: 'Ana "Souza" & filhas', password: 'senha123' })
    expect(refused.status).toBe(422)
    const page = await refused.text()
    expect(page).toContain('value="Ana &quot;Souza&quot; &amp; filhas"')
    expect(page).not.toContain('senha123')
    expect(page).toMatch(/aria-invalid="true" aria-describedby="password-error password-hint" autofocus/)
    expect(page).toContain('Too many people use this one')
    expect((await ana.post(link, { password: PASSWORD })).status).toBe(303)
  })
})

describe('the first admin', () => {
  const make = (link: string | null, email = 'owner@example.com') =>
    visitorOf(site).post(pathOf(link), { email, name: 'Owner', password: ADMIN_PASSWORD })

  test('is made by the link that the console shows', async () => {
    const owner = visitorOf(site)
    const link = pathOf(await setupLink(site.deps, now))
    expect(await (await owner.get(link)).text()).toContain('Make the first admin')
    const fields = { email: 'Owner@Example.com', name: 'Owner' }
    expect((await owner.post(link, { ...fields, password: 'short pass' })).status).toBe(422)
    expect((await owner.post(link, { ...fields, password: ADMIN_PASSWORD })).status).toBe(303)
    expect(await (await owner.get('/account')).text()).toContain('Admin')
  })

  test('is one, of twenty who use links at the same moment', async () => {
    const link = await setupLink(site.deps, now)
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => make(link, `owner${index}@example.com`)),
    )
    expect(answers.filter(({ status }) => status === 303)).toHaveLength(1)
    expect(await database.db.$count(users, eq(users.role, 'admin'))).toBe(1)
  })

  test('cannot be made again, with an older link either, once there is one', async () => {
    const link = await setupLink(site.deps, now)
    await createAdmin(site.deps, 'owner@example.com', now)
    expect((await make(link, 'stranger@example.com')).status).toBe(410)
    expect(await setupLink(site.deps, now)).toBeNull()
  })

  test('a newer link takes the place of the one before', async () => {
    const older = await setupLink(site.deps, now)
    const newer = await setupLink(site.deps, now)
    expect((await make(older)).status).toBe(410)
    expect((await make(newer)).status).toBe(303)
  })

  test('cannot be made by registering, whatever a form says', async () => {
    const link = await mailedLink('register', 'ana@example.com')
    const fields = { password: PASSWORD, role: 'admin', purpose: 'setup', userId: '1', claimed_at: '2020' }
    await visitorOf(site).post(link, fields)
    expect(await database.db.select({ role: users.role }).from(users)).toEqual([{ role: 'user' }])
  })
})

describe('admins', () => {
  test('choose their password by the link, of twelve characters at least', async () => {
    const { link } = await createAdmin(site.deps, ' Ana@Example.com ', now)
    const ana = visitorOf(site)
    const refused = await ana.post(pathOf(link), { password: 'harbour 42x' })
    expect(await refused.text()).toContain('use at least 12 characters')
    expect((await ana.post(pathOf(link), { password: ADMIN_PASSWORD })).status).toBe(303)
  })

  test('get a new link when the former is lost, which ends that one', async () => {
    const { link } = await createAdmin(site.deps, 'ana@example.com', now)
    const again = await adminLink(site.deps, 'ana@example.com', now)
    expect((await visitorOf(site).get(pathOf(link))).status).toBe(410)
    expect((await visitorOf(site).get(pathOf(again.link))).status).toBe(200)
    later(DAY)
    expect((await visitorOf(site).get(pathOf(again.link))).status).toBe(410)
  })

  test('are never none: the last one cannot be removed or erase itself', async () => {
    const { link } = await createAdmin(site.deps, 'ana@example.com', now)
    const ana = visitorOf(site)
    await ana.post(pathOf(link), { password: ADMIN_PASSWORD })
    await expect(removeAdmin(site.deps, 'ana@example.com')).rejects.toThrow('last admin')
    const refused = await ana.post('/account/data/erase', { password: ADMIN_PASSWORD })
    expect(refused.status).toBe(409)
    expect(await refused.text()).toContain('the only admin')

    await createAdmin(site.deps, 'bia@example.com', now)
    const removals = ['ana@example.com', 'bia@example.com'].map((email) => removeAdmin(site.deps, email))
    const outcomes = (await Promise.allSettled(removals)).map(({ status }) => status)
    expect(outcomes.sort()).toEqual(['fulfilled', 'rejected'])
  })

  test('are named by what they typed wrongly', async () => {
    await expect(createAdmin(site.deps, 'ana', now)).rejects.toThrow('"ana" is no e-mail address.')
    await expect(adminLink(site.deps, 'ana@example.com', now)).rejects.toThrow('is no admin')
    await createAdmin(site.deps, 'ana@example.com', now)
    await expect(createAdmin(site.deps, 'ana@example.com', now)).rejects.toThrow('is an admin already')
  })
})

describe('the link of the console for a member of a site that is tried', () => {
  test('signs in as a member who has paid, once', async () => {
    const given: number[] = []
    const link = await demoMemberLink(site.deps, now, async (userId) => void given.push(userId))
    const owner = visitorOf(site)
    expect(await (await owner.get(pathOf(link))).text()).toContain(`signs you in as ${DEMO_MEMBER}`)
    expect((await owner.post(pathOf(link))).headers.get('Location')).toBe('/')
    expect(await (await owner.get('/account')).text()).toContain(DEMO_MEMBER)
    expect(given).toHaveLength(1)
    expect((await owner.post(pathOf(link))).status).toBe(410)
  })

  test('is not made for a site that is public', async () => {
    const deps = { ...site.deps, env: { ...site.deps.env, BASE_URL: 'https://films.example.com' } }
    expect(await demoMemberLink(deps, now, async () => {})).toBeNull()
    expect(await database.db.$count(users)).toBe(0)
  })
})
