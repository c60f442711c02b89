import { setTimeout as delay } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Database } from '#src/db/index.ts'
import { sweepAccounts } from '#src/services/accounts/sweep-accounts.ts'
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

const DAY_MS = 86_400_000

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

const textOf = async (answer: Promise<Response>) => (await (await answer).text()).replace(/&#39;/g, "'")
const askFor = (member: Visitor, email: string, password = PASSWORD) =>
  member.post('/account/details/email', { email, password })
/** The link that went to the new address. */
const linkTo = async (email: string) => linkIn((await deliverMails(site)).find(({ to }) => to === email))
const canSignIn = async (email: string) =>
  (await visitorOf(site).post('/sign-in', { email, password: PASSWORD })).status === 303

test('a member changes their e-mail by a link to the new address, and the old one hears of it', async () => {
  const ana = await registered(site, 'ana@example.com')
  const answer = await askFor(ana, 'Ana@Example.org ')
  expect(answer.headers.get('Location')).toBe('/account/details?done=emailAsked')
  expect(await textOf(ana.get('/account/details?done=emailAsked'))).toContain('A link is on its way')
  const mails = await deliverMails(site)
  expect(mails.map(({ to, subject }) => [to, subject.split(' ').slice(0, 3).join(' ')])).toEqual([
    ['ana@example.org', 'Your new e-mail'],
    ['ana@example.com', 'Another e-mail for'],
  ])
  expect(mails[1]?.text).not.toContain('/account/link/')
  expect([await canSignIn('ana@example.com'), await canSignIn('ana@example.org')]).toEqual([true, false])

  const link = linkIn(mails[0])
  expect(await textOf(ana.get(link))).toContain('Then you sign in with ana@example.org')
  expect(await canSignIn('ana@example.com')).toBe(true)
  const followed = await ana.post(link)
  expect(followed.headers.get('Location')).toBe('/account/details?done=emailChanged')
  expect(await textOf(ana.get('/account/details'))).toContain('Now: ana@example.org')
  expect([await canSignIn('ana@example.com'), await canSignIn('ana@example.org')]).toEqual([false, true])
  expect((await deliverMails(site)).map(({ to, subject }) => [to, subject.includes('was changed')])).toEqual([
    ['ana@example.com', true],
  ])
})

test('who is not signed in to the account where the link is opened is told what it did', async () => {
  for (const reader of [visitorOf(site), await registered(site, 'bia@example.com')]) {
    const ana = await registered(site, `ana${Math.random()}@example.com`)
    await askFor(ana, 'ana@example.org')
    const answer = await reader.post(await linkTo('ana@example.org'))
    expect(answer.status).toBe(200)
    expect(await textOf(Promise.resolve(answer))).toContain('You sign in with ana@example.org from now on')
    await database.db.execute(sql`delete from users where email = 'ana@example.org'`)
  }
})

test('the link works once, for a day, and not after the password was changed', async () => {
  const ana = await registered(site, 'ana@example.com')
  await askFor(ana, 'one@example.com')
  const first = await linkTo('one@example.com')
  expect((await ana.post(first)).status).toBe(303)
  expect((await ana.post(first)).status).toBe(410)

  await askFor(ana, 'two@example.com')
  const second = await linkTo('two@example.com')
  now = new Date(now.getTime() + DAY_MS)
  expect((await ana.post(second)).status).toBe(410)

  await askFor(ana, 'three@example.com')
  const third = await linkTo('three@example.com')
  await ana.post('/account/security/password', { current: PASSWORD, next: 'another harbour 43' })
  expect((await ana.post(third)).status).toBe(410)
  expect(await textOf(ana.get('/account/details'))).toContain('Now: one@example.com')
})

test('links that went to the old address end with the change', async () => {
  const ana = await registered(site, 'ana@example.com')
  await visitorOf(site).post('/reset', { email: 'ana@example.com' })
  const reset = await linkTo('ana@example.com')
  await askFor(ana, 'ana@example.org')
  await ana.post(await linkTo('ana@example.org'))
  expect((await visitorOf(site).get(reset)).status).toBe(410)
})

test('an address that has an account is not taken from it, and who asks does not learn that it has', async () => {
  await registered(site, 'bia@example.com')
  const ana = await registered(site, 'ana@example.com')
  const answers = []
  const mails = []
  for (const email of ['bia@example.com', 'free@example.com']) {
    const answer = await askFor(ana, email)
    answers.push([answer.status, answer.headers.get('Location'), await answer.text()])
    mails.push(...(await deliverMails(site)))
  }
  expect(answers[0]).toEqual(answers[1])
  const toBia = mails.filter(({ to }) => to === 'bia@example.com')
  expect(
    toBia.map(({ text }) => [text.includes('/account/link/'), text.includes('It has one already')]),
  ).toEqual([[false, true]])
  await signedIn(site, 'bia@example.com')
})

test('an address that gets an account before the link is followed stays with that', async () => {
  const ana = await registered(site, 'ana@example.com')
  await askFor(ana, 'new@example.com')
  const link = await linkTo('new@example.com')
  await registered(site, 'new@example.com', { password: 'another harbour 43' })
  expect((await ana.post(link)).status).toBe(410)
  expect(await textOf(ana.get('/account/details'))).toContain('Now: ana@example.com')
})

test('an address that somebody only asked an account for is free', async () => {
  const ana = await registered(site, 'ana@example.com')
  await visitorOf(site).post('/register', { email: 'new@example.com' })
  const claim = await linkTo('new@example.com')
  await askFor(ana, 'new@example.com')
  expect((await ana.post(await linkTo('new@example.com'))).status).toBe(303)
  expect((await visitorOf(site).get(claim)).status).toBe(410)
  expect(await canSignIn('new@example.com')).toBe(true)
})

test('a wrong password, or what is no e-mail, asks for nothing', async () => {
  const ana = await registered(site, 'ana@example.com')
  const wrong = await askFor(ana, 'ana@example.org', 'wrong harbour 1')
  expect([wrong.status, await textOf(Promise.resolve(wrong))]).toEqual([
    422,
    expect.stringContaining('This is not your current password.'),
  ])
  const invalid = await askFor(ana, 'ana@@example')
  expect([invalid.status, await textOf(Promise.resolve(invalid))]).toEqual([
    422,
    expect.stringContaining('value="ana@@example"'),
  ])
  expect(await deliverMails(site)).toEqual([])
})

test('asking again takes back what was asked for before, whoever may read that', async () => {
  const ana = await registered(site, 'ana@example.com')
  await askFor(ana, 'ana@gmial.example')
  const stray = await linkTo('ana@gmial.example')
  await askFor(ana, 'ana@gmail.example')
  expect((await visitorOf(site).post(stray)).status).toBe(410)
  expect((await ana.post(await linkTo('ana@gmail.example'))).status).toBe(303)
})

test('of two accounts that are to have one address the first to confirm has it', async () => {
  const members = [await registered(site, 'ana@example.com'), await registered(site, 'bia@example.com')]
  const links: string[] = []
  for (const member of members) {
    await askFor(member, 'shared@example.com')
    links.push(await linkTo('shared@example.com'))
  }
  const statuses = await Promise.all(
    members.map(async (member, index) => (await member.post(links[index] ?? '')).status),
  )
  expect(statuses.sort()).toEqual([303, 410])
})

test('the address that one has is not asked for again', async () => {
  const ana = await registered(site, 'ana@example.com')
  expect(await textOf(askFor(ana, 'Ana@example.com'))).toContain('This is your e-mail already.')
})

test('whom a link names is forgotten a day after it was used or has run out', async () => {
  const ana = await registered(site, 'ana@example.com')
  await askFor(ana, 'one@example.com')
  await ana.post(await linkTo('one@example.com'))
  await askFor(ana, 'two@example.com')
  const kept = async () => {
    const { rows } = await database.db.execute(
      sql`select new_email from account_tokens where new_email is not null order by id`,
    )
    return rows.map(({ new_email }) => new_email)
  }
  await sweepAccounts(database.db, new Date(now.getTime() + 1.5 * DAY_MS))
  expect(await kept()).toEqual(['two@example.com'])
  await sweepAccounts(database.db, new Date(now.getTime() + 2.5 * DAY_MS))
  expect(await kept()).toEqual([])
})

test('who changes their password ends whatever is begun with the old one at the same moment', async () => {
  for (let times = 0; times < 6; times++) {
    const email = `race-${times}@example.com`
    const ana = await registered(site, email)
    const thief = await signedIn(site, email)
    const guess = visitorOf(site)
    const next = 'another harbour 43'
    const [changed] = await Promise.all([
      ana.post('/account/security/password', { current: PASSWORD, next }),
      delay(times * 4).then(() => askFor(thief, `thief-${times}@example.com`)),
      delay(times * 4).then(() => guess.post('/sign-in', { email, password: PASSWORD })),
    ])
    expect(changed.status).toBe(303)
    const mail = (await deliverMails(site)).find(({ to }) => to === `thief-${times}@example.com`)
    if (mail?.text.includes('/account/link/')) expect((await thief.post(linkIn(mail))).status).toBe(410)
    expect((await guess.get('/account')).status).not.toBe(200)
    await signedIn(site, email, { password: next })
  }
})

test('a member is called by another name, or by none', async () => {
  const ana = await registered(site, 'ana@example.com')
  expect(await textOf(ana.get('/account/details'))).toContain('value="Ana Souza"')
  await ana.post('/account/details/name', { name: '  Ana   Lima ' })
  expect(await textOf(ana.get('/account'))).toContain('Ana Lima')
  await ana.post('/account/details/name', { name: '' })
  expect(await textOf(ana.get('/account'))).not.toContain('Ana Lima')
  const refused = await ana.post('/account/details/name', { name: 'https://evil.example' })
  expect([refused.status, await textOf(Promise.resolve(refused))]).toEqual([
    422,
    expect.stringContaining('A name has letters, digits and spaces only.'),
  ])
})
