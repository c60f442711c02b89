import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  anOrder,
  openTestSandbox,
  openWebhookInbox,
  type ReceivedWebhook,
  type TestSandbox,
  type WebhookInbox,
} from '#test/support/sandbox.ts'
import { ForgedWebhook } from '../../failures.ts'

let sandbox: TestSandbox
let inbox: WebhookInbox
beforeEach(async () => {
  sandbox = await openTestSandbox()
  inbox = await openWebhookInbox()
})
afterEach(async () => {
  await sandbox.close()
  await inbox.close()
})

const order = (method: 'pix' | 'credit_card' = 'pix') =>
  sandbox.gateway.createCharge(anOrder(method, { webhookUrl: inbox.url }))
const statusIn = ({ text }: ReceivedWebhook) => JSON.parse(text).data.status as string
const tells = (status: string) => (message: ReceivedWebhook) => statusIn(message) === status
const idOf = ({ headers }: ReceivedWebhook) => headers['webhook-id']
const read = (message: ReceivedWebhook) => sandbox.gateway.readWebhook(message, new Date())
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

test('every change of a charge is told', async () => {
  const { externalId } = await order()
  await sandbox.happen(externalId, 'pay')
  await sandbox.gateway.refund(externalId)
  await sandbox.happen(externalId, 'dispute')
  for (const status of ['pending', 'paid', 'refunded', 'charged_back'])
    expect(read(await inbox.until(tells(status)))).toMatchObject({ externalId, status })
})

test('what is not taken is sent again, the very same with a new time, until it is taken and no more', async () => {
  inbox.status = 503
  const { externalId } = await order()
  await sandbox.happen(externalId, 'pay')
  const first = await inbox.until(tells('paid'))
  while (inbox.received.filter(tells('paid')).length < 4) await pause(10)
  inbox.status = 204
  await pause(400)
  const count = inbox.received.length
  await pause(400)
  expect(inbox.received.length).toBe(count)
  const tries = inbox.received.filter(tells('paid'))
  expect(new Set(tries.map(idOf))).toEqual(new Set([idOf(first)]))
  expect(new Set(tries.map(({ text }) => text)).size).toBe(1)
  for (const message of tries) expect(read(message).eventId).toBe(idOf(first))
})

test('a redirect is not followed and not taken for an answer', async () => {
  inbox.status = 302
  await order()
  await inbox.until(tells('pending'))
  while (inbox.received.length < 2) await pause(10)
  expect(inbox.received.length).toBeGreaterThan(1)
})

test('what was not taken before the sandbox ended is sent after it has started again', async () => {
  inbox.status = 500
  const { externalId } = await order()
  await sandbox.happen(externalId, 'pay')
  const before = await inbox.until(tells('paid'))
  await sandbox.restart()
  inbox.received.length = 0
  inbox.status = 200
  const after = await inbox.until(tells('paid'))
  expect([idOf(after), after.text]).toEqual([idOf(before), before.text])
  await pause(300)
  // Taken is taken, over a further restart too.
  await sandbox.restart()
  inbox.received.length = 0
  await pause(300)
  expect(inbox.received).toEqual([])
})

test('a charge that nobody pays expires by the clock and says so; after a restart as well', async () => {
  await sandbox.close()
  sandbox = await openTestSandbox({ pixLifetimeMs: 300 })
  const { externalId } = await order()
  await inbox.until(tells('expired'))
  expect((await sandbox.gateway.fetchCharge(externalId))?.status).toBe('expired')

  const second = await order()
  await sandbox.restart()
  await inbox.until((message) => message.text.includes(second.externalId) && statusIn(message) === 'expired')
})

test('silence: nothing is told, and the gateway knows it when it is asked', async () => {
  const { externalId } = await order()
  await inbox.until(tells('pending'))
  await sandbox.fault({ messages: [{ kind: 'silence' }] })
  await sandbox.happen(externalId, 'pay')
  await pause(300)
  expect(inbox.received.map(statusIn)).toEqual(['pending'])
  expect((await sandbox.gateway.fetchCharge(externalId))?.status).toBe('paid')
})

test('duplicate: the same message comes as often as was asked for', async () => {
  await sandbox.fault({ messages: [{ kind: 'duplicate', copies: 20 }] })
  await order()
  while (inbox.received.length < 20) await pause(10)
  await pause(200)
  expect(inbox.received).toHaveLength(20)
  expect(new Set(inbox.received.map(idOf)).size).toBe(1)
})

test('reorder: the younger message overtakes the older one', async () => {
  await sandbox.fault({ messages: [{ kind: 'reorder' }] })
  const { externalId } = await order()
  await sandbox.happen(externalId, 'pay')
  while (inbox.received.length < 2) await pause(10)
  expect(inbox.received.map(statusIn)).toEqual(['paid', 'pending'])
})

test('late: the message comes when it was asked to', async () => {
  await sandbox.fault({ messages: [{ kind: 'late', milliseconds: 400 }] })
  const started = performance.now()
  await order()
  await inbox.until(tells('pending'))
  expect(performance.now() - started).toBeGreaterThan(390)
})

test.each([
  ['other amount', { amountCents: 2_890, currency: 'BRL' }],
  ['other currency', { amountCents: 2_990, currency: 'USD' }],
] as const)('%s: the message is signed and wrong', async (kind, wrong) => {
  await sandbox.fault({ messages: [{ kind }] })
  const { externalId } = await order()
  expect(read(await inbox.until(tells('pending')))).toMatchObject({ externalId, ...wrong })
  expect(await sandbox.gateway.fetchCharge(externalId)).toMatchObject({ amountCents: 2_990, currency: 'BRL' })
})

test('other charge: the message is signed and of a charge that nobody has made', async () => {
  await sandbox.fault({ messages: [{ kind: 'other charge' }] })
  const { externalId } = await order()
  const event = read(await inbox.until(tells('pending')))
  expect(event.externalId).not.toBe(externalId)
  expect(await sandbox.gateway.fetchCharge(event.externalId)).toBeNull()
})

test.each(['unsigned', 'stale'] as const)('%s: the message is not to be believed', async (kind) => {
  await sandbox.fault({ messages: [{ kind }] })
  await order()
  const message = await inbox.until(tells('pending'))
  expect(() => read(message)).toThrow(ForgedWebhook)
})

test('one charge is paid once, however many banks try', async () => {
  const { externalId } = await order()
  const tries = await Promise.all(Array.from({ length: 20 }, () => sandbox.happen(externalId, 'pay')))
  expect(tries.filter((status) => status === 200)).toHaveLength(1)
  expect(tries.filter((status) => status === 409)).toHaveLength(19)
  const [charge] = await sandbox.ledger()
  expect(charge?.history.map(({ status }) => status)).toEqual(['pending', 'paid'])
})

test('without the key nothing is told and nothing happens', async () => {
  const { externalId } = await order()
  const calls: Array<[string, string]> = [
    ['GET', `/charges/${externalId}`],
    ['GET', '/charges?reference=x'],
    ['POST', '/charges'],
    ['POST', `/charges/${externalId}/pay`],
    ['POST', `/charges/${externalId}/refund`],
    ['GET', '/ledger'],
    ['GET', '/faults'],
    ['PUT', '/faults'],
  ]
  for (const Authorization of [
    '',
    'Bearer ',
    'Bearer x',
    sandbox.secrets.apiKey,
    `Basic ${sandbox.secrets.apiKey}`,
  ]) {
    for (const [method, place] of calls) {
      expect((await fetch(`${sandbox.url}/v1${place}`, { method, headers: { Authorization } })).status).toBe(
        401,
      )
    }
  }
  expect((await sandbox.ledger()).map(({ status }) => status)).toEqual(['pending'])
})

test('the ledger holds nothing about the buyer', async () => {
  await order('pix')
  await order('credit_card')
  const written = JSON.stringify(await sandbox.ledger())
  for (const personal of ['Ana', 'Souza', 'ana@example.com', '52998224725'])
    expect(written).not.toContain(personal)
})
