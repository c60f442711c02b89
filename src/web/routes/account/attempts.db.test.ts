import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Database } from '#src/db/index.ts'
import { createApp } from '#src/web/app.tsx'
import { openTestSite, type TestSite } from '#test/support/app.ts'
import { openTestDatabase } from '#test/support/database.ts'
import { deliverMails, PASSWORD, registered, visitorOf, waitingMails } from '#test/support/visitor.ts'

let database: Database
let site: TestSite

beforeAll(async () => {
  database = await openTestDatabase()
  site = await openTestSite(database)
})
beforeEach(async () => {
  await database.db.execute(sql`truncate users, rate_limits, account_tokens cascade`)
  await registered(site, 'ana@example.com')
  await database.db.execute(sql`truncate rate_limits`)
})
afterAll(async () => {
  await site.close()
  await database.close()
})

/** Through a proxy on this machine, which adds the address it was called from. */
const from = (address: string) => ({ headers: { 'X-Forwarded-For': address } })
const address = (number: number) => `203.0.${Math.floor(number / 250)}.${(number % 250) + 1}`

const tryAt = (email: string, password: string, options = {}) =>
  visitorOf(site, options).post('/sign-in', { email, password })

describe('whether an e-mail has an account is told by no answer', () => {
  /** Of the answer everything that may differ for another reason is the same: the e-mail is of the same length. */
  async function answerOf(path: string, fields: Record<string, string>) {
    const response = await visitorOf(site).post(path, fields)
    const headers = Object.fromEntries(response.headers)
    return { status: response.status, headers, body: await response.text() }
  }

  test.each([
    ['/sign-in', { password: 'a wrong password' }],
    ['/register', {}],
    ['/reset', {}],
  ])('%s', async (path, fields) => {
    const known = await answerOf(path, { ...fields, email: 'ana@example.com' })
    const unknown = await answerOf(path, { ...fields, email: 'eva@example.com' })
    expect(known.body).toContain('ana@example.com')
    expect({ ...unknown, body: unknown.body.replaceAll('eva@', 'ana@') }).toEqual(known)
  })

  test('an account that nobody claimed, and one that is shut, are told apart from neither', async () => {
    await visitorOf(site).post('/register', { email: 'eva@example.com' })
    await registered(site, 'ida@example.com')
    await database.db.execute(sql`update users set disabled_at = now() where email = 'ida@example.com'`)
    const answers = []
    for (const email of ['ana@example.com', 'eva@example.com', 'ida@example.com', 'uma@example.com']) {
      const { body } = await answerOf('/sign-in', { email, password: 'a wrong password' })
      answers.push(body.replaceAll(email, ''))
    }
    expect(new Set(answers).size).toBe(1)
  })

  test('who registers again is told so by mail, and nothing of the account changes', async () => {
    await deliverMails(site)
    await visitorOf(site).post('/register', { email: 'ana@example.com' })
    const [mail, ...others] = await deliverMails(site)
    expect(mail?.subject).toBe('You have an account at CreatorFlix already')
    expect(mail?.text).not.toContain('/account/link/')
    expect(others).toEqual([])
    expect((await tryAt('ana@example.com', PASSWORD)).status).toBe(303)
  })

  test('a mail that nobody gets is queued like any other', async () => {
    await waitingMails(site)
    await visitorOf(site).post('/reset', { email: 'nobody@example.com' })
    expect(await waitingMails(site)).toHaveLength(1)
    await visitorOf(site).post('/reset', { email: 'nobody@example.com' })
    expect(await deliverMails(site)).toEqual([])
  })

  test('signing in takes as long for an e-mail without an account', async () => {
    const times: Record<string, number[]> = { 'ana@example.com': [], 'eva@example.com': [] }
    for (let round = 0; round < 15; round++) {
      for (const [email, taken] of Object.entries(times)) {
        await database.db.execute(sql`truncate rate_limits`)
        const started = performance.now()
        await tryAt(email, 'a wrong password')
        taken.push(performance.now() - started)
      }
    }
    const [known = 0, unknown = 0] = Object.values(times).map(median)
    // Without a hash it would be a fifth.
    expect(unknown / known).toBeGreaterThan(0.5)
    expect(unknown / known).toBeLessThan(2)
  })

  const median = (numbers: number[]) => numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0
})

describe('who tries too often has to wait', () => {
  test('ten tries at one account, from wherever they come', async () => {
    for (let number = 0; number < 10; number++) {
      expect((await tryAt('ana@example.com', 'wrong', from(address(number)))).status).toBe(422)
    }
    const refused = await tryAt('ana@example.com', PASSWORD, from(address(99)))
    expect(refused.status).toBe(429)
    expect(Number(refused.headers.get('Retry-After'))).toBeGreaterThan(800)
    expect(await refused.text()).toContain('Too many tries. Try again in 15 minutes.')
    // The same for an e-mail that has no account: to be refused tells nothing.
    for (let number = 0; number < 10; number++) await tryAt('eva@example.com', 'x', from(address(number)))
    expect((await tryAt('EVA@example.com ', 'x', from(address(98)))).status).toBe(429)
  })

  test('thirty tries from one network, at whichever accounts; the addresses of a household are one', async () => {
    for (let number = 0; number < 30; number++) {
      const household = from(`2001:db8:1:2::${number + 1}`)
      expect((await tryAt(`somebody${number}@example.com`, 'wrong', household)).status).toBe(422)
    }
    expect((await tryAt('ana@example.com', PASSWORD, from('2001:db8:1:2:ffff::9'))).status).toBe(429)
    expect((await tryAt('ana@example.com', PASSWORD, from('2001:db8:1:3::9'))).status).toBe(303)
  })

  test('an address that the sender made up changes nothing', async () => {
    for (let number = 0; number < 30; number++) {
      await tryAt(`somebody${number}@example.com`, 'wrong', from(`${address(number)}, 198.51.100.7`))
    }
    expect((await tryAt('ana@example.com', PASSWORD, from('192.0.2.1, 198.51.100.7'))).status).toBe(429)
  })

  test('two nodes count together, and of tries at the same moment ten are looked at', async () => {
    const nodes = [site.app, createApp(site.deps)]
    const answers = await Promise.all(
      Array.from({ length: 24 }, (_, number) =>
        visitorOf(site, { app: nodes[number % 2] ?? site.app, ...from(address(number)) }).post('/sign-in', {
          email: 'ana@example.com',
          password: 'wrong',
        }),
      ),
    )
    expect(answers.filter(({ status }) => status === 422)).toHaveLength(10)
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(14)
  })

  test('who was right may be wrong as often again', async () => {
    for (let round = 0; round < 3; round++) {
      for (let number = 0; number < 8; number++) {
        await tryAt('ana@example.com', 'wrong', from(address(round * 10 + number)))
      }
      expect((await tryAt('ana@example.com', PASSWORD, from(address(round)))).status).toBe(303)
    }
  })

  test('an account that is locked for who guesses is open to its owner by mail', async () => {
    for (let number = 0; number < 11; number++) await tryAt('ana@example.com', 'x', from(address(number)))
    await visitorOf(site).post('/reset', { email: 'ana@example.com' })
    expect((await deliverMails(site)).at(-1)?.subject).toBe('A new password at CreatorFlix')
  })

  test('a browser that has signed in before is let in with the right password, whoever else guesses', async () => {
    const ana = visitorOf(site)
    await ana.post('/sign-in', { email: 'ana@example.com', password: PASSWORD })
    await ana.post('/sign-out')
    for (let number = 0; number < 12; number++) await tryAt('ana@example.com', 'x', from(address(number)))
    expect((await tryAt('ana@example.com', PASSWORD, from(address(50)))).status).toBe(429)
    expect((await ana.post('/sign-in', { email: 'ana@example.com', password: PASSWORD })).status).toBe(303)

    // It guesses no more than anybody, at this account or at another.
    await ana.post('/sign-out')
    const statuses = []
    for (let number = 0; number < 11; number++) {
      const { status } = await ana.post('/sign-in', { email: 'ana@example.com', password: 'x' })
      statuses.push(status)
    }
    expect(statuses.filter((status) => status === 422)).toHaveLength(10)
    await database.db.execute(sql`delete from rate_limits where key like '%network%'`)
    for (let number = 0; number < 12; number++) await tryAt('eva@example.com', 'x', from(address(number)))
    expect((await ana.post('/sign-in', { email: 'eva@example.com', password: 'x' })).status).toBe(429)
  })

  test('the mark of such a browser is worth nothing elsewhere, and names no account', async () => {
    const ana = visitorOf(site)
    await ana.post('/sign-in', { email: 'ana@example.com', password: PASSWORD })
    const mark = ana.cookie('device') ?? ''
    expect(mark).toMatch(/^[\w-]{22}\.[\w-]{43}$/)
    const thief = visitorOf(site)
    thief.setCookie('device', mark)
    expect((await thief.get('/account')).status).toBe(303)
    for (const forged of [
      '',
      'x',
      '.',
      `${mark}x`,
      mark.replace(/^./, (first) => (first === 'A' ? 'B' : 'A')),
      mark.split('.')[0] ?? '',
    ]) {
      await database.db.execute(sql`truncate rate_limits`)
      for (let number = 0; number < 10; number++) await tryAt('ana@example.com', 'x', from(address(number)))
      thief.setCookie('device', forged)
      const { status } = await thief.post('/sign-in', { email: 'ana@example.com', password: PASSWORD })
      expect(status).toBe(429)
    }
  })

  test('five mails an hour go to one address, by whatever form', async () => {
    await deliverMails(site)
    const answers = []
    for (let number = 0; number < 4; number++) {
      for (const form of ['/register', '/reset']) {
        const { status } = await visitorOf(site, from(address(number))).post(form, {
          email: 'ana@example.com',
        })
        answers.push(status)
      }
    }
    expect(answers).toEqual([200, 200, 200, 200, 200, 429, 429, 429])
    expect(await deliverMails(site)).toHaveLength(5)
  })

  test('a browser left open is no place to guess the password', async () => {
    const ana = visitorOf(site)
    await ana.post('/sign-in', { email: 'ana@example.com', password: PASSWORD })
    for (let number = 0; number < 5; number++) {
      await ana.post('/account/data/erase', { password: 'wrong' })
      await ana.post('/account/security/password', { current: 'wrong', next: 'another harbour 43' })
    }
    expect((await ana.post('/account/data/erase', { password: PASSWORD })).status).toBe(429)
    expect((await ana.get('/account')).status).toBe(200)
  })

  test('the table of counts names neither e-mails nor addresses', async () => {
    await tryAt('ana@example.com', 'wrong', from('198.51.100.7'))
    await visitorOf(site, from('198.51.100.7')).post('/reset', { email: 'ana@example.com' })
    const { rows } = await database.db.execute(sql`select * from rate_limits`)
    expect(rows).toHaveLength(4)
    expect(JSON.stringify(rows)).not.toMatch(/ana@|example|198\.51/)
  })
})
