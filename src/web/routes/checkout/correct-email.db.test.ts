import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Database } from '#src/db/index.ts'
import { endMembership } from '#src/services/billing/membership.ts'
import { reassignOrder } from '#src/services/billing/reassign-order.ts'
import { requestRefund, withdraw } from '#src/services/billing/refunds.ts'
import { settle } from '#src/services/billing/settle.ts'
import { createApp } from '#src/web/app.tsx'
import { openTestDatabase } from '#test/support/database.ts'
import { openSellingSite, type SellingSite } from '#test/support/selling.ts'
import { deliverMails, linkIn, PASSWORD, registered, type Visitor, visitorOf } from '#test/support/visitor.ts'

const DAY_MS = 86_400_000

let database: Database
let site: SellingSite
let now: Date | null = null

beforeAll(async () => {
  database = await openTestDatabase()
  site = await openSellingSite(database)
  site.deps.now = () => now ?? new Date()
  site.app = createApp(site.deps)
  await site.addCreator('Lagoa', { praia: ['1.jpg'] })
})
beforeEach(() => database.db.execute(sql`truncate rate_limits`))
afterAll(async () => {
  await site.close()
  await database.close()
})

const textOf = async (answer: Promise<Response>) => (await (await answer).text()).replace(/&#39;/g, "'")
const isOpen = async (visitor: Visitor) =>
  !(await textOf(visitor.get('/posts/1'))).includes('This post is for members')

/** Buys in this browser, pays, and comes back. */
async function bought(email: string, visitor = visitorOf(site)) {
  const { address, publicId } = await site.order(visitor, { email })
  await site.happen(publicId, 'pay')
  await visitor.get(`${address}/return`)
  return { visitor, address, publicId }
}

/** The days that the account of the e-mail has, counted from now, or null for none. */
async function daysOf(email: string) {
  const { rows } = await database.db.execute<{ days: number | null }>(sql`
    select round(extract(epoch from max(end_date) - now()) / 86400)::int as days
    from subscriptions join users on users.id = user_id where email = ${email} and status = 'active'`)
  return rows[0]?.days ?? null
}

const correct = (visitor: Visitor, address: string, email: string) =>
  visitor.post(`${address}/email`, { email })

test('what was paid for under a mistyped e-mail moves to the right one, and its receipt goes there', async () => {
  const { visitor, address } = await bought('maria@gmial.example')
  const [strays] = await deliverMails(site)
  expect(await textOf(visitor.get(address))).toContain('Is the address wrong? Correct it.')

  const answer = await correct(visitor, address, 'Maria@Gmail.example')
  expect([answer.status, answer.headers.get('Location')]).toEqual([303, `${address}?corrected`])
  expect(await textOf(visitor.get(`${address}?corrected`))).toContain(
    'belongs to the account of maria@gmail.example now',
  )
  expect([await daysOf('maria@gmail.example'), await daysOf('maria@gmial.example')]).toEqual([30, null])
  expect(await isOpen(visitor)).toBe(true)

  const mails = await deliverMails(site)
  expect(mails.map(({ to, subject }) => [to, subject.includes('paid on')])).toEqual([
    ['maria@gmail.example', true],
  ])
  const phone = visitorOf(site)
  await phone.post(linkIn(mails[0]), { password: PASSWORD })
  expect(await isOpen(phone)).toBe(true)

  const stranger = visitorOf(site)
  await stranger.post(linkIn(strays), { password: PASSWORD })
  expect(await isOpen(stranger)).toBe(false)
  const account = await textOf(stranger.get('/account'))
  expect(account).not.toContain('gmail.example')
})

test('days that others have paid for under the same e-mail stay, in their places', async () => {
  await bought('both@example.com')
  const second = await bought('both@example.com')
  expect(await daysOf('both@example.com')).toBe(60)
  await correct(second.visitor, second.address, 'second@example.com')
  expect([await daysOf('both@example.com'), await daysOf('second@example.com')]).toEqual([30, 30])
})

test('all that the browser has paid for goes along, and adds to what the right account has', async () => {
  const owner = await registered(site, 'owner@example.com')
  await bought('owner@example.com', owner)
  const { visitor } = await bought('onwer@example.com')
  const { address } = await bought('onwer@example.com', visitor)
  await correct(visitor, address, 'owner@example.com')
  expect([await daysOf('owner@example.com'), await daysOf('onwer@example.com')]).toEqual([90, null])
  expect(await isOpen(visitor)).toBe(true)
})

test('a refund that comes later ends what the right account has', async () => {
  const { visitor, address, publicId } = await bought('early@example.com')
  await correct(visitor, address, 'late@example.com')
  await tell(publicId, 'refunded')
  expect(await daysOf('late@example.com')).toBeNull()
  expect(await isOpen(visitor)).toBe(false)
  expect((await correct(visitor, address, 'again@example.com')).status).toBe(409)
})

test('the same is done and told whether the e-mails have accounts or not, and who loses days by it is told', async () => {
  const claimed = await registered(site, 'claimed@example.com')
  await registered(site, 'known@example.com')
  const pages = []
  for (const [wrong, right] of [
    ['claimed@example.com', 'fresh@example.com'],
    ['free@example.com', 'known@example.com'],
  ] as const) {
    const { visitor, address, publicId } = await bought(wrong)
    await deliverMails(site)
    expect((await correct(visitor, address, right)).status).toBe(303)
    const page = await textOf(visitor.get(`${address}?corrected`))
    pages.push(page.replaceAll(right, 'EMAIL').replaceAll(publicId, 'ID'))
    expect([await daysOf(wrong), await daysOf(right)]).toEqual([null, 30])
    const told = (await deliverMails(site)).map(({ to }) => to)
    expect(told).toEqual(wrong === 'claimed@example.com' ? [right, wrong] : [right])
  }
  expect(pages[0]).toBe(pages[1])
  expect(await isOpen(claimed)).toBe(false)
})

test('what the right account has done since does not end what the browser has paid for', async () => {
  const { visitor, address } = await bought('changer@exmaple.example')
  const changer = await registered(site, 'changer@example.com')
  const year = await site.order(changer, { plan: String(site.plans.year) })
  await site.happen(year.publicId, 'pay')
  await changer.get(`${year.address}/return`)
  await correct(visitor, address, 'changer@example.com')
  expect(await isOpen(visitor)).toBe(true)
  expect(await daysOf('changer@example.com')).toBeGreaterThanOrEqual(365)
})

test('what is on its way back, or was ended, is not moved', async () => {
  for (const end of ['refund', 'end'] as const) {
    const email = `${end}@example.com`
    const { visitor, address, publicId } = await bought(email)
    const id = await paymentOf(publicId)
    const { rows } = await database.db.execute<{ id: number }>(
      sql`select id from users where email = ${email}`,
    )
    if (end === 'refund') await requestRefund(site.deps, id)
    else await endMembership(site.deps, rows[0]?.id ?? 0)
    expect((await correct(visitor, address, 'other@example.com')).status).toBe(409)
    await expect(reassignOrder(site.deps, id, 'other@example.com')).rejects.toThrow('gives no access')
    await tell(publicId, 'refunded')
    expect(await daysOf('other@example.com')).toBeNull()
  }
})

test('a cancellation stays one, and no plan is changed to, by what comes from another', async () => {
  const owner = await registered(site, 'canceled@example.com')
  const week = await site.order(owner, { plan: String(site.plans.week) })
  await site.happen(week.publicId, 'pay')
  await owner.get(`${week.address}/return`)
  await owner.post('/account/subscription/cancel')
  const other = await registered(site, 'giver@example.com')
  const month = await site.order(other)
  await site.happen(month.publicId, 'pay')
  await other.get(`${month.address}/return`)
  await reassignOrder(site.deps, await paymentOf(month.publicId), 'canceled@example.com')
  const { rows } = await database.db.execute<{ status: string; days: number }>(sql`
    select status, round(extract(epoch from end_date - now()) / 86400)::int as days
    from subscriptions join users on users.id = user_id where email = 'canceled@example.com'`)
  expect(rows).toEqual([{ status: 'canceled', days: 37 }])
})

test('only the browser that paid may say whose e-mail it meant, and for a week', async () => {
  const { visitor, address } = await bought('week@example.com')
  expect((await correct(visitorOf(site), address, 'thief@example.com')).status).toBe(404)
  const member = await registered(site, 'other@example.com')
  expect((await correct(member, address, 'thief@example.com')).status).toBe(404)
  const { address: unpaid, visitor: buyer } = await site.order()
  expect((await correct(buyer, unpaid, 'thief@example.com')).status).toBe(409)

  now = new Date(Date.now() + 7 * DAY_MS)
  expect(await textOf(visitor.get(address))).not.toContain('Is the address wrong?')
  expect((await correct(visitor, address, 'late@example.com')).status).toBe(409)
  now = null
})

test('what is no e-mail is shown again, and says what is wrong', async () => {
  const { visitor, address } = await bought('typo@example.com')
  const answer = await correct(visitor, address, 'typo@@example')
  expect(answer.status).toBe(422)
  const page = await answer.text()
  expect(page).toContain('value="typo@@example"')
  expect(page).toContain('This is no e-mail address.')
  expect(page).toContain('<details class="-mb-2" open')
})

test('who tries many addresses is told to wait', async () => {
  const { visitor, address } = await bought('many@example.com')
  const statuses = []
  for (let times = 0; times < 6; times++) {
    statuses.push((await correct(visitor, address, 'same@example.com')).status)
  }
  expect(statuses).toEqual([303, 303, 303, 303, 303, 429])
  // The right address, again and again: its receipt is sent again.
  expect((await deliverMails(site)).filter(({ to }) => to === 'same@example.com')).toHaveLength(5)
  expect(await daysOf('same@example.com')).toBe(30)
})

test('two corrections at the same moment leave one account with the days', async () => {
  const { visitor, address } = await bought('twice@example.com')
  const emails = ['one@example.com', 'two@example.com', 'three@example.com', 'four@example.com']
  await Promise.all(emails.map((email) => correct(visitor, address, email)))
  const days = await Promise.all([...emails, 'twice@example.com'].map(daysOf))
  expect(days.filter((one) => one !== null)).toEqual([30])
})

test('the owner gives what a payment opened to another account', async () => {
  const stranger = await registered(site, 'stranger@example.com')
  const { visitor, publicId } = await bought('stranger@example.com')
  const id = await paymentOf(publicId)
  await deliverMails(site)
  expect(await reassignOrder(site.deps, id, 'Buyer@Example.com')).toBe('buyer@example.com')
  expect([await daysOf('stranger@example.com'), await daysOf('buyer@example.com')]).toEqual([null, 30])
  // The browser watches by it no more: the receipt has the way back.
  expect([await isOpen(stranger), await isOpen(visitor)]).toEqual([false, false])
  expect((await deliverMails(site)).map(({ to }) => to)).toEqual([
    'buyer@example.com',
    'stranger@example.com',
  ])
  await expect(reassignOrder(site.deps, id, 'buyer@example.com')).rejects.toThrow(
    'is that of buyer@example.com already',
  )
  await tell(publicId, 'refunded')
  await expect(reassignOrder(site.deps, id, 'other@example.com')).rejects.toThrow('gives no access')
})

test('who has read the mistyped mail keeps nobody out of the browser that paid, nor of correcting it', async () => {
  const { visitor, address } = await bought('stray@exmaple.example')
  const stranger = visitorOf(site)
  const link = linkIn((await deliverMails(site)).at(-1))
  expect(await textOf(stranger.get(link))).not.toContain('Maria da Silva')
  await stranger.post(link, { password: PASSWORD })
  expect(await textOf(stranger.get('/account'))).not.toContain('Maria da Silva')
  const data = await textOf(stranger.get('/account/data/export'))
  expect(data).not.toMatch(/Maria da Silva|52998224725/)
  expect(data).toContain('"customer_document": null')
  expect(data).toContain('"pix_code": null')

  await stranger.post('/account/security/sessions/end')
  await stranger.post('/sign-in', { email: 'stray@exmaple.example', password: PASSWORD })
  expect((await stranger.post('/account/data/erase', { password: PASSWORD })).status).toBe(303)
  expect(await isOpen(visitor)).toBe(true)
  expect((await correct(visitor, address, 'found@example.com')).status).toBe(303)
  expect(await daysOf('found@example.com')).toBe(30)
})

test('a member finds in their data what they typed, signed in or in the browser they claimed the account with', async () => {
  const { visitor } = await bought('typed@example.com')
  const link = linkIn((await deliverMails(site)).at(-1))
  await visitor.post(link, { password: PASSWORD })
  await visitor.post('/account/security/sessions/end')
  await visitor.post('/sign-in', { email: 'typed@example.com', password: PASSWORD })
  expect(await textOf(visitor.get('/account/data/export'))).toContain('"customer_document": "52998224725"')
  const member = await registered(site, 'typed-too@example.com')
  await bought('typed-too@example.com', member)
  await member.post('/account/security/sessions/end')
  await member.post('/sign-in', { email: 'typed-too@example.com', password: PASSWORD })
  expect(await textOf(member.get('/account/data/export'))).toContain('"customer_document": "52998224725"')
})

test('what the owner has moved no browser moves again', async () => {
  const { visitor, address, publicId } = await bought('library@example.com')
  await correct(visitor, address, 'thief@example.com')
  await reassignOrder(site.deps, await paymentOf(publicId), 'library@example.com')
  expect((await correct(visitor, address, 'thief@example.com')).status).toBe(404)
  expect([await daysOf('library@example.com'), await daysOf('thief@example.com')]).toEqual([30, null])
})

test('an order is corrected five times an hour, from whatever networks and to whatever addresses', async () => {
  const { visitor, address } = await bought('chain@example.com')
  const statuses = []
  for (let times = 0; times < 6; times++) {
    statuses.push((await correct(visitor, address, `chain-${times}@example.com`)).status)
  }
  expect(statuses).toEqual([303, 303, 303, 303, 303, 429])
  expect(await daysOf('chain-4@example.com')).toBe(30)
})

test('a correction to an account that is erased meanwhile opens another one', async () => {
  for (let times = 0; times < 4; times++) {
    const email = `gone-${times}@example.com`
    const receiver = await registered(site, email)
    const { visitor, address } = await bought(`going-${times}@example.com`)
    const [erased, corrected] = await Promise.all([
      receiver.post('/account/data/erase', { password: PASSWORD }),
      correct(visitor, address, email),
    ])
    expect([erased.status, corrected.status]).toEqual([303, 303])
    const { rows } = await database.db.execute(sql`
      select checkouts.id from checkouts join users on users.id = user_id
      where erased_at is not null and customer_email = ${email}`)
    expect(rows).toEqual([])
  }
})

test('no money is given back to who had the order until now', async () => {
  const stranger = await registered(site, 'withdraws@example.com')
  const { visitor, address, publicId } = await bought('withdraws@example.com')
  const id = await paymentOf(publicId)
  await correct(visitor, address, 'rightful@example.com')
  expect((await stranger.post(`/account/payments/${id}/withdraw`)).status).toBe(404)
  const { rows } = await database.db.execute<{ id: number }>(
    sql`select id from users where email = 'withdraws@example.com'`,
  )
  await expect(withdraw(site.deps, rows[0]?.id ?? 0, id)).rejects.toThrow('no payment of yours')
  expect(await daysOf('rightful@example.com')).toBe(30)
})

async function paymentOf(publicId: string): Promise<number> {
  const { rows } = await database.db.execute<{ id: number }>(
    sql`select payments.id from payments join checkouts on checkouts.id = checkout_id where public_id = ${publicId}`,
  )
  return rows[0]?.id ?? 0
}

/** What the gateway says of the order's charge. */
async function tell(publicId: string, status: 'refunded') {
  const [charge = ''] = await site.charges(publicId)
  const report = { externalId: charge, status, amountCents: 2_990, currency: 'BRL' }
  const at = new Date()
  await settle(site.deps, await paymentOf(publicId), { ...report, paidAt: at, occurredAt: at }, at)
}
