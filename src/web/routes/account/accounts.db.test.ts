import { hash } from '@node-rs/argon2'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Database } from '#src/db/index.ts'
import { users } from '#src/db/schema.ts'
import { openTestSite, type TestSite } from '#test/support/app.ts'
import { openTestDatabase } from '#test/support/database.ts'
import { deliverMails, linkIn, PASSWORD, registered, signedIn, visitorOf } from '#test/support/visitor.ts'

let database: Database
let site: TestSite

beforeAll(async () => {
  database = await openTestDatabase()
  site = await openTestSite(database)
})
beforeEach(() => database.db.execute(sql`truncate users, rate_limits, account_tokens cascade`))
afterAll(async () => {
  await site.close()
  await database.close()
})

test('who registers gets a link, chooses a password by it, and is signed in', async () => {
  const ana = visitorOf(site)
  const asked = await ana.post('/register', { email: ' Ana@Example.com ' })
  expect(asked.status).toBe(200)
  expect(await asked.text()).toContain('We have sent a link to ana@example.com.')

  const [mail, ...others] = await deliverMails(site)
  expect(others).toEqual([])
  expect(mail).toMatchObject({ to: 'ana@example.com', subject: 'Your account at CreatorFlix' })
  const link = linkIn(mail)
  expect(await (await ana.get(link)).text()).toContain('Finish your account')

  const chosen = await ana.post(link, { name: 'Ana Souza', password: PASSWORD })
  expect(chosen.status).toBe(303)
  expect(chosen.headers.get('Location')).toBe('/account')
  const account = await (await ana.get('/account')).text()
  expect(account).toContain('Ana Souza')
  expect(account).toContain('ana@example.com')
})

test('who signs in comes back to where they were, and is out again after signing out', async () => {
  await registered(site, 'ana@example.com')
  const ana = visitorOf(site)
  const sent = await ana.get('/account/security')
  expect(sent.status).toBe(303)
  expect(sent.headers.get('Location')).toBe('/sign-in?to=%2Faccount%2Fsecurity')

  const page = await (await ana.get('/sign-in?to=%2Faccount%2Fsecurity')).text()
  expect(page).toContain('name="to" value="/account/security"')
  const fields = { email: 'ana@example.com', password: PASSWORD, to: '/account/security' }
  const signedIn = await ana.post('/sign-in', fields)
  expect(signedIn.headers.get('Location')).toBe('/account/security')
  expect((await ana.get('/account/security')).status).toBe(200)

  const token = ana.cookie('session') ?? ''
  expect((await ana.post('/sign-out')).headers.get('Location')).toBe('/')
  expect(ana.cookie('session')).toBeUndefined()
  ana.setCookie('session', token)
  expect((await ana.get('/account')).status).toBe(303)
})

test('who forgot the password chooses another, and is signed out everywhere else', async () => {
  const phone = await registered(site, 'ana@example.com')
  const laptop = visitorOf(site)
  await laptop.post('/reset', { email: 'ana@example.com' })
  const [mail] = await deliverMails(site)
  expect(mail?.subject).toBe('A new password at CreatorFlix')

  expect((await laptop.post(linkIn(mail), { password: 'another harbour 43' })).status).toBe(303)
  expect((await laptop.get('/account')).status).toBe(200)
  expect((await phone.get('/account')).status).toBe(303)
  await expect(signedIn(site, 'ana@example.com')).rejects.toThrow('422')
  await signedIn(site, 'ana@example.com', { password: 'another harbour 43' })
  expect((await deliverMails(site)).map(({ subject }) => subject)).toEqual([
    'Your password at CreatorFlix was changed',
  ])
})

test('a member changes the password, sees where they are signed in, and ends one of these', async () => {
  const phone = await registered(site, 'ana@example.com', {
    headers: { 'User-Agent': 'Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile Safari/537.36' },
  })
  const laptop = await signedIn(site, 'ana@example.com', {
    headers: { 'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' },
  })
  const page = await (await laptop.get('/account/security')).text()
  expect(page).toMatch(/Firefox, Linux<span class="tag">This device<\/span>/)
  expect(page).toContain('Chrome, Android')

  const [, end = ''] = /action="(\/account\/security\/sessions\/\d+\/end)"/.exec(page) ?? []
  expect((await laptop.post(end)).status).toBe(303)
  expect((await phone.get('/account')).status).toBe(303)
  expect((await laptop.post(end)).status).toBe(404)

  const tablet = await signedIn(site, 'ana@example.com')
  const changed = await laptop.post('/account/security/password', {
    current: PASSWORD,
    next: 'another harbour 43',
  })
  expect(changed.status).toBe(303)
  expect((await laptop.get('/account')).status).toBe(200)
  expect((await tablet.get('/account')).status).toBe(303)
})

test.each([
  '//evil.example',
  'https://evil.example/',
  '/\\evil.example',
  '\\\\evil.example',
  '/\t/evil.example',
  '/x/..//evil.example',
  'javascript:alert(1)',
  ' /\n/evil.example',
])('signing in leads to no other site, such as %j', async (to) => {
  await registered(site, 'ana@example.com')
  const ana = visitorOf(site)
  const page = await (await ana.get(`/sign-in?${new URLSearchParams({ to })}`)).text()
  expect(page).toMatch(/name="to" value="\/(?![/\\])[^"]*"/)
  const signedIn = await ana.post('/sign-in', { email: 'ana@example.com', password: PASSWORD, to })
  const { host } = new URL(signedIn.headers.get('Location') ?? '', 'https://films.example.com')
  expect(host).toBe('films.example.com')
})

test('a password that was hashed more cheaply is hashed anew when its owner signs in', async () => {
  await registered(site, 'ana@example.com')
  const cheap = await hash(PASSWORD, { memoryCost: 8_192, timeCost: 1, parallelism: 1 })
  await database.db.update(users).set({ password: cheap })
  await signedIn(site, 'ana@example.com')
  const [user] = await database.db.select().from(users)
  expect(user?.password).toContain('m=19456,t=2,p=1')
  await signedIn(site, 'ana@example.com')
})
