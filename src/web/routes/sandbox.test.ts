import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Database } from '#src/db/index.ts'
import { paymentGateways } from '#src/db/schema.ts'
import type { GatewayMethod } from '#src/payments/gateway.ts'
import { addPlan } from '#src/services/billing/plans.ts'
import { activateGateway, deactivateGateway, setGateway } from '#src/services/gateways/change-gateways.ts'
import { openTestSite, type TestSite } from '#test/support/app.ts'
import { openTestDatabase } from '#test/support/database.ts'
import { anOrder, openTestSandbox, type TestSandbox } from '#test/support/sandbox.ts'

let database: Database
let sandbox: TestSandbox
let site: TestSite
beforeAll(async () => {
  database = await openTestDatabase()
  sandbox = await openTestSandbox()
  site = await openTestSite(database, { env: { SANDBOX_URL: sandbox.url } })
  const { apiKey, webhookSecret } = sandbox.secrets
  await setGateway(site.deps, 'sandbox', { secrets: { apiKey, webhookSecret } })
})
beforeEach(() => activateGateway(site.deps, 'sandbox'))
afterAll(async () => {
  await site.close()
  await sandbox.close()
  await database.close()
})

const RETURN = 'http://localhost:3000/checkout/1/return'
const charge = (method: GatewayMethod) => sandbox.gateway.createCharge(anOrder(method, { returnUrl: RETURN }))
const page = async (address: string, headers?: Record<string, string>) =>
  (await site.page(address, headers)).text()
const post = (address: string, form: Record<string, string>, headers: Record<string, string> = {}) =>
  site.app.request(address, {
    method: 'POST',
    body: new URLSearchParams(form).toString(),
    headers: {
      'Content-Type': 'application/x-www-form-urlencoded',
      'Sec-Fetch-Site': 'same-origin',
      ...headers,
    },
  })
const statusOf = async (id: string) => (await sandbox.gateway.fetchCharge(id))?.status

describe('the page for cards', () => {
  test('is below the address of the site', async () => {
    const { payUrl, externalId } = await charge('credit_card')
    expect(payUrl).toBe(`http://localhost:3000/sandbox/pay/${externalId}`)
    const shown = await site.page(`/sandbox/pay/${externalId}`)
    expect(shown.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(shown.headers.get('cache-control')).toBe('no-store')
    expect(shown.headers.get('content-security-policy')).toContain("default-src 'none'")
    const text = await shown.text()
    expect(text).toContain('Pay R$29.90')
    expect(text).toContain('Estúdio Mar · 30 dias')
    // Nobody is to write a real card into it.
    expect(text).not.toMatch(/<input(?![^>]*type="radio")/)
    expect(text).not.toMatch(/<script|style=|<style/)
  })

  test.each([
    ['pay', 'paid'],
    ['decline', 'failed'],
    ['cancel', 'canceled'],
  ])('to %s leads back to the site, and the charge is %s', async (outcome, status) => {
    const { externalId } = await charge('credit_card')
    const answer = await post(`/sandbox/pay/${externalId}`, { outcome })
    expect([answer.status, answer.headers.get('location')]).toEqual([303, RETURN])
    expect(await statusOf(externalId)).toBe(status)
    const again = await post(`/sandbox/pay/${externalId}`, { outcome: 'pay' })
    expect(again.headers.get('location')).toBe(externalId)
    expect(await statusOf(externalId)).toBe(status)
    const shown = await page(`/sandbox/pay/${externalId}`)
    expect(shown).toContain('class="outcome')
    expect(shown).not.toContain('<form')
  })

  test('what makes no sense changes nothing', async () => {
    const { externalId } = await charge('credit_card')
    for (const outcome of ['', 'refund', 'dispute', '__proto__', 'constructor']) {
      expect((await post(`/sandbox/pay/${externalId}`, { outcome })).status).toBe(303)
    }
    expect(await statusOf(externalId)).toBe('pending')
  })
})

describe('the pretend bank', () => {
  test('leads from a code to its charge, which is paid there', async () => {
    const { externalId, pixCode } = await charge('pix')
    const found = await site.page(`/sandbox/bank?${new URLSearchParams({ code: ` ${pixCode}\n` })}`)
    expect([found.status, found.headers.get('location')]).toEqual([303, `charges/${externalId}`])
    expect(await page(`/sandbox/charges/${externalId}`)).toContain('SANDBOX NAO PAGAVEL')
    const paid = await post(`/sandbox/charges/${externalId}`, { outcome: 'pay', tell: 'silence' })
    expect([paid.status, paid.headers.get('location')]).toEqual([303, externalId])
    expect(await statusOf(externalId)).toBe('paid')
    expect(await page(`/sandbox/charges/${externalId}`)).toContain('Paid')
  })

  test('pays late what has expired, when it is told to', async () => {
    const { externalId } = await charge('pix')
    await sandbox.happen(externalId, 'expire')
    expect(await page(`/sandbox/charges/${externalId}`)).toContain('Pay late')
    await post(`/sandbox/charges/${externalId}`, { outcome: 'pay' })
    expect(await statusOf(externalId)).toBe('paid')
  })

  test('says of other codes what is wrong with them', async () => {
    expect(await page('/sandbox/bank')).toContain('Paste a PIX code')
    const broken = await site.page('/sandbox/bank?code=00020101')
    expect(broken.status).toBe(422)
    expect(await broken.text()).toContain('not a whole PIX code')
    const { pixCode } = await charge('pix')
    const elsewhere = await openTestSandbox()
    const other = await elsewhere.gateway.createCharge(anOrder('pix'))
    expect(await page(`/sandbox/bank?code=${encodeURIComponent(other.pixCode ?? '')}`)).toContain(
      'not of this sandbox',
    )
    await elsewhere.close()
    expect(pixCode).not.toBe(other.pixCode)
  })

  test('repeats what was written as text', async () => {
    const hostile = '"><script>alert(1)</script></textarea><img src=x onerror=alert(1)>'
    const text = await page(`/sandbox/bank?code=${encodeURIComponent(hostile)}`)
    expect(text).not.toContain('<script')
    expect(text).not.toContain('<img')
    expect(text).toContain('&#60;script&#62;')
  })

  test('speaks Portuguese and English', async () => {
    const { externalId } = await charge('pix')
    expect(await page('/sandbox/bank', { 'Accept-Language': 'pt-BR,pt;q=0.9,en;q=0.5' })).toContain(
      'Cole um código',
    )
    expect(await page('/sandbox/bank', { 'Accept-Language': 'de, en;q=0.8, pt;q=0.1' })).toContain(
      'Paste a PIX code',
    )
    const inPortuguese = await page(`/sandbox/charges/${externalId}?lang=pt-BR`)
    expect(inPortuguese).toContain('lang="pt-BR"')
    expect(inPortuguese).toContain('R$\u00a029,90')
  })
})

test('the stylesheet comes along', async () => {
  const sheet = await site.page('/sandbox/style.css')
  expect(sheet.headers.get('content-type')).toBe('text/css; charset=utf-8')
})

test('what programs ask of the sandbox has no way through', async () => {
  const { externalId } = await charge('pix')
  const ways = [
    '/sandbox',
    '/sandbox/',
    '/sandbox/about',
    '/sandbox/v1/ledger',
    '/sandbox/v1/faults',
    `/sandbox/v1/charges/${externalId}`,
    '/sandbox/pay/../v1/ledger',
    '/sandbox/pay/..%2Fv1%2Fledger',
    '/sandbox/pay/%2e%2e/v1/ledger',
    `/sandbox/pay/${externalId}/../../v1/ledger`,
    `/sandbox/pay/${externalId}x`,
    '/sandbox/pay/chg_1',
    '/sandbox//v1/ledger',
  ]
  const headers = { Authorization: `Bearer ${sandbox.secrets.apiKey}` }
  for (const way of ways) {
    for (const method of ['GET', 'POST', 'PUT'])
      expect([way, method, (await site.app.request(way, { method, headers })).status]).toEqual([
        way,
        method,
        404,
      ])
  }
})

test('another site cannot pay in a visitor’s name', async () => {
  const { externalId } = await charge('pix')
  const forged = await post(
    `/sandbox/charges/${externalId}`,
    { outcome: 'pay' },
    { 'Sec-Fetch-Site': 'cross-site' },
  )
  expect(forged.status).toBe(403)
  expect(await statusOf(externalId)).toBe('pending')
})

test('while the sandbox takes no payments, it is not there', async () => {
  const { externalId } = await charge('credit_card')
  await deactivateGateway(site.deps, 'sandbox')
  for (const address of ['/sandbox/bank', '/sandbox/style.css', `/sandbox/pay/${externalId}`])
    expect((await site.page(address)).status).toBe(404)
  await database.db.update(paymentGateways).set({ isActive: true }).where(eq(paymentGateways.name, 'sandbox'))
  const wide = await openTestSite(database, {
    env: { SANDBOX_URL: sandbox.url, BASE_URL: 'https://films.example.com' },
  })
  expect((await wide.page('/sandbox/bank')).status).toBe(404)
  await wide.close()
})

test('a charge that is not there is told as a page', async () => {
  const missing = await site.page(`/sandbox/pay/chg_${'0'.repeat(32)}`)
  expect(missing.status).toBe(404)
  expect(await missing.text()).toContain('no such charge')
})

test('a sandbox that does not answer is unavailable', async () => {
  const gone = await openTestSite(database, { env: { SANDBOX_URL: 'http://127.0.0.1:9' } })
  expect((await gone.page('/sandbox/bank')).status).toBe(503)
  await gone.close()
})

describe('a site whose owner has not said where it is', () => {
  const PUBLIC: Array<[string, Record<string, string>]> = [
    ['by its public name', { Host: 'films.example.com' }],
    ['by its public address', { Host: '203.0.113.5:3000' }],
    ['through a proxy', { Host: 'localhost:3000', 'X-Forwarded-For': '203.0.113.9' }],
  ]

  test.each(PUBLIC)('takes no pretend money from who reaches it %s', async (_, headers) => {
    const { externalId } = await charge('credit_card')
    for (const place of ['/sandbox/bank', `/sandbox/pay/${externalId}`])
      expect((await site.page(place, headers)).status).toBe(404)
    expect((await post(`/sandbox/pay/${externalId}`, { outcome: 'pay' }, headers)).status).toBe(404)
    expect(await statusOf(externalId)).toBe('pending')
  })

  test.each(PUBLIC)('sells nothing for it to who reaches it %s, and says so', async (_, headers) => {
    const { id } = await addPlan(database.db, {
      name: 'Month',
      priceCents: 2_990,
      days: 30,
      benefits: [],
      ctaText: null,
      checkoutUrl: null,
      acceptsPix: true,
      acceptsCard: true,
    })
    expect(await page(`/checkout?plan=${id}`)).toContain('Pay R$29.90')
    expect(await page('/plans', headers)).toContain('Nothing can be bought right now')
    const shown = await site.page(`/checkout?plan=${id}`, headers)
    expect(await shown.text()).toContain('Nothing can be bought right now')
    const order = { plan: String(id), name: 'Eva Luz', email: 'eva@example.com', method: 'credit_card' }
    expect((await post('/checkout', order, headers)).status).toBe(422)
  })
})
