import { eq, sql } from 'drizzle-orm'
import jsQR from 'jsqr'
import sharp from 'sharp'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { payments } from '#src/db/billing-tables.ts'
import type { Database } from '#src/db/index.ts'
import { checkouts, paymentGateways, plans, users } from '#src/db/schema.ts'
import { ASKS } from '#src/services/billing/charge-limits.ts'
import { disableMember } from '#src/services/billing/members.ts'
import { retirePlan } from '#src/services/billing/plans.ts'
import { settle } from '#src/services/billing/settle.ts'
import { writeSetting } from '#src/services/settings/settings.ts'
import { startServer } from '#src/web/server.ts'
import { openTestDatabase } from '#test/support/database.ts'
import { SCRIPT_PAYLOADS } from '#test/support/script-payloads.ts'
import { BUYER, openSellingSite, type SellingSite } from '#test/support/selling.ts'
import { deliverMails, linkIn, PASSWORD, registered, type Visitor, visitorOf } from '#test/support/visitor.ts'

const DAY_MS = 86_400_000
const FORM_TYPE = 'application/x-www-form-urlencoded'

let database: Database
let site: SellingSite

beforeAll(async () => {
  database = await openTestDatabase()
  site = await openSellingSite(database)
  await site.addCreator('Lagoa', { praia: ['1.jpg'] })
})
afterEach(() => site.sandbox.fault({}))
afterAll(async () => {
  await site.close()
  await database.close()
})

const textOf = async (answer: Response | Promise<Response>) =>
  (await (await answer).text()).replace(/<!--.*?-->/g, '').replace(/&#39;/g, "'")

const form = (fields: Record<string, string> = {}) => ({
  ...BUYER,
  plan: String(site.plans.month),
  ...fields,
})

/** As who sends a form comes from our page. */
async function atCheckout(plan = site.plans.month): Promise<Visitor> {
  const visitor = visitorOf(site)
  await visitor.get(`/checkout?plan=${plan}`)
  return visitor
}

/** However slow the machine is on which this is tried. */
const mostAsksSince = (begun: number) =>
  ASKS.times * (1 + Math.floor((performance.now() - begun) / (ASKS.seconds * 1_000)))

const ledger = async (publicId: string) => {
  const ids = await site.charges(publicId)
  return (await site.sandbox.ledger()).filter(({ id }) => ids.includes(id))
}

describe('a visitor without an account', () => {
  test('picks a plan, pays with PIX and watches', async () => {
    const visitor = visitorOf(site)
    expect(await textOf(visitor.get('/plans'))).toContain(`/checkout?plan=${site.plans.month}`)
    expect(await textOf(visitor.get('/posts/1'))).toContain('This post is for members')

    const { address, publicId } = await site.order(visitor)
    const waiting = await textOf(visitor.get(address))
    expect(waiting).toContain('Pay R$29.90 with PIX')
    expect(waiting).toContain('Waiting for your payment')

    await site.happen(publicId, 'pay')
    const back = await visitor.get(`${address}/return`)
    expect([back.status, back.headers.get('Location')]).toEqual([303, address])
    const paid = await textOf(visitor.get(address))
    expect(paid).toContain('Thank you, it is paid')
    expect(paid).toContain('we have mailed to maria@example.com')
    expect(await textOf(visitor.get('/posts/1'))).not.toContain('This post is for members')
    expect(await textOf(visitorOf(site).get('/posts/1'))).toContain('This post is for members')
  })

  test.each([
    ['http://localhost/posts/1', '/posts/1'],
    ['https://elsewhere.example/posts/1', '/posts/1'],
    ['http://localhost/creators', '/'],
    ['http://localhost//evil.example/posts/1', '/'],
    ['/posts/1', '/'],
  ])('who came to the plans from %s watches at %s once it is paid', async (referrer, watchAt) => {
    const visitor = visitorOf(site)
    await visitor.get('/plans', { Referer: referrer })
    const { publicId, address } = await site.order(visitor)
    await site.happen(publicId, 'pay')
    await visitor.get(`${address}/return`)
    expect(await textOf(visitor.get(address))).toContain(`<a class="button" href="${watchAt}">`)
  })

  test('pays by card on the page of the gateway, and comes back', async () => {
    const visitor = await atCheckout()
    const answer = await visitor.post('/checkout', form({ method: 'credit_card' }))
    const handoff = answer.headers.get('Location') ?? ''
    expect(handoff).toMatch(/^\/checkout\/[0-9a-f-]{36}\/card$/)
    const address = handoff.replace('/card', '')
    const publicId = address.replace('/checkout/', '')

    const on = await visitor.get(handoff)
    const [charge = ''] = await site.charges(publicId)
    expect(on.headers.get('Refresh')).toBe(`0; url=http://localhost/sandbox/pay/${charge}`)
    expect(await textOf(visitor.get(address))).toContain('Finish on the page of the payment company')

    await site.happen(publicId, 'pay')
    await visitor.get(`${address}/return`)
    expect(await textOf(visitor.get(address))).toContain('Thank you, it is paid')
    expect((await visitor.get(handoff)).headers.get('Location')).toBe(address)
  })

  test('finds the way back to a payment that waits, until it is paid', async () => {
    const { visitor, address, publicId } = await site.order()
    expect(await textOf(visitor.get('/plans'))).toContain(`href="${address}"`)
    expect(await textOf(visitorOf(site).get('/plans'))).not.toContain(address)
    await site.happen(publicId, 'pay')
    await visitor.get(`${address}/return`)
    expect(await textOf(visitor.get('/plans'))).not.toContain(address)
  })

  test('reads the same after paying, whether the e-mail had an account before or not', async () => {
    await registered(site, 'known@example.com')
    const pages = []
    for (const email of ['known@example.com', 'fresh@example.com']) {
      const { visitor, publicId, address } = await site.order(undefined, { email })
      await site.happen(publicId, 'pay')
      await visitor.get(`${address}/return`)
      const page = await textOf(visitor.get(address))
      expect(page).toContain('Thank you, it is paid')
      pages.push(page.replaceAll(email, 'EMAIL').replaceAll(publicId, 'ID'))
    }
    expect(pages[0]).toBe(pages[1])
  })

  test('who asks again and again is answered, and the gateway is left in peace', async () => {
    const { visitor, address } = await site.order()
    const fetching = vi.spyOn(globalThis, 'fetch')
    const begun = performance.now()
    for (let times = 0; times < 20; times++) {
      expect((await visitor.get(`${address}/return`)).status).toBe(303)
    }
    const asked = fetching.mock.calls.filter(([url]) => String(url).includes('/charges/')).length
    expect(asked).toBeGreaterThan(0)
    expect(asked).toBeLessThanOrEqual(mostAsksSince(begun))
  })

  test('who buys again is told until when both let them watch', async () => {
    const { visitor, publicId, address } = await site.order(undefined, { plan: String(site.plans.week) })
    await site.happen(publicId, 'pay')
    await visitor.get(`${address}/return`)
    const page = await textOf(visitor.get(`/checkout?plan=${site.plans.week}`))
    const told = /Added to the time you have: you watch until ([^.<]+)\./.exec(page)?.[1] ?? ''
    expect(Date.parse(told) - Date.now()).toBeGreaterThan(12.5 * DAY_MS)

    const again = await site.order(visitor, { plan: String(site.plans.week) })
    await site.happen(again.publicId, 'pay')
    await visitor.get(`${again.address}/return`)
    expect(await textOf(visitor.get(again.address))).toContain(told)
  })

  test('is told that cookies are needed, before anything is charged', async () => {
    const answer = await visitorOf(site).post('/checkout', form())
    expect(answer.status).toBe(400)
    expect(await textOf(answer)).toContain('keeps no cookies')
  })

  test('buys under a fresh name in a browser in which a member was signed out', async () => {
    const member = await registered(site, 'signed-out@example.com')
    const token = member.cookie('session') ?? ''
    await member.post('/account/security/sessions/end')
    const visitor = visitorOf(site)
    visitor.setCookie('session', token)
    const { address } = await site.order(visitor)
    expect((await visitor.get(address)).status).toBe(200)
  })
})

describe('the QR code', () => {
  test('is read by a camera as the code that can be copied', async () => {
    const { visitor, address } = await site.order()
    const page = await textOf(visitor.get(address))
    const code = /<textarea[^>]*>([^<]*)<\/textarea>/.exec(page)?.[1] ?? ''
    const svg = /<svg class="qr-code"[\s\S]*?<\/svg>/.exec(page)?.[0] ?? ''
    const drawn = svg.replace('<svg', '<svg xmlns="http://www.w3.org/2000/svg"')
    const { data, info } = await sharp(Buffer.from(drawn))
      .ensureAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true })
    expect(jsQR.default(new Uint8ClampedArray(data), info.width, info.height)?.data).toBe(code)
    expect(code).toMatch(/^000201.*6304[0-9A-F]{4}$/)
    expect(svg).toContain('aria-label="QR code to pay R$29.90 with PIX"')
  })
})

describe('the amount', () => {
  test('is the server’s, whatever the browser says', async () => {
    const amounts = { price: '1', amount: '0.01', total: '-5', total_amount: '99999999999', cents: '1' }
    const { publicId } = await site.order(undefined, amounts)
    expect(await ledger(publicId)).toMatchObject([{ amountCents: 2_990, currency: 'BRL' }])
  })

  test('has the bump on a line of its own, if it is wanted and offered', async () => {
    await writeSetting(database.db, 'bump_name', 'Wallpapers')
    await writeSetting(database.db, 'bump_price', '9.90')
    await writeSetting(database.db, 'bump', 'true')
    const page = await textOf(visitorOf(site).get(`/checkout?plan=${site.plans.month}`))
    expect(page).toMatch(/Add to your order:[\s\S]*Wallpapers[\s\S]*\+ R\$9\.90/)
    expect(page).toContain('R$39.80')
    const wanted = await site.order(undefined, { bump: 'on' })
    expect(await ledger(wanted.publicId)).toMatchObject([{ amountCents: 3_980 }])
    expect(await textOf(wanted.visitor.get(wanted.address))).toMatch(
      /Wallpapers[\s\S]*R\$9\.90[\s\S]*R\$39\.80/,
    )
    expect(await ledger((await site.order()).publicId)).toMatchObject([{ amountCents: 2_990 }])

    await writeSetting(database.db, 'bump', 'false')
    const tooLate = await site.order(undefined, { bump: 'on' })
    expect(await ledger(tooLate.publicId)).toMatchObject([{ amountCents: 2_990 }])
  })

  test('is shown again when it has changed since the page was opened', async () => {
    const plan = await site.addPlan({ name: 'Fickle', priceCents: 1_000 })
    const visitor = visitorOf(site)
    const page = await textOf(visitor.get(`/checkout?plan=${plan}`))
    const seen = /name="seen" value="([^"]*)"/.exec(page)?.[1] ?? ''
    await database.db.update(plans).set({ price: 2_000 }).where(eq(plans.id, plan))

    const answer = await visitor.post('/checkout', form({ plan: String(plan), seen }))
    expect(answer.status).toBe(409)
    const again = await textOf(answer)
    expect(again).toContain('The offer has changed meanwhile')
    expect(again).toContain('Pay R$20.00 with PIX')
    expect(again).toContain('value="Maria da Silva"')
    const seenNow = /name="seen" value="([^"]*)"/.exec(again)?.[1] ?? ''
    const { publicId } = await site.order(visitor, { plan: String(plan), seen: seenNow })
    expect(await ledger(publicId)).toMatchObject([{ amountCents: 2_000 }])
  })
})

describe('a plan', () => {
  test.each([
    '',
    '0',
    '-1',
    '1.5',
    '1e1',
    ' 1',
    '01',
    'abc',
    '2147483648',
    '99999999999999999999',
    '1;drop',
    '\0',
    '999',
  ])('that there is not cannot be bought: %j', async (plan) => {
    const visitor = await atCheckout()
    const page = await visitor.get(`/checkout?${new URLSearchParams({ plan })}`)
    expect(page.status).toBe(404)
    expect(await textOf(page)).toContain('This plan is not sold any more')
    expect((await visitor.post('/checkout', form({ plan }))).status).toBe(404)
  })

  test('that was retired cannot be bought, by who has its page open either', async () => {
    const plan = await site.addPlan({ name: 'Last year' })
    const visitor = await atCheckout(plan)
    await retirePlan(database.db, plan, new Date())
    const answer = await visitor.post('/checkout', form({ plan: String(plan) }))
    expect(answer.status).toBe(404)
    expect(await textOf(answer)).toContain('This plan is not sold any more')
    expect(await textOf(visitor.get('/plans'))).not.toContain('Last year')
  })

  test('that accepts no card offers none, and refuses one', async () => {
    const plan = await site.addPlan({ name: 'PIX alone', acceptsCard: false })
    const visitor = visitorOf(site)
    expect(await textOf(visitor.get(`/checkout?plan=${plan}`))).not.toContain('value="credit_card"')
    const answer = await visitor.post('/checkout', form({ plan: String(plan), method: 'credit_card' }))
    expect(answer.status).toBe(422)
    expect(await textOf(answer)).toContain('This plan cannot be paid that way')

    const { publicId, address } = await site.order(visitor, { plan: String(plan) })
    const paid = await visitor.post(`${address}/pay`, { method: 'credit_card' })
    expect(paid.status).toBe(400)
    expect(await ledger(publicId)).toHaveLength(1)
  })

  test('that is sold elsewhere leads there, and cannot be bought here', async () => {
    const plan = await site.addPlan({ name: 'Elsewhere', checkoutUrl: 'https://shop.example/plan' })
    const visitor = await atCheckout()
    expect(await textOf(visitor.get('/plans'))).toContain('href="https://shop.example/plan"')
    const page = await visitor.get(`/checkout?plan=${plan}`)
    expect([page.status, page.headers.get('Location')]).toEqual([303, 'https://shop.example/plan'])
    expect((await visitor.post('/checkout', form({ plan: String(plan) }))).status).toBe(404)
    await retirePlan(database.db, plan, new Date())
  })

  test.each(['javascript:alert(1)', 'http://shop.example/', 'data:text/html,x', ''])(
    'whose shop is %j leads nobody there',
    async (checkoutUrl) => {
      const plan = await site.addPlan({ name: 'Odd' })
      await database.db.update(plans).set({ checkoutUrl }).where(eq(plans.id, plan))
      const visitor = visitorOf(site)
      const page = await textOf(visitor.get('/plans'))
      expect(page).toContain('Cannot be bought right now')
      if (checkoutUrl !== '') expect(page).not.toContain(`"${checkoutUrl}"`)
      expect((await visitor.get(`/checkout?plan=${plan}`)).headers.get('Location')).toBeNull()
      await retirePlan(database.db, plan, new Date())
    },
  )
})

describe('a mistake', () => {
  test('is told beside its field, and what was typed stays', async () => {
    const visitor = await atCheckout()
    const typed = { name: 'M', email: 'maria@', document: '111.111.111-11', method: 'pix' }
    const answer = await visitor.post('/checkout', form(typed))
    expect(answer.status).toBe(422)
    const page = await textOf(answer)
    expect(page).toContain('3 things need another look.')
    for (const [field, words] of Object.entries({
      name: 'Please write your name in full.',
      email: 'This is no e-mail address.',
      document: 'This CPF does not exist.',
    })) {
      expect(page).toMatch(new RegExp(`id="${field}-error"[^>]*>${words}`))
      expect(page).toMatch(new RegExp(`id="${field}"[^>]*value="${typed[field as 'name']}"`))
    }
    expect(page.match(/ autofocus/g)).toHaveLength(1)
    expect(page).toMatch(/id="name"[^>]* autofocus/)
  })

  test('is told in the language of the page', async () => {
    const visitor = visitorOf(site, { headers: { 'Accept-Language': 'pt-BR' } })
    await visitor.get(`/checkout?plan=${site.plans.month}`)
    const page = await textOf(visitor.post('/checkout', form({ document: '111.111.111-11' })))
    expect(page).toContain('CPF inválido. Confira os números.')
    expect(page).toContain('Pagar R$\u00a029,90 com Pix')
  })

  test('keeps the chosen method and the bump', async () => {
    await writeSetting(database.db, 'bump', 'true')
    const visitor = await atCheckout()
    const page = await textOf(
      visitor.post('/checkout', form({ name: '', method: 'credit_card', bump: 'on' })),
    )
    await writeSetting(database.db, 'bump', 'false')
    expect(page).toMatch(/value="credit_card"[^>]* checked/)
    expect(page).not.toMatch(/value="pix"[^>]* checked/)
    expect(page).toMatch(/name="bump"[^>]* checked/)
  })

  test('made of markup is text on the page', async () => {
    const visitor = await atCheckout()
    for (const payload of SCRIPT_PAYLOADS.filter((text) => text.includes('<'))) {
      const fields = { name: payload, email: payload, document: payload, method: payload }
      const page = await textOf(visitor.post('/checkout', form(fields)))
      expect(page).not.toContain(payload)
    }
  })

  test.each<[string, RequestInit]>([
    ['JSON', { body: '{"plan":1}', headers: { 'Content-Type': 'application/json' } }],
    ['nothing', {}],
    ['half a multipart', { body: '--x\r\n', headers: { 'Content-Type': 'multipart/form-data; boundary=x' } }],
    ['a multipart without its boundary', { body: 'x', headers: { 'Content-Type': 'multipart/form-data' } }],
    ['ten thousand fields', { body: 'a=&'.repeat(10_000), headers: { 'Content-Type': FORM_TYPE } }],
    ['half a character', { body: 'plan=%C3', headers: { 'Content-Type': FORM_TYPE } }],
  ])('in the form itself is a clear refusal: %s', async (_, init) => {
    const { status } = await site.app.request('/checkout', { method: 'POST', ...init })
    expect(status).toBeGreaterThanOrEqual(400)
    expect(status).toBeLessThan(500)
  })
})

describe('another person', () => {
  test('finds nothing at the address of a checkout, whatever they do there', async () => {
    const { address } = await site.order()
    const nobody = '/checkout/2f1b7a54-0000-4000-8000-000000000000'
    const others = [visitorOf(site), await atCheckout(), await registered(site, 'other@example.com')]
    for (const other of others) {
      for (const page of ['', '/card', '/return', '/events']) {
        expect((await other.get(`${address}${page}`)).status, page).toBe(404)
        expect((await other.get(`${nobody}${page}`)).status, page).toBe(404)
      }
      expect((await other.post(`${address}/pay`, { method: 'pix' })).status).toBe(404)
    }
  })

  test.each(['x', '1', '%00', '..%2f..', "'", '2F1B7A54', `${'a'.repeat(300)}`])(
    'finds nothing by guessing %j',
    async (id) => {
      const { visitor } = await site.order()
      expect((await visitor.get(`/checkout/${id}`)).status).toBe(404)
    },
  )

  test('cannot send the form from their own site', async () => {
    const visitor = await atCheckout()
    const { status } = await visitor.post('/checkout', form(), { 'Sec-Fetch-Site': 'cross-site' })
    expect(status).toBe(403)
  })
})

describe('sending twice', () => {
  test('by a double click or from two tabs is one checkout with one charge', async () => {
    const visitor = await atCheckout()
    const answers = await Promise.all(Array.from({ length: 6 }, () => visitor.post('/checkout', form())))
    const places = new Set(answers.map(({ headers }) => headers.get('Location')))
    expect(places.size).toBe(1)
    const [place = ''] = places
    expect(await ledger((place ?? '').replace('/checkout/', ''))).toHaveLength(1)
  })

  test('for another plan leaves the order before', async () => {
    const first = await site.order()
    const second = await site.order(first.visitor, { plan: String(site.plans.week) })
    expect(second.address).not.toBe(first.address)
    expect(await textOf(first.visitor.get(first.address))).toContain('You have begun another order since')
    expect(await textOf(first.visitor.get(second.address))).toContain('Pay R$9.90 with PIX')
  })

  test('the button to pay again for what is paid shows that it is', async () => {
    const { visitor, publicId, address } = await site.order()
    await site.happen(publicId, 'pay')
    await visitor.get(`${address}/return`)
    const again = await visitor.post(`${address}/pay`, { method: 'credit_card' })
    expect([again.status, again.headers.get('Location')]).toEqual([303, address])
    expect(await ledger(publicId)).toHaveLength(1)
  })
})

describe('a gateway', () => {
  test('that does not answer is not paid twice: the page says so, and goes on once it does', async () => {
    await site.sandbox.fault({ calls: [{ on: 'create', kind: 'fail after' }] })
    const { visitor, publicId, address } = await site.order()
    const page = await textOf(visitor.get(address))
    expect(page).toContain('We are asking the payment company')
    expect(page).toContain('Please do not pay again')
    expect(page).toContain('http-equiv="refresh" content="10"')

    await visitor.get(`${address}/return`)
    expect(await textOf(visitor.get(address))).toContain('Waiting for your payment')
    expect(await ledger(publicId)).toHaveLength(1)
  })

  test('that is out of order is not asked more often for every try of a buyer', async () => {
    await site.sandbox.fault({ calls: [{ on: 'create', kind: 'unavailable', times: 40 }] })
    const visitor = await atCheckout()
    const fetching = vi.spyOn(globalThis, 'fetch')
    const begun = performance.now()
    const answers = []
    for (let times = 0; times < 15; times++) answers.push((await visitor.post('/checkout', form())).status)
    const asked = fetching.mock.calls.filter(([url]) => String(url).endsWith('/charges')).length
    expect(new Set(answers)).toEqual(new Set([303]))
    expect(asked).toBeGreaterThan(0)
    expect(asked).toBeLessThanOrEqual(mostAsksSince(begun))
  })

  test('that is not there is told as what it is, and what was typed stays', async () => {
    const visitor = await atCheckout()
    const page = await textOf(visitor.get(`/checkout?plan=${site.plans.month}`))
    expect(page).toContain('Pay R$29.90 with PIX')
    const setActive = (isActive: boolean) =>
      database.db.update(paymentGateways).set({ isActive }).where(eq(paymentGateways.id, site.gatewayId))
    await setActive(false)
    const refused = await visitor.post('/checkout', form())
    expect(refused.status).toBe(422)
    expect(await textOf(refused)).toContain('Nothing can be bought right now')
    expect(await textOf(visitor.get('/plans'))).toContain('Nothing can be bought right now')
    await setActive(true)
  })

  test('that refuses the card lets the buyer try again, and takes the money once', async () => {
    const { visitor, publicId, address } = await site.order(undefined, { method: 'credit_card' })
    await site.happen(publicId, 'decline')
    await visitor.get(`${address}/return`)
    const page = await textOf(visitor.get(address))
    expect(page).toContain('The card was not accepted')
    expect(page).toContain('Nothing was charged')

    const again = await visitor.post(`${address}/pay`, { method: 'credit_card' })
    expect(again.headers.get('Location')).toBe(`${address}/card`)
    await site.happen(publicId, 'pay')
    await visitor.get(`${address}/return`)
    expect(await textOf(visitor.get(address))).toContain('Thank you, it is paid')
    expect((await ledger(publicId)).map(({ status }) => status).sort()).toEqual(['failed', 'paid'])
  })

  test('that tells of a payment which the buyer has canceled speaks of no refusal, and takes another try', async () => {
    const { visitor, publicId, address } = await site.order(undefined, { method: 'credit_card' })
    await site.happen(publicId, 'cancel')
    await visitor.get(`${address}/return`)
    const page = await textOf(visitor.get(address))
    expect(page).toContain('The payment was canceled')
    expect(page).toContain('Try a card again')
    expect(page).not.toContain('The card was not accepted')
  })

  test('lets a guest watch, who is told so where members sign in', async () => {
    const { visitor, publicId, address } = await site.order()
    const isTold = async () =>
      (await textOf(visitor.get('/sign-in?to=/account'))).includes('You can watch on this device already.')
    expect(await isTold()).toBe(false)
    await site.happen(publicId, 'pay')
    await visitor.get(`${address}/return`)
    expect(await isTold()).toBe(true)
  })

  test('is asked again by hand, and the page says that nothing has come yet', async () => {
    const { visitor, address } = await site.order()
    expect(await textOf(visitor.get(address))).not.toContain('Checked just now')
    const asked = await visitor.get(`${address}/return?checked`)
    expect(asked.headers.get('Location')).toBe(`${address}?checked`)
    expect(await textOf(visitor.get(`${address}?checked`))).toContain('Checked just now')
  })

  test('whose code has expired makes another', async () => {
    const { visitor, publicId, address } = await site.order()
    await site.happen(publicId, 'expire')
    await visitor.get(`${address}/return`)
    expect(await textOf(visitor.get(address))).toContain('The time to pay is over')
    await visitor.post(`${address}/pay`, { method: 'pix' })
    expect(await textOf(visitor.get(address))).toContain('Waiting for your payment')
    expect(await ledger(publicId)).toHaveLength(2)
  })

  test('is asked for PIX instead of a card, and back, with one charge of each', async () => {
    const { visitor, publicId, address } = await site.order()
    await visitor.post(`${address}/pay`, { method: 'credit_card' })
    expect(await textOf(visitor.get(address))).toContain('Pay with PIX instead')
    await visitor.post(`${address}/pay`, { method: 'pix' })
    expect(await textOf(visitor.get(address))).toContain('Waiting for your payment')
    expect(await ledger(publicId)).toHaveLength(2)
  })
})

test('who turns from card to PIX is asked for the CPF that PIX needs, and for nothing a second time', async () => {
  const order = { method: 'credit_card', document: '', name: 'Rita Alves', email: 'rita@example.com' }
  const { visitor, publicId, address } = await site.order(undefined, order)
  const asked = (await visitor.post(`${address}/pay`, { method: 'pix' })).headers.get('Location') ?? ''
  expect(asked).toContain(`/checkout?plan=${site.plans.month}&method=pix`)
  const page = await textOf(visitor.get(asked))
  expect(page).toContain('value="Rita Alves"')
  expect(page).toContain('value="rita@example.com"')
  expect(page).toMatch(/value="pix"[^>]* checked/)
  expect(page).toContain('Your order goes on here')
  expect(page).toContain('CPF or CNPJ')
  expect((await visitorOf(site).get(asked)).status).toBe(404)

  const { address: next } = await site.order(visitor, { ...order, method: 'pix', document: '52998224725' })
  expect(next).toBe(address)
  expect(await textOf(visitor.get(next))).toContain('Waiting for your payment')
  expect((await ledger(publicId)).map(({ method }) => method).sort()).toEqual(['credit_card', 'pix'])
})

describe('events', () => {
  test('tell how it is, and that it is paid, and end', async () => {
    const { visitor, publicId, address } = await site.order()
    const answer = await visitor.get(`${address}/events`)
    expect(answer.headers.get('Content-Type')).toContain('text/event-stream')
    const reader = answer.body?.getReader()
    let told = ''
    const hear = async (words: string) => {
      while (!told.includes(words)) {
        const part = await reader?.read()
        if (!part?.value) return
        told += new TextDecoder().decode(part.value)
      }
    }
    await hear('event: status\ndata: pending\n')
    await site.happen(publicId, 'pay')
    await visitor.get(`${address}/return`)
    await hear('nothing more')
    expect(told).toBe('retry: 1000\n\nevent: status\ndata: pending\n\nevent: status\ndata: paid\n\n')
  })

  test('asked for by their head alone take no place, which nobody would give back', async () => {
    const { visitor, address } = await site.order()
    const cookie = { Cookie: `session=${visitor.cookie('session')}` }
    for (let times = 0; times < 10; times++) {
      const head = await site.app.request(`${address}/events`, { method: 'HEAD', headers: cookie })
      expect(head.status).toBe(200)
    }
    const answer = await visitor.get(`${address}/events`)
    expect(answer.status).toBe(200)
    await answer.body?.cancel()
  })

  test('of one checkout are five at a time', async () => {
    const { visitor, address } = await site.order()
    const open = await Promise.all(Array.from({ length: 5 }, () => visitor.get(`${address}/events`)))
    const refused = await visitor.get(`${address}/events`, { Accept: 'text/event-stream' })
    expect([refused.status, refused.headers.get('Retry-After')]).toEqual([503, '5'])
    await Promise.all(open.map(({ body }) => body?.cancel()))
    const again = await visitor.get(`${address}/events`)
    expect(again.status).toBe(200)
    await again.body?.cancel()
  })
})

test('while the server shuts down, who waits is told to ask again, and nobody is kept', async () => {
  const { visitor, address } = await site.order()
  const server = await startServer(site.app, { port: 0, host: '127.0.0.1' })
  const cookie = `session=${visitor.cookie('session')}`
  const answer = await fetch(`${server.url}${address}/events`, { headers: { Cookie: cookie } })
  const told = answer.text()
  const begun = performance.now()
  await server.close()
  expect(performance.now() - begun).toBeLessThan(5_000)
  expect(await told).toContain('retry: 1000')
})

describe('pages', () => {
  test('of plans made of markup show it as text', async () => {
    for (const payload of SCRIPT_PAYLOADS.filter((text) => text.includes('<') && text.length <= 60)) {
      const plan = await site.addPlan({ name: payload, benefits: [payload], ctaText: payload })
      const visitor = visitorOf(site)
      for (const page of ['/plans', `/checkout?plan=${plan}`])
        expect(await textOf(visitor.get(page)), page).not.toContain(payload)
      await retirePlan(database.db, plan, new Date())
    }
  })

  test('of a checkout are for one browser and no search engine', async () => {
    const { visitor, address } = await site.order()
    for (const page of [`/checkout?plan=${site.plans.month}`, address]) {
      const answer = await visitor.get(page)
      expect(answer.headers.get('Cache-Control')).toBe('no-store')
      expect(await textOf(answer)).toContain('<meta name="robots" content="noindex"')
    }
  })

  test('of plans tell search engines what is offered', async () => {
    const page = await textOf(visitorOf(site).get('/plans'))
    const [, data = ''] = /<script type="application\/ld\+json">([\s\S]*?)<\/script>/.exec(page) ?? []
    const [product] = JSON.parse(data)['@graph']
    expect(product.offers[0]).toMatchObject({ price: '9.90', priceCurrency: 'BRL' })
    expect(page).toContain('This site is being tried out')
    expect(page).toContain('Best value')
  })

  test('without a plan lead to the plans', async () => {
    const answer = await visitorOf(site).get('/checkout')
    expect([answer.status, answer.headers.get('Location')]).toEqual([303, '/plans'])
  })
})

describe('a member', () => {
  const paid = async (member: Visitor, fields: Record<string, string> = {}) => {
    const order = await site.order(member, fields)
    await site.happen(order.publicId, 'pay')
    await member.get(`${order.address}/return`)
    return order
  }

  test('buys under the name of their account, whatever e-mail the browser sends', async () => {
    const member = await registered(site, 'ana@example.com')
    const page = await textOf(member.get(`/checkout?plan=${site.plans.month}`))
    expect(page).toContain('You are signed in as ana@example.com.')
    expect(page).toContain('value="Ana Souza"')
    expect(page).not.toContain('name="email"')
    const { publicId } = await paid(member, { email: 'somebody-else@example.com' })
    const [row] = await database.db.select().from(checkouts).where(eq(checkouts.publicId, publicId))
    expect(row?.customerEmail).toBe('ana@example.com')
  })

  test('who is shut out is so in the browser that paid without signing in as well', async () => {
    const { visitor, publicId, address } = await site.order(undefined, { email: 'shut@example.com' })
    await site.happen(publicId, 'pay')
    await visitor.get(`${address}/return`)
    expect(await textOf(visitor.get('/posts/1'))).not.toContain('This post is for members')
    await disableMember(site.deps, 'shut@example.com')
    expect(await textOf(visitor.get('/posts/1'))).toContain('This post is for members')
  })

  test('sees the browser that paid without signing in among their devices, and ends what it watches', async () => {
    const email = 'devices@example.com'
    const phone = visitorOf(site, { headers: { 'User-Agent': 'Mozilla/5.0 (iPhone) Safari/605' } })
    const { address, publicId } = await site.order(phone, { email })
    await site.order(undefined, { email })
    await site.happen(publicId, 'pay')
    await phone.get(`${address}/return`)
    const laptop = await registered(site, email)
    // For a week it may be that the e-mail was mistyped, and that who reads it is not who paid.
    expect(await textOf(laptop.get('/account/security'))).not.toContain('Used to pay')
    await laptop.post('/account/security/sessions/end')
    expect(await textOf(phone.get('/posts/1'))).not.toContain('This post is for members')

    await database.db.execute(
      sql`update checkouts set paid_at = paid_at - interval '8 days' where public_id = ${publicId}`,
    )
    await laptop.post('/sign-in', { email, password: PASSWORD })
    const page = await textOf(laptop.get('/account/security'))
    expect(page.match(/Used to pay, without signing in/g)).toHaveLength(1)

    const other = await registered(site, 'devices-other@example.com')
    const end = /\/account\/security\/sessions\/\d+\/end/.exec(page)?.[0] ?? ''
    expect((await other.post(end)).status).toBe(404)
    expect((await laptop.post(end)).status).toBe(303)
    expect(await textOf(phone.get('/posts/1'))).toContain('This post is for members')
    expect(await textOf(laptop.get('/account/security'))).not.toContain('Used to pay')
  })

  test('who looks after the site is told that all of it is open, and sold nothing', async () => {
    const admin = await registered(site, 'owner@example.com')
    await database.db.update(users).set({ role: 'admin' }).where(eq(users.email, 'owner@example.com'))
    const account = await textOf(admin.get('/account'))
    expect(account).toContain('everything on it is open to you')
    expect(account).not.toContain('You have no plan yet.')
  })

  test('who has told no name is called by the one they buy under, and finds it there the next time', async () => {
    const member = visitorOf(site)
    await member.post('/register', { email: 'nameless@example.com' })
    await member.post(linkIn((await deliverMails(site)).at(-1)), { password: PASSWORD })
    await site.order(member)
    expect(await textOf(member.get('/account'))).toContain('Maria da Silva')
    expect(await textOf(member.get(`/checkout?plan=${site.plans.year}`))).toContain('value="Maria da Silva"')
  })

  test('is told what renewing and changing come to', async () => {
    const member = await registered(site, 'renews@example.com')
    expect(await textOf(member.get('/account'))).toContain('You have no plan yet.')
    await paid(member)
    const plansPage = await textOf(member.get('/plans'))
    expect(plansPage).toMatch(/You have Month until \w+ \d+, \d{4}\./)
    expect(plansPage).toContain('Added to the time you have')
    expect(plansPage).toMatch(/What you have not used counts as \d+ days/)
    expect(plansPage).toContain('Renew this plan: Month')
    expect(plansPage).toContain('Change to this plan: Year')
  })

  test('is offered no plan that would give less than what they have', async () => {
    const member = await registered(site, 'has-more@example.com')
    await paid(member)
    const plansPage = await textOf(member.get('/plans'))
    expect(plansPage).toContain('You already have more time than this plan would give.')
    expect(plansPage).not.toContain(': Week"')
    const checkout = await textOf(member.get(`/checkout?plan=${site.plans.week}`))
    expect(checkout).toContain('You already have more time than this plan would give.')
  })

  test('finds the way out beside the payment, and no renewal of a plan that is retired', async () => {
    const plan = await site.addPlan({ name: 'Farewell', days: 40 })
    const member = await registered(site, 'farewell@example.com')
    await paid(member, { plan: String(plan) })
    const account = await textOf(member.get('/account'))
    expect(account).toMatch(/href="\/account\/payments\/\d+\/withdraw"/)
    expect(account).toContain(`href="/checkout?plan=${plan}"`)
    await retirePlan(database.db, plan, new Date())
    expect(await textOf(member.get('/account'))).not.toContain('href="/checkout?plan=')
  })

  test('cancels, undoes it, and keeps what was paid for', async () => {
    const member = await registered(site, 'cancels@example.com')
    await paid(member)
    expect(await textOf(member.get('/account'))).toContain('There is no automatic renewal.')

    const canceled = await member.post('/account/subscription/cancel')
    expect(canceled.headers.get('Location')).toBe('/account?done=canceled')
    const after = await textOf(member.get('/account?done=canceled'))
    expect(after).toContain('Canceled. You keep what you paid for.')
    expect(after).toContain('Undo the cancellation')
    expect(await textOf(member.get('/posts/1'))).not.toContain('This post is for members')

    await member.post('/account/subscription/resume')
    expect(await textOf(member.get('/account?done=resumed'))).toContain('The cancellation is undone.')
  })

  test('withdraws within seven days: access ends, and the money is on its way', async () => {
    const member = await registered(site, 'withdraws@example.com')
    const { address } = await paid(member)
    const [, receipt = ''] =
      /href="(\/account\/payments\/\d+)"/.exec(await textOf(member.get('/account'))) ?? []
    const page = await textOf(member.get(receipt))
    expect(page).toContain('Receipt')
    expect(page).toContain('withdraws@example.com')
    expect(await textOf(member.get(`${receipt}/withdraw`))).toContain('Yes, give R$29.90 back')

    const done = await member.post(`${receipt}/withdraw`)
    expect(done.headers.get('Location')).toBe('/account?done=withdrawn')
    const account = await textOf(member.get('/account?done=withdrawn'))
    expect(account).toContain('Your money is on its way back.')
    expect(account).toContain('Being given back')
    expect(await textOf(member.get(address))).toContain('This payment is being given back')
    expect(await textOf(member.get('/posts/1'))).toContain('This post is for members')
    expect((await member.post(`${receipt}/withdraw`)).status).toBe(409)
    expect((await member.get(`${receipt}/withdraw`)).headers.get('Location')).toBe(receipt)
  })

  test('does not withdraw from what is eight days old', async () => {
    const member = await registered(site, 'late@example.com')
    await paid(member)
    const [, receipt = ''] =
      /href="(\/account\/payments\/\d+)"/.exec(await textOf(member.get('/account'))) ?? []
    const now = site.deps.now
    site.deps.now = () => new Date(Date.now() + 8 * 86_400_000)
    try {
      expect(await textOf(member.get(receipt))).not.toContain('Withdraw')
      expect((await member.post(`${receipt}/withdraw`)).status).toBe(409)
    } finally {
      site.deps.now = now
    }
  })

  test('sees no receipt of another', async () => {
    const owner = await registered(site, 'owner-of-receipt@example.com')
    await paid(owner)
    const [, receipt = ''] =
      /href="(\/account\/payments\/\d+)"/.exec(await textOf(owner.get('/account'))) ?? []
    const other = await registered(site, 'reader@example.com')
    for (const page of ['', '/withdraw']) expect((await other.get(`${receipt}${page}`)).status).toBe(404)
    expect((await other.post(`${receipt}/withdraw`)).status).toBe(404)
  })

  test('is told when the bank has taken the money back', async () => {
    const member = await registered(site, 'disputes@example.com')
    const { publicId, address } = await paid(member)
    const [charge = ''] = await site.charges(publicId)
    await site.sandbox.happen(charge, 'dispute')
    const [event] = await database.db
      .select({ id: payments.id })
      .from(payments)
      .where(eq(payments.externalId, charge))
    const report = {
      externalId: charge,
      status: 'charged_back' as const,
      amountCents: 2_990,
      currency: 'BRL',
    }
    const now = new Date()
    await settle(site.deps, event?.id ?? 0, { ...report, paidAt: now, occurredAt: now }, now)
    expect(await textOf(member.get(address))).toContain('This payment was reversed')
    expect(await textOf(member.get('/account'))).toContain('Reversed by the bank')
  })
})
