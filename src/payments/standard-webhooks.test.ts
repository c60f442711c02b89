import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { forgeriesOf, type SentWebhook, signedWebhook } from '#test/support/forged-webhooks.ts'
import { ForgedWebhook } from './failures.ts'
import { openSandboxGateway } from './sandbox/gateway.ts'
import { signWebhook, verifyWebhook, webhookSecretOf } from './standard-webhooks.ts'

const SECRET = webhookSecretOf(randomBytes(32))
const NOW = new Date('2026-03-04T05:06:07Z')
const DATA = { id: 'chg_1', reference: 'key-1', status: 'paid', amountCents: 2_990, currency: 'BRL' }
const HONEST = signedWebhook(SECRET, DATA, { at: NOW })

const gateway = (webhookSecret = SECRET) =>
  openSandboxGateway({ apiKey: 'k'.repeat(24), webhookSecret }, { sandboxUrl: async () => null })

const read = ({ headers, body }: SentWebhook, now = NOW, secret = SECRET) =>
  gateway(secret).readWebhook({ header: (name) => headers[name] ?? null, body }, now)

test('the example of the standard itself is verified', () => {
  // https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
  const signature = signWebhook(
    'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    'msg_p5jXN8AQM9LWM0D4loKWxJek',
    1_614_265_330,
    '{"test": 2432232314}',
  )
  expect(signature).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=')
})

test('what the gateway has signed just now is believed', () => {
  expect(read(HONEST)).toEqual({
    eventId: 'msg_1',
    externalId: 'chg_1',
    reference: 'key-1',
    status: 'paid',
    amountCents: 2_990,
    currency: 'BRL',
    occurredAt: NOW,
  })
})

test('while a secret is being changed, one signature of several is enough', () => {
  const signature = `v1,${randomBytes(32).toString('base64')} ${HONEST.headers['webhook-signature']} v1a,AAAA`
  expect(read({ ...HONEST, headers: { ...HONEST.headers, 'webhook-signature': signature } }).eventId).toBe(
    'msg_1',
  )
})

test('clocks may differ by five minutes, and no more', () => {
  const at = (seconds: number) => new Date(NOW.getTime() + seconds * 1_000)
  for (const near of [-300, -60, 60, 300]) expect(read(HONEST, at(near)).eventId).toBe('msg_1')
  for (const far of [-301, 301]) expect(() => read(HONEST, at(far))).toThrow(ForgedWebhook)
})

describe('what is forged is refused', () => {
  const forgeries = forgeriesOf(SECRET, HONEST, NOW)

  test('there are some hundred forms of it, no two alike', () => {
    expect(new Set(forgeries.map(({ name }) => name)).size).toBe(forgeries.length)
    expect(forgeries.length).toBeGreaterThanOrEqual(200)
  })
  test.each(forgeries)('$name', (forgery) => {
    expect(() => read(forgery)).toThrow(ForgedWebhook)
  })
})

test('no header that anybody makes up passes', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.string(), (id, timestamp, signature) => {
      const headers = { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature }
      expect(() => read({ headers, body: HONEST.body })).toThrow(ForgedWebhook)
    }),
    { numRuns: 2_000 },
  )
})

describe('with a secret that is none, nothing is believed, not even what is signed with it', () => {
  const none = [
    '',
    'whsec_',
    'whsec_====',
    'whsec_AAAA',
    `whsec_${Buffer.alloc(23).toString('base64')}`,
    'secret',
  ]
  test.each(none)('%j', (secret) => {
    const key = Buffer.from(secret.replace('whsec_', ''), 'base64')
    for (const forgery of forgeriesOf(webhookSecretOf(Buffer.concat([key, Buffer.alloc(24)])), HONEST, NOW)) {
      expect(() => read(forgery, NOW, secret)).toThrow(ForgedWebhook)
    }
    expect(() => read(HONEST, NOW, secret)).toThrow(ForgedWebhook)
    expect(() => signWebhook(secret, 'msg_1', 1, '')).toThrow()
  })
})

test('how long a refusal takes does not tell what was wrong', () => {
  const [wrong, stale] = ['byte 0 of the signature changed', 'signed 3600 seconds ago'].map((name) =>
    forgeriesOf(SECRET, HONEST, NOW).find((forgery) => forgery.name === name),
  )
  const unsigned = { ...HONEST, headers: { ...HONEST.headers, 'webhook-signature': '' } }
  const median = (forgery: SentWebhook | undefined) => {
    const { headers, body } = forgery ?? HONEST
    const times = Array.from({ length: 5_000 }, () => {
      const started = performance.now()
      try {
        verifyWebhook(SECRET, { header: (name) => headers[name] ?? null, body }, NOW)
      } catch {
        // As it should be.
      }
      return performance.now() - started
    })
    return times.sort((left, right) => left - right)[2_500] ?? 0
  }
  const medians = [wrong, stale, unsigned].map(median)
  expect(Math.max(...medians) - Math.min(...medians)).toBeLessThan(1)
})

describe('what is signed and yet no event is refused', () => {
  test.each(['', '[]', 'null', '{}', '{"type":"x"}', '\u0000', '{"data":{}}'])('%j', (body) => {
    const seconds = Math.floor(NOW.getTime() / 1_000)
    const headers = {
      'webhook-id': 'msg_1',
      'webhook-timestamp': String(seconds),
      'webhook-signature': signWebhook(SECRET, 'msg_1', seconds, body),
    }
    expect(() => read({ headers, body: Buffer.from(body) })).toThrow(ForgedWebhook)
  })
})
