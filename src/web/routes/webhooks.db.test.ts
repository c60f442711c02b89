import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { webhookEvents } from '#src/db/billing-tables.ts'
import type { Database } from '#src/db/index.ts'
import { paymentGateways } from '#src/db/schema.ts'
import { settleEvent } from '#src/services/billing/inbox.ts'
import { sealSecrets } from '#src/services/gateways/gateway-secrets.ts'
import { openTestSite, type TestSite } from '#test/support/app.ts'
import { givenBilling, type Order, outcomeOf, type TestBilling } from '#test/support/billing.ts'
import { openTestDatabase } from '#test/support/database.ts'
import { type Forgery, forgeriesOf, type SentWebhook, signedWebhook } from '#test/support/forged-webhooks.ts'
import { newSandboxSecrets } from '#test/support/sandbox.ts'

const secrets = newSandboxSecrets()

let database: Database
let site: TestSite
let billing: TestBilling

beforeAll(async () => {
  database = await openTestDatabase()
  site = await openTestSite(database, { access: 'members' })
  billing = await givenBilling(database)
  const secretKey = sealSecrets(site.deps, billing.gatewayId, secrets)
  await database.db
    .update(paymentGateways)
    .set({ secretKey })
    .where(eq(paymentGateways.id, billing.gatewayId))
})
afterAll(async () => {
  await site.close()
  await database.close()
})

const send = async ({ headers, body }: SentWebhook, gateway = 'sandbox') =>
  (await site.app.request(`/webhooks/${gateway}`, { method: 'POST', headers, body: new Uint8Array(body) }))
    .status

let sent = 0
const honest = (order: Order, data: Record<string, unknown> = {}, at = new Date()) =>
  signedWebhook(
    secrets.webhookSecret,
    {
      id: order.externalId,
      reference: order.idempotencyKey,
      status: 'paid',
      amountCents: order.amountCents,
      currency: 'BRL',
      ...data,
    },
    { id: `msg_${++sent}`, at },
  )

/** Does the jobs that wait, as a worker would. */
async function settleEvents() {
  const waiting = await database.db.select().from(webhookEvents).where(eq(webhookEvents.state, 'received'))
  for (const { id } of waiting) await settleEvent(site.deps, id)
}

/** Everything that money has come to. */
async function everything() {
  const tables = ['payments', 'checkouts', 'terms', 'subscriptions', 'users', 'webhook_events', 'pgboss.job']
  const counts = []
  for (const table of tables) {
    const { rows } = await database.db.execute<{ digest: string }>(
      sql.raw(
        `select count(*) || ' ' || coalesce(md5(string_agg(it::text, ',' order by it::text)), '') as digest from ${table} it`,
      ),
    )
    counts.push(`${table} ${rows[0]?.digest}`)
  }
  return counts
}

test('an honest message is stored, acknowledged, and opens what was paid for', async () => {
  const order = await billing.order()
  expect(await send(honest(order))).toBe(200)
  expect((await outcomeOf(database.db, order.checkoutId)).checkout).toBe('pending')
  await settleEvents()
  expect(await outcomeOf(database.db, order.checkoutId)).toMatchObject({
    checkout: 'paid',
    terms: ['counts'],
  })
})

test('a thousand messages that are forged, unsigned, stale or damaged are refused, and nothing comes of them', async () => {
  const orders = await Promise.all(Array.from({ length: 5 }, () => billing.order()))
  const before = await everything()
  let tried = 0
  for (const order of orders) {
    const message = honest(order)
    for (const forgery of forgeriesOf(secrets.webhookSecret, message).toSorted(timeFirst)) {
      if (isSameOverHttp(forgery, message)) continue
      expect(await send(forgery), forgery.name).toBe(401)
      tried++
    }
  }
  await settleEvents()
  expect(await everything()).toEqual(before)
  expect(tried).toBeGreaterThanOrEqual(1_000)
})

/** While the clock is where it was when they were made. */
const timeFirst = (a: Forgery, b: Forgery) =>
  Number(b.name.includes('seconds')) - Number(a.name.includes('seconds'))

/** Space around a header's value is no part of it (RFC 9110 §5.5). */
function isSameOverHttp(a: SentWebhook, b: SentWebhook) {
  const plain = ({ headers, body }: SentWebhook) =>
    JSON.stringify([
      Object.entries(headers).map(([name, value]) => [name, value.trim()]),
      body.toString('base64'),
    ])
  return plain(a) === plain(b)
}

test('signed messages of another amount, currency or charge are kept for a person, and open nothing', async () => {
  const order = await billing.order()
  const other = await billing.order()
  const wrong = [
    ...[1, 0, -2_990, 2_989, 2_991, 299_000, 29, 2_147_483_647].map((amountCents) => ({ amountCents })),
    ...['USD', 'EUR', 'brl', 'BRX'].map((currency) => ({ currency })),
    { id: 'ch_of_somebody_else', reference: 'a-key-that-is-not-ours' },
    { id: 'ch_another' },
    { id: other.externalId, amountCents: 1 },
  ]
  for (const data of wrong) {
    expect([200, 401], JSON.stringify(data)).toContain(await send(honest(order, data)))
    await settleEvents()
  }
  for (const { checkoutId } of [order, other]) {
    expect(await outcomeOf(database.db, checkoutId)).toMatchObject({ checkout: 'pending', terms: [] })
  }
  const parked = await database.db.select().from(webhookEvents).where(eq(webhookEvents.state, 'parked'))
  expect(parked.length).toBeGreaterThan(10)
})

test('the same message a hundred times at once and again later has one effect', async () => {
  const order = await billing.order()
  const message = honest(order)
  expect(new Set(await Promise.all(Array.from({ length: 100 }, () => send(message))))).toEqual(new Set([200]))
  await settleEvents()
  const before = await everything()
  expect(await send(message)).toBe(200)
  await settleEvents()
  expect(await everything()).toEqual(before)
})

test('a message of ten minutes ago is refused, signed as it is', async () => {
  const order = await billing.order()
  expect(await send(honest(order, {}, new Date(Date.now() - 600_000)))).toBe(401)
  expect(await send(honest(order, {}, new Date(Date.now() + 600_000)))).toBe(401)
})

test('nobody sends webhooks for a gateway that is not there, or without a secret', async () => {
  const order = await billing.order()
  expect(await send(honest(order), 'stripe')).toBe(404)
  await database.db.execute(sql`update payment_gateways set is_active = false, secret_key = null`)
  expect(await send(honest(order))).toBeGreaterThanOrEqual(400)
  expect((await outcomeOf(database.db, order.checkoutId)).checkout).toBe('pending')
})
