import { createHash } from 'node:crypto'
import { eq, sql } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '#src/db/index.ts'
import { checkouts, plans } from '#src/db/schema.ts'
import type { CallFaultKind } from '#src/payments/sandbox/faults.ts'
import { documentHash } from '#src/services/billing/buyer-document.ts'
import { CHARGE_LIMITS } from '#src/services/billing/charge-limits.ts'
import { settleEvent } from '#src/services/billing/inbox.ts'
import { refundPayment } from '#src/services/billing/refunds.ts'
import { writeSetting } from '#src/services/settings/settings.ts'
import { createApp } from '#src/web/app.tsx'
import { policyOf } from '#src/web/policies.ts'
import { openTestDatabase } from './support/database.ts'
import { type SentWebhook, signedWebhook } from './support/forged-webhooks.ts'
import { openWebhookInbox, type WebhookInbox } from './support/sandbox.ts'
import { BUYER, type Ordered, openSellingSite, type SellingSite } from './support/selling.ts'
import { deliverMails, linkIn, registered, type Visitor, visitorOf } from './support/visitor.ts'

/** What earlier systems got wrong with money (spec §6, by its numbers), tried at the front door. */

const DAY_MS = 86_400_000
const FORM_TYPE = 'application/x-www-form-urlencoded'
const NO_ORDER = '2f1b7a54-0000-4000-8000-000000000000'
const PAYWALL = 'This post is for members'

let database: Database
let site: SellingSite
let inbox: WebhookInbox

beforeAll(async () => {
  database = await openTestDatabase()
  inbox = await openWebhookInbox()
  site = await openSellingSite(database, { env: { BASE_URL: new URL(inbox.url).origin } })
  await site.addCreator('Lagoa', { praia: ['1.jpg'] })
})
afterEach(() => site.sandbox.fault({}))
afterAll(async () => {
  await site.close()
  await inbox.close()
  await database.close()
})

const form = (fields: Record<string, string> = {}) => ({
  ...BUYER,
  plan: String(site.plans.month),
  ...fields,
})

async function atCheckout(options: Parameters<typeof visitorOf>[1] = {}): Promise<Visitor> {
  const visitor = visitorOf(site, options)
  await visitor.get(`/checkout?plan=${site.plans.month}`)
  return visitor
}

const textOf = async (answer: Response | Promise<Response>) => (await answer).text()
const publicIdOf = (answer: Response) =>
  /^\/checkout\/([0-9a-f-]{36})/.exec(answer.headers.get('Location') ?? '')?.[1] ?? null

async function ledger(publicId: string) {
  const ids = await site.charges(publicId)
  return (await site.sandbox.ledger()).filter(({ id }) => ids.includes(id))
}

const chargesInAll = async () => (await site.sandbox.ledger()).length

/** The buyer pays, and comes back from the gateway. */
async function pay({ visitor, publicId, address }: Ordered) {
  await site.happen(publicId, 'pay')
  await visitor.get(`${address}/return`)
}

/** Waits for what the gateway sends, which is taken in and settled as if it came over the network. */
async function deliver(charge: string, status: string) {
  await take(await inbox.until(({ text }) => text.includes(charge) && text.includes(`charge.${status}`)))
}

async function take({ body, headers }: SentWebhook) {
  const answer = await site.app.request('/webhooks/sandbox', { method: 'POST', headers, body })
  expect(answer.status).toBe(200)
  const { rows } = await database.db.execute<{ id: string }>(
    sql`select id::text as id from webhook_events where state = 'received'`,
  )
  for (const { id } of rows) await settleEvent(site.deps, Number(id))
}

/** Whether the browser gets links to originals, on the page and by the API. */
async function watches(visitor: Visitor): Promise<boolean> {
  const page = await textOf(visitor.get('/posts/1'))
  const api = await textOf(visitor.get('/api/v1/posts/1', { Accept: 'application/json' }))
  const [byPage, byApi] = [page, api].map((text) => text.includes('/media/Lagoa'))
  expect([byPage, byApi]).toEqual(byPage ? [true, true] : [false, false])
  expect(page.includes(PAYWALL)).toBe(!byPage)
  return byPage === true
}

/** The same browser so many milliseconds later. */
function inTime(visitor: Visitor, later: number): Visitor {
  const app = createApp({ ...site.deps, now: () => new Date(Date.now() + later) })
  const same = visitorOf(site, { app })
  same.setCookie('session', visitor.cookie('session') ?? '')
  return same
}

describe('6: a price from the browser', () => {
  test.each([
    '-1',
    '0',
    '0.01',
    '1e-9',
    'NaN',
    'Infinity',
    '-0',
    '99999999999999999999',
    '0x1',
    '1,00',
    '1.234,56',
    "1' or '1'='1",
  ])('is not read, be it %s', async (amount) => {
    const names = [
      'price',
      'amount',
      'total',
      'total_amount',
      'totalAmount',
      'cents',
      'planCents',
      'bumpCents',
    ]
    const { publicId } = await site.order(undefined, {
      ...Object.fromEntries(names.map((name) => [name, amount])),
      currency: 'XXX',
      discount: '100',
      coupon: 'FREE',
      days: '36500',
      quantity: amount,
    })
    expect(await ledger(publicId)).toMatchObject([{ amountCents: 2_990, currency: 'BRL' }])
    const [row] = await database.db.select().from(checkouts).where(eq(checkouts.publicId, publicId))
    expect(row).toMatchObject({ totalAmount: 2_990, planCents: 2_990, planDays: 30, bumpCents: null })
  })

  test('of a field that is sent twice, or as a list, makes no other order either', async () => {
    const { month, year } = site.plans
    const visitor = await atCheckout()
    const cookie = { Cookie: `session=${visitor.cookie('session')}`, 'Sec-Fetch-Site': 'same-origin' }
    const order = new URLSearchParams(form()).toString()
    const bodies = [
      `${order}&plan=${year}`,
      `plan=${year}&${order}`,
      `${order}&plan[]=${year}`,
      `${order}&plan.id=${year}`,
      `plan[]=${month}&${new URLSearchParams({ ...form(), plan: '' })}`,
    ]
    for (const body of bodies) {
      const headers = { ...cookie, 'Content-Type': FORM_TYPE }
      const answer = await site.app.request('/checkout', { method: 'POST', headers, body })
      expect([303, 404], body).toContain(answer.status)
      const publicId = publicIdOf(answer)
      if (publicId === null) continue
      const [row] = await database.db.select().from(checkouts).where(eq(checkouts.publicId, publicId))
      const { price } = PRICES(row?.planId)
      expect(row?.totalAmount, body).toBe(price)
      expect((await ledger(publicId)).map(({ amountCents }) => amountCents)).toEqual([price])
    }
  })

  test('that was lower when the order was begun is no price of a new charge', async () => {
    const plan = await site.addPlan({ name: 'Launch', priceCents: 990 })
    const { visitor, publicId, address } = await site.order(undefined, { plan: String(plan) })
    await site.happen(publicId, 'expire')
    await visitor.get(`${address}/return`)
    await database.db.update(plans).set({ price: 5_990 }).where(eq(plans.id, plan))

    const again = await visitor.post(`${address}/pay`, { method: 'pix' })
    expect(again.headers.get('Location')).toMatch(new RegExp(`^/checkout\\?plan=${plan}&`))
    expect(await textOf(visitor.get(again.headers.get('Location') ?? ''))).toContain('Pay R$59.90 with PIX')
    expect((await ledger(publicId)).map(({ amountCents }) => amountCents)).toEqual([990])
  })

  function PRICES(planId: number | undefined) {
    return { price: planId === site.plans.year ? 19_990 : planId === site.plans.month ? 2_990 : Number.NaN }
  }
})

test('13: what the owner writes as 1.234,56 is that, on the page and at the gateway', async () => {
  await writeSetting(database.db, 'bump_name', 'Signed print')
  await writeSetting(database.db, 'bump_price', '1.234,56')
  await writeSetting(database.db, 'bump', 'true')
  const { publicId, visitor, address } = await site.order(undefined, { bump: 'on' })
  await writeSetting(database.db, 'bump', 'false')
  expect(await textOf(visitor.get(address))).toContain('R$1,264.46')
  expect(await ledger(publicId)).toMatchObject([{ amountCents: 126_446 }])
  await expect(writeSetting(database.db, 'bump_price', '1.234')).rejects.toThrow()
})

describe('12: a plan', () => {
  test('is paid by no method that it does not accept, at the first try or the next', async () => {
    const plan = await site.addPlan({ name: 'Cards alone', acceptsPix: false })
    const visitor = await atCheckout()
    const before = await chargesInAll()
    for (const method of ['pix', 'PIX', 'boleto', '', 'credit_card,pix', 'constructor', '__proto__']) {
      const answer = await visitor.post('/checkout', form({ plan: String(plan), method }))
      expect([method, answer.status]).toEqual([method, 422])
    }
    expect(await chargesInAll()).toBe(before)

    const { address, publicId } = await site.order(visitor, { plan: String(plan), method: 'credit_card' })
    for (const method of ['pix', 'PIX', 'boleto', '', '__proto__'])
      expect((await visitor.post(`${address}/pay`, { method })).status).toBe(method === 'pix' ? 303 : 400)
    expect((await ledger(publicId)).map(({ method }) => method)).toEqual(['credit_card'])
  })

  test.each([
    'constructor',
    '__proto__',
    '1 ',
    '1\n',
    '+1',
    '１',
    '1,2',
    '[1]',
    '{"id":1}',
    'null',
    'true',
    '-0',
  ])('is not named by %j', async (plan) => {
    const visitor = await atCheckout()
    expect((await visitor.get(`/checkout?${new URLSearchParams({ plan })}`)).status).toBe(404)
    expect((await visitor.post('/checkout', form({ plan }))).status).toBe(404)
  })

  test('whose number is a file is none', async () => {
    const visitor = await atCheckout()
    const body = new FormData()
    for (const [name, value] of Object.entries(form())) body.set(name, value)
    body.set('plan', new File([String(site.plans.month)], 'plan.txt'))
    const headers = { Cookie: `session=${visitor.cookie('session')}`, 'Sec-Fetch-Site': 'same-origin' }
    expect((await site.app.request('/checkout', { method: 'POST', headers, body })).status).toBe(404)
  })
})

describe('4: a plan for free', () => {
  test('is sold by no page, even where the database has one', async () => {
    const plan = await site.addPlan({ name: 'Gift' })
    await database.db.update(plans).set({ price: 0 }).where(eq(plans.id, plan))
    const visitor = await atCheckout()
    const before = await chargesInAll()
    expect((await visitor.post('/checkout', form({ plan: String(plan) }))).status).toBe(422)
    expect(await chargesInAll()).toBe(before)
    expect(await watches(visitor)).toBe(false)
    await database.db.delete(plans).where(eq(plans.id, plan))
  })

  test('is had by no order that is not paid, whatever becomes of it', async () => {
    const outcomes = ['decline', 'expire', 'cancel'] as const
    for (const outcome of outcomes) {
      const order = await site.order(undefined, { method: 'credit_card' })
      expect(await watches(order.visitor)).toBe(false)
      await site.happen(order.publicId, outcome)
      await order.visitor.get(`${order.address}/return`)
      expect(await watches(order.visitor), outcome).toBe(false)
    }
    const left = await site.order()
    await site.order(left.visitor, { plan: String(site.plans.week) })
    expect(await watches(left.visitor)).toBe(false)
  })

  test.each([
    ['less was paid', { amountCents: 1 }],
    ['nothing was', { amountCents: 0 }],
    ['it was paid in other money', { currency: 'ARS' }],
    ['another charge was paid', { id: `chg_${'0'.repeat(32)}` }],
  ])('comes of no message, properly signed, that says %s', async (_, told) => {
    const order = await site.order()
    const [charge] = await ledger(order.publicId)
    const { id, reference, amountCents, currency } = charge ?? { id: '', reference: '' }
    const data = { id, reference, status: 'paid', amountCents, currency, ...told }
    await take(signedWebhook(site.sandbox.secrets.webhookSecret, data, { id: `msg_${order.publicId}` }))
    expect(await watches(order.visitor)).toBe(false)
    // What the gateway itself answers is another thing.
    await pay(order)
    expect(await watches(order.visitor)).toBe(true)
  })
})

describe('8: a guest who pays', () => {
  test('watches at once in the browser that paid, and in no other that only knows the e-mail', async () => {
    const email = 'guest-who-pays@example.com'
    const order = await site.order(undefined, { email })
    await pay(order)
    expect(await watches(order.visitor)).toBe(true)

    const other = await site.order(undefined, { email })
    expect(await watches(other.visitor)).toBe(false)
    const typing = visitorOf(site)
    await typing.post('/register', { email })
    await typing.post('/sign-in', { email, password: 'whatever it may be' })
    expect(await watches(typing)).toBe(false)
  })

  test('and closes the browser is told by mail, and watches by its link wherever they are', async () => {
    const email = 'guest-who-left@example.com'
    const order = await site.order(undefined, { email })
    await site.happen(order.publicId, 'pay')
    const [charge = ''] = await site.charges(order.publicId)
    await deliver(charge, 'paid')

    const mail = (await deliverMails(site)).find(({ to }) => to === email)
    const elsewhere = visitorOf(site)
    await elsewhere.post(linkIn(mail), { name: 'Rita', password: 'quiet harbour 42' })
    expect(await watches(elsewhere)).toBe(true)
    expect(await watches(order.visitor)).toBe(true)
  })

  test('under a name that is a message of their own has it in no mail to somebody else', async () => {
    const [name, email] = ['Your account is locked, see evil.example', 'target@example.com']
    const order = await site.order(undefined, { name, email })
    await pay(order)
    const mails = (await deliverMails(site)).filter(({ to }) => to === email)
    expect(mails).toHaveLength(1)
    expect(`${mails[0]?.subject}${mails[0]?.text}${mails[0]?.html}`).not.toContain('evil.example')
  })

  test('for the e-mail of a member adds to what the member has, and is not signed in by it', async () => {
    const member = await registered(site, 'gifted@example.com')
    const order = await site.order(undefined, { email: 'gifted@example.com' })
    await pay(order)
    expect(await watches(member)).toBe(true)
    for (const page of ['/account', '/account/data/export', '/account/security'])
      expect((await order.visitor.get(page)).headers.get('Location')).toMatch(/^\/sign-in/)
  })
})

describe('a guest who types the e-mail of a member who has paid for a year', () => {
  let guest: Ordered

  beforeAll(async () => {
    const email = 'a-year@example.com'
    const member = await registered(site, email)
    await pay(await site.order(member, { plan: String(site.plans.year) }))
    guest = await site.order(undefined, { email, plan: String(site.plans.week) })
    await pay(guest)
  })

  test('watches for the week that was paid for, and not for the year', async () => {
    expect(await watches(inTime(guest.visitor, 7 * DAY_MS - 60_000))).toBe(true)
    expect(await watches(inTime(guest.visitor, 7 * DAY_MS))).toBe(false)
  })

  test('learns nothing of it', async () => {
    const until = (days: number) =>
      new Date(Date.now() + days * DAY_MS).toLocaleDateString('en', {
        dateStyle: 'long',
        timeZone: 'UTC',
      })
    const page = await textOf(guest.visitor.get(guest.address))
    expect(page).toContain(`Everything is open for you until ${until(7)}`)
    expect(page).not.toContain(until(365))
    expect(page).not.toContain(until(372))
  })

  test('has every further week as well', async () => {
    const again = await site.order(guest.visitor, {
      email: 'a-year@example.com',
      plan: String(site.plans.week),
    })
    await pay(again)
    expect(await watches(inTime(guest.visitor, 14 * DAY_MS - 60_000))).toBe(true)
    expect(await watches(inTime(guest.visitor, 14 * DAY_MS))).toBe(false)
  })
})

test('9: when the gateway is asked, the order is in the database already', async () => {
  const visitor = await atCheckout()
  await site.sandbox.fault({ calls: [{ on: 'create', kind: 'slow', milliseconds: 700 }] })
  const email = 'slow@example.com'
  const answer = visitor.post('/checkout', form({ email }))
  const stored = async () => {
    const { rows } = await database.db.execute<{ status: string; charge: string | null }>(sql`
      select payments.status, payments.external_id as charge from payments join checkouts on checkouts.id = checkout_id
      where customer_email = ${email}`)
    return rows
  }
  while ((await stored()).length === 0) await new Promise((resolve) => setTimeout(resolve, 10))
  expect(await stored()).toEqual([{ status: 'created', charge: null }])
  expect((await answer).status).toBe(303)
  expect(await stored()).toMatchObject([{ status: 'pending', charge: expect.stringMatching(/^chg_/) }])
})

describe('10: money that went back', () => {
  test('by the member’s own wish ends what it opened with the next request', async () => {
    const member = await registered(site, 'withdraws@example.com')
    const order = await site.order(member)
    await pay(order)
    const [, receipt = ''] = /(\/account\/payments\/\d+)/.exec(await textOf(member.get('/account'))) ?? []
    expect(await watches(member)).toBe(true)
    await member.post(`${receipt}/withdraw`)
    expect(await watches(member)).toBe(false)

    await refundPayment(site.deps, Number(receipt.split('/').at(-1)))
    expect(await ledger(order.publicId)).toMatchObject([{ status: 'refunded' }])
    expect(await watches(member)).toBe(false)
  })

  test.each(['credit_card', 'pix'])('by the bank, of a guest’s %s, ends it as well', async (method) => {
    const order = await site.order(undefined, { method })
    await pay(order)
    expect(await watches(order.visitor)).toBe(true)
    const [charge = ''] = await site.charges(order.publicId)
    expect(await site.sandbox.happen(charge, 'dispute')).toBe(200)
    await deliver(charge, 'charged_back')
    expect(await watches(order.visitor)).toBe(false)
    expect(await textOf(order.visitor.get(order.address))).toContain('This payment was reversed')
    await order.visitor.get(`${order.address}/return`)
    expect((await order.visitor.post(`${order.address}/pay`, { method })).status).toBe(303)
    expect(await watches(order.visitor)).toBe(false)
    expect(await ledger(order.publicId)).toHaveLength(1)
  })
})

test('11: a week is over by the clock alone, for who stays signed in and for who never was', async () => {
  const plan = String(site.plans.week)
  const member = await registered(site, 'a-week@example.com')
  const email = 'a-week-as-a-guest@example.com'
  const orders = [await site.order(member, { plan }), await site.order(undefined, { plan, email })]
  for (const order of orders) await pay(order)
  for (const { visitor } of orders) {
    expect(await watches(inTime(visitor, 7 * DAY_MS - 60_000))).toBe(true)
    expect(await watches(inTime(visitor, 7 * DAY_MS))).toBe(false)
  }
})

describe('26: the number of somebody else’s', () => {
  let owner: Visitor
  let ordered: Ordered
  let receipt: string

  beforeAll(async () => {
    owner = await registered(site, 'owner@example.com')
    const paid = await site.order(owner)
    await pay(paid)
    ;[, receipt = ''] = /(\/account\/payments\/\d+)/.exec(await textOf(owner.get('/account'))) ?? []
    ordered = await site.order()
  })

  const strangers = async () => ({
    'who comes for the first time': visitorOf(site),
    'who buys': (await site.order()).visitor,
    'a member': await registered(site, `stranger-${Math.random()}@example.com`),
  })

  test('order is as if there were none, in every answer', async () => {
    for (const [who, stranger] of Object.entries(await strangers())) {
      for (const accept of ['text/html', 'application/json', 'text/event-stream']) {
        for (const [method, place] of [
          ['GET', ''],
          ['GET', '/card'],
          ['GET', '/return'],
          ['GET', '/events'],
          ['POST', '/pay'],
        ] as const) {
          const theirs = await answerOf(stranger, method, `${ordered.address}${place}`, accept)
          const nothing = await answerOf(stranger, method, `/checkout/${NO_ORDER}${place}`, accept)
          expect([who, place, theirs.status]).toEqual([who, place, 404])
          expect(theirs).toEqual(nothing)
        }
        const again = (id: string) => `/checkout?plan=${site.plans.month}&method=pix&order=${id}`
        const theirs = await answerOf(stranger, 'GET', again(ordered.publicId), accept)
        expect(theirs).toEqual(await answerOf(stranger, 'GET', again(NO_ORDER), accept))
        expect(theirs.body).not.toContain(BUYER.email)
      }
    }
    expect(await ledger(ordered.publicId)).toHaveLength(1)
  })

  test('payment is as if there were none, in every answer', async () => {
    const stranger = await registered(site, 'reads-receipts@example.com')
    for (const accept of ['text/html', 'application/json']) {
      for (const [method, place] of [
        ['GET', ''],
        ['GET', '/withdraw'],
        ['POST', '/withdraw'],
      ] as const) {
        const theirs = await answerOf(stranger, method, `${receipt}${place}`, accept)
        expect(theirs.status).toBe(404)
        const nothing = await answerOf(stranger, method, `/account/payments/99999999${place}`, accept)
        expect(theirs).toEqual(nothing)
      }
    }
    expect(await watches(owner)).toBe(true)
  })

  test('membership is canceled by nobody else', async () => {
    const stranger = await registered(site, 'cancels-others@example.com')
    for (const change of ['cancel', 'resume'])
      expect(
        (await stranger.post(`/account/subscription/${change}?user_id=1`, { user_id: '1' })).status,
      ).toBe(409)
    expect(await textOf(owner.get('/account'))).toContain('There is no automatic renewal.')
  })

  /** Without the address that was asked for and the number of the request, which are no two times the same. */
  async function answerOf(visitor: Visitor, method: 'GET' | 'POST', address: string, accept: string) {
    const headers = { Accept: accept }
    const response = await (method === 'GET'
      ? visitor.get(address, headers)
      : visitor.post(address, { method: 'pix' }, headers))
    const body = (await response.text())
      .replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'ID')
      .replaceAll(/payments(\/|%2F)\d+/g, 'payments/ID')
      .replaceAll(/urn:request:[0-9a-f]{16}/g, 'REQUEST')
    // A browser that buys nothing yet gets a name of its own.
    const headersSent = [...response.headers].filter(([name]) => name !== 'set-cookie')
    return { status: response.status, headers: headersSent, body }
  }
})

describe('pressing twice', () => {
  test('and twenty times at once, in two tabs, is one order with one charge', async () => {
    const visitor = await atCheckout()
    const before = await chargesInAll()
    const answers = await Promise.all(Array.from({ length: 20 }, () => visitor.post('/checkout', form())))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([303]))
    const orders = new Set(answers.map(publicIdOf))
    expect(orders.size).toBe(1)
    expect(await chargesInAll()).toBe(before + 1)

    const [publicId] = orders
    await Promise.all(
      Array.from({ length: 20 }, () => visitor.post(`/checkout/${publicId}/pay`, { method: 'pix' })),
    )
    expect(await chargesInAll()).toBe(before + 1)
  })

  test('PIX and card at once is one order, with at most one charge of each', async () => {
    const visitor = await atCheckout()
    const both = (index: number) => (index % 2 === 0 ? 'pix' : 'credit_card')
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => visitor.post('/checkout', form({ method: both(index) }))),
    )
    const [publicId, ...others] = new Set(answers.map(publicIdOf))
    expect(others).toEqual([])
    await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        visitor.post(`/checkout/${publicId}/pay`, { method: both(index) }),
      ),
    )
    const made = await ledger(publicId ?? '')
    expect(made.map(({ method }) => method).sort()).toEqual(['credit_card', 'pix'])
  })
})

describe('a gateway that fails', () => {
  const UNKNOWN: CallFaultKind[] = [
    'break before',
    'break after',
    'fail before',
    'fail after',
    'unavailable',
    'too many',
    'garbage after',
    'half an answer after',
    'a page after',
    'nothing after',
    'other reference after',
    'other amount after',
    'other currency after',
  ]

  test.each(
    UNKNOWN.flatMap((kind) => (['pix', 'credit_card'] as const).map((method) => [kind, method] as const)),
  )('by “%s” tells a buyer by %s that nobody knows yet, and takes no second charge', async (kind, method) => {
    await site.sandbox.fault({ calls: [{ on: 'create', kind }] })
    const { visitor, publicId, address } = await site.order(undefined, { method })
    const page = await textOf(visitor.get(address))
    expect(page).toContain('We are asking the payment company')
    expect(page).toContain('Please do not pay again')
    expect(page).not.toMatch(/sandbox answered|GatewayUncertain|Internal error/)

    expect(publicIdOf(await visitor.post('/checkout', form({ method })))).toBe(publicId)
    await visitor.post(`${address}/pay`, { method })
    const charges = (await site.sandbox.ledger()).filter(({ returnUrl }) => returnUrl.includes(publicId))
    expect(charges.map(({ amountCents }) => amountCents)).toEqual([2_990])
    expect(await textOf(visitor.get(address))).toContain(
      method === 'pix' ? 'Waiting for your payment' : 'Finish on the page of the payment company',
    )
  })

  test.each(['refuse', 'unauthorized'] as const)(
    'by “%s” has made no charge: the page says so, and the next try makes one',
    async (kind) => {
      await site.sandbox.fault({ calls: [{ on: 'create', kind }] })
      const { visitor, publicId, address } = await site.order()
      const page = await textOf(visitor.get(address))
      expect(page).toContain('Nothing was charged')
      expect(page).not.toContain('Unknown key')
      await visitor.post(`${address}/pay`, { method: 'pix' })
      expect(await ledger(publicId)).toHaveLength(1)
      expect(await textOf(visitor.get(address))).toContain('Waiting for your payment')
    },
  )

  test('by silence is waited for ten seconds, and not paid twice', async () => {
    await site.sandbox.fault({
      calls: [
        { on: 'create', kind: 'time out after' },
        { on: 'create', kind: 'time out before' },
      ],
    })
    const begun = performance.now()
    const orders = await Promise.all([site.order(), site.order()])
    expect(performance.now() - begun).toBeLessThan(15_000)
    for (const { visitor, publicId, address } of orders) {
      expect(await textOf(visitor.get(address))).toContain('We are asking the payment company')
      await visitor.post(`${address}/pay`, { method: 'pix' })
      expect(await ledger(publicId)).toHaveLength(1)
    }
  })
})

describe('trying out cards', () => {
  const from = (network: string) => ({ headers: { 'X-Forwarded-For': network } })
  const card = (fields = {}) => form({ method: 'credit_card', ...fields })

  test(`ends after ${CHARGE_LIMITS.network.credit_card} charges an hour from one network, in as many browsers as there are`, async () => {
    const browsers = await Promise.all(
      Array.from({ length: CHARGE_LIMITS.network.credit_card + 10 }, () => atCheckout(from('203.0.113.7'))),
    )
    const before = await chargesInAll()
    const answers = await Promise.all(browsers.map((browser) => browser.post('/checkout', card())))
    const refused = answers.filter(({ status }) => status === 429)
    expect(refused).toHaveLength(10)
    expect(answers.filter(({ status }) => status === 303)).toHaveLength(CHARGE_LIMITS.network.credit_card)
    expect((await chargesInAll()) - before).toBe(CHARGE_LIMITS.network.credit_card)

    const [answer] = refused
    expect(Number(answer?.headers.get('Retry-After'))).toBeGreaterThan(3_000)
    const page = await (answer as Response).text()
    expect(page).toMatch(
      /Too many payments were begun from here within an hour\. Nothing was charged; please try again in \d+ minutes\./,
    )
    expect(page).toContain('value="Maria da Silva"')

    const elsewhere = await atCheckout(from('203.0.113.8'))
    expect((await elsewhere.post('/checkout', card())).status).toBe(303)
    const household = await atCheckout(from('2001:db8:1:2:aaaa::1'))
    expect((await household.post('/checkout', card())).status).toBe(303)
  })

  test('is not stopped by what is said of other proxies, and a second press is no second try', async () => {
    const network = '203.0.113.9'
    const visitor = await atCheckout(from(network))
    for (let press = 0; press < CHARGE_LIMITS.network.credit_card + 5; press++)
      expect((await visitor.post('/checkout', card())).status).toBe(303)
    for (let index = 1; index < CHARGE_LIMITS.network.credit_card; index++) {
      const browser = await atCheckout(from(`198.51.100.${index}, ${network}`))
      expect((await browser.post('/checkout', card())).status).toBe(303)
    }
    const last = await atCheckout(from(`198.51.100.99, ${network}`))
    expect((await last.post('/checkout', card())).status).toBe(429)
    expect((await visitor.post('/checkout', card())).status).toBe(303)
  })

  test(`ends after ${CHARGE_LIMITS.browser} charges an hour in one browser, on whatever orders, and goes on after it`, async () => {
    const visitor = visitorOf(site)
    const order = await site.order(visitor, { method: 'credit_card' })
    for (let tries = 1; tries < CHARGE_LIMITS.browser; tries++) {
      await site.happen(order.publicId, 'decline')
      await visitor.get(`${order.address}/return`)
      expect((await visitor.post(`${order.address}/pay`, { method: 'credit_card' })).status).toBe(303)
    }
    expect(await ledger(order.publicId)).toHaveLength(CHARGE_LIMITS.browser)
    await site.happen(order.publicId, 'decline')
    await visitor.get(`${order.address}/return`)

    const refused = await visitor.post(`${order.address}/pay`, { method: 'credit_card' })
    expect([refused.status, Number(refused.headers.get('Retry-After')) > 3_000]).toEqual([429, true])
    const page = await refused.text()
    expect(page).toContain('Too many payments were begun from here within an hour')
    expect(page).toContain('The card was not accepted')
    expect((await visitor.post('/checkout', card({ plan: String(site.plans.week) }))).status).toBe(429)
    expect(await ledger(order.publicId)).toHaveLength(CHARGE_LIMITS.browser)

    const later = inTime(visitor, 3_601_000)
    expect((await later.post(`${order.address}/pay`, { method: 'credit_card' })).status).toBe(303)
  })

  test('leaves no address in the table of counts', async () => {
    const { rows } = await database.db.execute<{ key: string }>(sql`select key from rate_limits`)
    expect(rows.some(({ key }) => key.startsWith('credit_card by network'))).toBe(true)
    expect(rows.map(({ key }) => key).join(' ')).not.toMatch(/203\.0\.113|198\.51|2001:db8/)
  })
})

test('of one network fifty pages wait at a time, and others wait beside it', async () => {
  const network = { headers: { 'X-Forwarded-For': '192.0.2.50' } }
  const orders = await Promise.all(
    Array.from({ length: 11 }, async () => site.order(visitorOf(site, network))),
  )
  const listen = (order: Ordered | undefined) => order?.visitor.get(`${order.address}/events`)
  const open = await Promise.all(
    orders.slice(0, 10).flatMap((order) => Array.from({ length: 5 }, () => listen(order))),
  )
  expect(new Set(open.map((answer) => answer?.status))).toEqual(new Set([200]))
  expect((await listen(orders[10]))?.status).toBe(503)
  const elsewhere = await listen(await site.order())
  expect(elsewhere?.status).toBe(200)
  await Promise.all([...open, elsewhere].map((answer) => answer?.body?.cancel()))
  const again = await listen(orders[10])
  expect(again?.status).toBe(200)
  await again?.body?.cancel()
})

describe('a buyer’s CPF', () => {
  test('is found by nobody who has the database and tries all there are, but not the key', async () => {
    const cpf = '11144477735'
    const { publicId } = await site.order(undefined, { document: '111.444.777-35' })
    const [row] = await database.db.select().from(checkouts).where(eq(checkouts.publicId, publicId))
    expect(row?.customerDocument).toMatch(/^v1\./)
    const { hashKey } = site.deps
    expect(row?.documentHash).toBe(documentHash(hashKey, cpf))
    const guesses = [cpf, '111.444.777-35', `document ${cpf}`, `${cpf}${publicId}`, `${publicId}${cpf}`]
    const unkeyed = guesses.flatMap((guess) =>
      ['md5', 'sha1', 'sha256', 'sha512'].map((hash) => createHash(hash).update(guess).digest('hex')),
    )
    expect(unkeyed).not.toContain(row?.documentHash)
    expect(documentHash(Buffer.alloc(32), cpf)).not.toBe(row?.documentHash)
  })
})

describe('a form with fields that it does not have', () => {
  /** Of rows and columns, of languages, and of those who look for the first admin. */
  const EXTRAS: Record<string, string> = {
    role: 'admin',
    admin: 'true',
    is_admin: '1',
    status: 'paid',
    price: '1',
    total: '1',
    amount_cents: '1',
    total_amount: '1',
    totalAmount: '1',
    plan_cents: '1',
    plan_days: '36500',
    duration: '36500',
    bump_cents: '-2990',
    order_bump: 'true',
    currency: 'XXX',
    user_id: '1',
    userId: '1',
    session_id: '1',
    sessionId: '1',
    public_id: NO_ORDER,
    id: '1',
    claimed_at: '2020-01-01',
    disabled_at: '2020-01-01',
    erased_at: '2020-01-01',
    paid_at: '2020-01-01',
    end_date: '2099-01-01',
    access_until: '2099-01-01',
    subscription_status: '1',
    gateway_id: '1',
    external_id: 'chg_1',
    is_surplus: 'true',
    network: '127.0.0.1',
    agePassed: 'true',
    viewer: 'admin',
    _method: 'DELETE',
    __proto__: '{"role":"admin"}',
    '__proto__[role]': 'admin',
    '__proto__.role': 'admin',
    'constructor[prototype][role]': 'admin',
    'constructor.prototype.role': 'admin',
    prototype: 'admin',
    toString: 'admin',
    hasOwnProperty: 'admin',
    'role[]': 'admin',
    $where: '1',
  }

  /** What each form is sent with otherwise; a route that is not here fails the test. */
  const FORMS: Record<string, Record<string, string>> = {
    '/age': { to: '/' },
    '/sign-in': { email: 'nobody@example.com', password: 'wrong harbour 42' },
    '/sign-out': {},
    '/register': { email: 'extra-fields@example.com' },
    '/reset': { email: 'extra-fields@example.com' },
    '/account/link/:token': { name: 'Rita', email: 'root@example.com', password: 'quiet harbour 43' },
    '/account/security/password': { current: 'quiet harbour 42', next: 'quiet harbour 42' },
    '/account/security/sessions/end': {},
    '/account/security/sessions/:id{[1-9][0-9]{0,8}}/end': {},
    '/account/details/name': { name: 'Rita' },
    '/account/details/email': { email: 'taken@example.com', password: 'wrong harbour 42' },
    '/account/data/erase': { password: 'wrong harbour 42' },
    '/account/subscription/cancel': {},
    '/account/subscription/resume': {},
    '/account/payments/:id{[1-9][0-9]{0,8}}/withdraw': {},
    '/checkout': { ...BUYER },
    '/checkout/:publicId/pay': { method: 'credit_card' },
    '/checkout/:publicId/email': { email: 'taken@example.com' },
    '/sandbox/pay/:charge{chg_[0-9a-f]{32}}': { outcome: 'nothing' },
    '/sandbox/charges/:charge{chg_[0-9a-f]{32}}': { outcome: 'nothing' },
    '/webhooks/:gateway': { type: 'charge.paid' },
  }

  /** Those that end what one is signed in with come last. */
  const posts = () =>
    [
      ...new Set(
        site.app.routes
          .filter(({ method, handler }) => method === 'POST' && policyOf(handler))
          .map(({ path }) => path),
      ),
    ].sort((left, right) => Number(/end$|sign-out/.test(left)) - Number(/end$|sign-out/.test(right)))

  /** Whatever a form could have changed that it should not. */
  const rights = async () => {
    const { rows } = await database.db.execute(sql`
      select 'user' as what, id, concat_ws(' ', role, subscription_status, disabled_at, erased_at) as now from users
      union all select 'plan', id, concat_ws(' ', price, duration, retired_at) from plans
      union all select 'gateway', id, concat_ws(' ', is_active, md5(secret_key)) from payment_gateways
      union all select 'setting', 0, concat_ws(' ', key, value) from admin_settings
      union all select 'term', id, concat_ws(' ', user_id, ends_at, revoked_at) from terms
      union all select 'subscription', id, concat_ws(' ', user_id, status, end_date) from subscriptions
      union all select 'paid', id, concat_ws(' ', user_id, status, total_amount) from checkouts
        where status in ('paid', 'refunded', 'charged_back')
      order by 1, 2, 3`)
    return rows
  }

  test('changes nothing by them: every form of the site, by a guest and by a member', async () => {
    expect(posts().filter((route) => !(route in FORMS))).toEqual([])
    const member = await registered(site, 'extra-fields@example.com')
    const paid = await site.order(member)
    await pay(paid)
    const people = { guest: (await site.order()).visitor, member }
    const open = { guest: await site.order(people.guest), member: await site.order(member) }
    const before = await rights()
    const statuses = new Set<number>()
    for (const [who, visitor] of Object.entries(people) as Array<['guest' | 'member', Visitor]>) {
      const [charge = ''] = await site.charges(open[who].publicId)
      for (const route of posts()) {
        const address = filled(route, {
          token: 'x'.repeat(43),
          publicId: open[who].publicId,
          charge,
          id: '99999999',
        })
        const fields = {
          ...FORMS[route],
          ...(route === '/checkout' && { plan: String(site.plans.month) }),
          ...EXTRAS,
        }
        if (route.includes('subscription')) continue
        const { status } = await visitor.post(address, fields)
        statuses.add(status)
        expect(status, `${who} ${route}`).toBeLessThan(500)
        const isJson = await visitor.post(address, {}, { 'Content-Type': 'application/json' })
        expect(isJson.status, `${who} ${route}`).toBeLessThan(500)
      }
    }
    expect(await rights()).toEqual(before)
    expect(({} as Record<string, unknown>).role).toBeUndefined()
    const { rows } = await database.db.execute(
      sql`select 1 from checkouts where total_amount not in (990, 2990, 5990, 19990, 126446) or currency <> 'BRL'`,
    )
    expect(rows).toEqual([])
  })

  test('makes nobody an admin who follows a link', async () => {
    await database.db.execute(sql`delete from rate_limits`)
    const email = 'follows-a-link@example.com'
    const visitor = visitorOf(site)
    await visitor.post('/register', { email, ...EXTRAS })
    const mail = (await deliverMails(site)).find(({ to }) => to === email)
    await visitor.post(linkIn(mail), { name: 'Rita', password: 'quiet harbour 43', ...EXTRAS })
    const { rows } = await database.db.execute(
      sql`select role, email, disabled_at from users where email in (${email}, 'root@example.com')`,
    )
    expect(rows).toEqual([{ role: 'user', email, disabled_at: null }])
    expect(await watches(visitor)).toBe(false)
  })

  test('is refused or taken in words, whatever stands in its own: never a failure of ours', async () => {
    const member = await registered(site, 'odd-values@example.com')
    const { publicId } = await site.order(member)
    const odd = [
      '',
      '\0',
      'a\0b',
      '\r\nSet-Cookie: a=b',
      '\ud800',
      '\u202e',
      '-1',
      '1e309',
      'NaN',
      '[]',
      '9'.repeat(400),
      'é'.repeat(5_000),
      "';--",
      '%',
      '{{7*7}}',
      '../../etc/passwd',
    ]
    for (const route of posts()) {
      const address = filled(route, {
        token: 'x'.repeat(43),
        publicId,
        charge: `chg_${'0'.repeat(32)}`,
        id: '99999999',
      })
      const fields = Object.keys({ ...FORMS[route], ...(route === '/checkout' && { plan: '' }) })
      for (const field of fields) {
        for (const value of odd) {
          const own = { ...FORMS[route], ...(route === '/checkout' && { plan: String(site.plans.month) }) }
          const response = await member.post(address, { ...own, [field]: value })
          expect(response.status, `${route} ${field} ${JSON.stringify(value.slice(0, 20))}`).toBeLessThan(500)
          expect(response.headers.get('Set-Cookie') ?? '').not.toContain('a=b')
        }
      }
    }
  })

  const filled = (route: string, values: Record<string, string>) =>
    route.replaceAll(/:(\w+)(\{(?:[^{}]|\{[^{}]*\})*\})?/g, (_, name: string) => values[name] ?? 'sandbox')
})
