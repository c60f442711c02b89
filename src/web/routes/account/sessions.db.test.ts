import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Database } from '#src/db/index.ts'
import { sessions, users } from '#src/db/schema.ts'
import { createAdmin, removeAdmin } from '#src/services/accounts/admins.ts'
import { ensureGuestSession, newSessionToken } from '#src/services/accounts/sessions.ts'
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

const HTTPS = { BASE_URL: 'https://films.example.com' }
const ADMIN_PASSWORD = 'a very quiet harbour'

/** Both names of the cookie: on a machine where the site is tried, and behind TLS. */
describe.each([
  ['session', {}],
  ['__Host-session', HTTPS],
])('the cookie %s', (cookie, env) => {
  let database: Database
  let site: TestSite
  let now = new Date()

  beforeAll(async () => {
    database = await openTestDatabase()
    site = await openTestSite(database, { env })
    site.deps.now = () => now
    // Taken anew, for routes look at the clock of their deps.
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
  const MINUTE = 60_000
  const HOUR = 60 * MINUTE
  const DAY = 24 * HOUR

  async function admin(email: string): Promise<Visitor> {
    const { link } = await createAdmin(site.deps, email, now)
    const visitor = visitorOf(site)
    await visitor.post(new URL(link).pathname, { name: 'Ana', password: ADMIN_PASSWORD })
    return visitor
  }

  test('is out of reach of scripts and of other sites, and holds 256 bits that the database does not have', async () => {
    await registered(site, 'ana@example.com')
    const response = await visitorOf(site).post('/sign-in', { email: 'ana@example.com', password: PASSWORD })
    const [line = ''] = response.headers.getSetCookie()
    const secure = cookie.startsWith('__Host-') ? '; Secure' : ''
    expect(line).toMatch(
      new RegExp(`^${cookie}=[\\w-]{43}; Max-Age=2592000; Path=/; HttpOnly${secure}; SameSite=Lax$`),
    )
    const token = line.slice(cookie.length + 1, cookie.length + 44)
    const { rows } = await database.db.execute(sql`select sessions::text from sessions`)
    expect(JSON.stringify(rows)).not.toContain(token)
    expect(site.log.join()).not.toContain(token)
  })

  test('a session that was planted before signing in is not the one after it', async () => {
    await registered(site, 'ana@example.com')
    const planted = newSessionToken()
    await ensureGuestSession(database.db, planted, null, now)
    const victim = visitorOf(site)
    victim.setCookie(cookie, planted)
    await victim.post('/sign-in', { email: 'ana@example.com', password: PASSWORD })
    expect(victim.cookie(cookie)).not.toBe(planted)

    const attacker = visitorOf(site)
    attacker.setCookie(cookie, planted)
    expect(await isIn(attacker)).toBe(false)
    expect(await isIn(victim)).toBe(true)
  })

  test.each([
    ['nothing', ''],
    ['a letter', 'x'],
    ['of the right length', '0'.repeat(43)],
    ['almost right', `${'a'.repeat(42)}'`],
    ['endless', 'a'.repeat(5000)],
    ['a path', '../../etc/passwd'],
    ['a NUL', '%00'],
  ])('a value that is %s is nobody', async (_, value) => {
    const visitor = visitorOf(site)
    visitor.setCookie(cookie, value)
    expect(await isIn(visitor)).toBe(false)
    expect((await visitor.get('/')).status).toBe(200)
  })

  test('signing in anew in the same browser ends its former session', async () => {
    const ana = await registered(site, 'ana@example.com')
    const former = ana.cookie(cookie) ?? ''
    await ana.post('/sign-in', { email: 'ana@example.com', password: PASSWORD })
    expect(ana.cookie(cookie)).not.toBe(former)
    expect(await database.db.$count(sessions)).toBe(1)
  })

  test('signing out ends it on the server, and in this browser alone', async () => {
    const phone = await registered(site, 'ana@example.com')
    const laptop = await signedIn(site, 'ana@example.com')
    const token = phone.cookie(cookie) ?? ''
    await phone.post('/sign-out')
    phone.setCookie(cookie, token)
    expect(await isIn(phone)).toBe(false)
    expect(await isIn(laptop)).toBe(true)
  })

  test('signing out everywhere ends all of them, and nobody else’s', async () => {
    const phone = await registered(site, 'ana@example.com')
    const laptop = await signedIn(site, 'ana@example.com')
    const bia = await registered(site, 'bia@example.com')
    await laptop.post('/account/security/sessions/end')
    expect([await isIn(phone), await isIn(laptop), await isIn(bia)]).toEqual([false, false, true])
  })

  test('nobody ends the session of another account', async () => {
    const ana = await registered(site, 'ana@example.com')
    const bia = await registered(site, 'bia@example.com')
    for (const { id } of await database.db.select().from(sessions)) {
      await bia.post(`/account/security/sessions/${id}/end`)
    }
    expect(await isIn(ana)).toBe(true)
    expect((await bia.get('/account')).status).toBe(303)
  })

  test('changing the password gives this browser another one and ends all others', async () => {
    const phone = await registered(site, 'ana@example.com')
    const laptop = await signedIn(site, 'ana@example.com')
    const former = laptop.cookie(cookie) ?? ''
    await laptop.post('/account/security/password', { current: PASSWORD, next: 'another harbour 43' })
    expect(await isIn(laptop)).toBe(true)
    expect(laptop.cookie(cookie)).not.toBe(former)
    const thief = visitorOf(site)
    thief.setCookie(cookie, former)
    expect([await isIn(thief), await isIn(phone)]).toEqual([false, false])
  })

  test('choosing a password by a mailed link ends all that were there', async () => {
    const phone = await registered(site, 'ana@example.com')
    const laptop = visitorOf(site)
    await laptop.post('/reset', { email: 'ana@example.com' })
    await laptop.post(linkIn((await deliverMails(site))[0]), { password: 'another harbour 43' })
    expect([await isIn(phone), await isIn(laptop)]).toEqual([false, true])
  })

  test('becoming an admin, and no longer being one, ends them', async () => {
    await admin('first@example.com')
    const ana = await registered(site, 'ana@example.com')
    const { link } = await createAdmin(site.deps, 'ana@example.com', now)
    expect(await isIn(ana)).toBe(false)
    // The password of a member does not open the account of an admin.
    await expect(signedIn(site, 'ana@example.com')).rejects.toThrow('422')

    await ana.post(new URL(link).pathname, { password: ADMIN_PASSWORD })
    expect(await isIn(ana)).toBe(true)
    await removeAdmin(site.deps, 'ana@example.com')
    expect(await isIn(ana)).toBe(false)
  })

  test('an account that is shut is out at once, and cannot sign in', async () => {
    const ana = await registered(site, 'ana@example.com')
    await database.db.update(users).set({ disabledAt: now }).where(eq(users.email, 'ana@example.com'))
    expect(await isIn(ana)).toBe(false)
    await expect(signedIn(site, 'ana@example.com')).rejects.toThrow('422')
  })

  test('an account that is erased is out everywhere', async () => {
    const phone = await registered(site, 'ana@example.com')
    const laptop = await signedIn(site, 'ana@example.com')
    await laptop.post('/account/data/erase', { password: PASSWORD })
    expect([await isIn(phone), await isIn(laptop)]).toEqual([false, false])
    await expect(signedIn(site, 'ana@example.com')).rejects.toThrow('422')
  })

  test('a member’s ends fourteen days after the last visit, and each visit counts', async () => {
    const ana = await registered(site, 'ana@example.com')
    later(13 * DAY)
    expect(await isIn(ana)).toBe(true)
    later(14 * DAY - MINUTE)
    expect(await isIn(ana)).toBe(true)
    later(14 * DAY + MINUTE)
    expect(await isIn(ana)).toBe(false)
  })

  test('a member’s ends after thirty days, whatever the last visit was', async () => {
    const ana = await registered(site, 'ana@example.com')
    for (let day = 0; day < 29; day += 7) {
      expect(await isIn(ana)).toBe(true)
      later(7 * DAY)
    }
    expect(await isIn(ana)).toBe(false)
  })

  test('an admin’s ends half an hour after the last visit, and after twelve hours', async () => {
    const idle = await admin('ana@example.com')
    later(25 * MINUTE)
    expect(await isIn(idle)).toBe(true)
    later(31 * MINUTE)
    expect(await isIn(idle)).toBe(false)

    const busy = await signedIn(site, 'ana@example.com', { password: ADMIN_PASSWORD })
    for (let minutes = 0; minutes < 12 * 60; minutes += 20) {
      expect(await isIn(busy)).toBe(true)
      later(20 * MINUTE)
    }
    expect(await isIn(busy)).toBe(false)
  })

  test('a page shows its guest or its member, whatever was kept for the other', async () => {
    await site.addCreator(`shown ${cookie}`, { beach: ['1.jpg'] })
    const guest = visitorOf(site)
    const ana = await registered(site, 'ana@example.com')
    for (const address of ['/', `/creators/shown%20${cookie}`, '/creators']) {
      for (const visitor of [ana, guest, ana, guest]) {
        const page = await (await visitor.get(address)).text()
        expect(page.includes('href="/account"')).toBe(visitor === ana)
        expect(page.includes('href="/sign-in')).toBe(visitor === guest)
        expect(page).not.toMatch(/ana@example|Ana Souza/)
      }
    }
  })

  test('pictures and other things that their link alone opens ask for no session', async () => {
    const ana = await registered(site, 'ana@example.com')
    await database.db.execute(sql`alter table sessions rename to sessions_away`)
    const answers = await Promise.all(['/pictures/card/x', '/assets/x.js', '/media/x'].map((a) => ana.get(a)))
    await database.db.execute(sql`alter table sessions_away rename to sessions`)
    for (const { status } of answers) expect(status).toBeLessThan(500)
  })
})
