import { describe, expect, test } from 'vitest'
import { anOrder, openTestSandbox, openWebhookInbox } from '#test/support/sandbox.ts'
import { describeConformance } from '../conformance.ts'
import { GatewayRefused, GatewayUncertain } from '../failures.ts'
import type { GatewayKind } from '../gateway.ts'
import { CALL_FAULTS, type CallFaultKind } from './faults.ts'
import { sandbox, sandboxSecrets } from './gateway.ts'

describeConformance(sandbox as GatewayKind, async () => {
  const program = await openTestSandbox()
  const inbox = await openWebhookInbox()
  const happen = async (id: string, event: Parameters<typeof program.happen>[1]) => {
    if ((await program.happen(id, event)) !== 200) throw new Error(`${event} could not happen.`)
  }
  return {
    gateway: program.gateway,
    pay: (id) => happen(id, 'pay'),
    decline: (id) => happen(id, 'decline'),
    expire: (id) => happen(id, 'expire'),
    dispute: (id) => happen(id, 'dispute'),
    goSilent: () => program.fault({ calls: [{ kind: 'time out before', times: 100 }] }),
    loseNextAnswer: () => program.fault({ calls: [{ kind: 'break after' }] }),
    webhookOf: (id, status) =>
      inbox.until(({ text }) => text.includes(id) && text.includes(`"status":"${status}"`)),
    webhookUrl: inbox.url,
    countOf: async (key) => (await program.ledger()).filter(({ reference }) => reference === key).length,
    async close() {
      await program.close()
      await inbox.close()
    },
  }
})

/** What the shop may conclude; the rest it does not know. */
const CERTAINLY_NOTHING: CallFaultKind[] = ['unauthorized', 'refuse']
/** The answer is whole, but for the amount, which is for others to compare. */
const TOLD_OTHERWISE: CallFaultKind[] = ['other amount after', 'other currency after']

describe('whatever goes wrong with a call, nothing is charged twice and nothing is taken for certain', async () => {
  const cases = CALL_FAULTS.flatMap((kind) =>
    (['pix', 'credit_card'] as const).flatMap((method) =>
      (['create', 'fetch', 'refund'] as const).map((call) => ({ kind, method, call })),
    ),
  )
  test.concurrent.each(cases)(
    '$kind, when asked to $call a charge by $method',
    async ({ kind, method, call }) => {
      const program = await openTestSandbox()
      try {
        const order = anOrder(method)
        const made = call === 'create' ? null : await program.gateway.createCharge(order)
        if (call === 'refund') await program.happen(made?.externalId ?? '', 'pay')
        await program.fault({ calls: [{ kind, on: call, milliseconds: 5_000 }] })
        const ask = () => {
          if (call === 'create') return program.gateway.createCharge(order)
          if (call === 'fetch') return program.gateway.fetchCharge(made?.externalId ?? '')
          return program.gateway.refund(made?.externalId ?? '')
        }
        const answer = await ask().catch((error) => error)
        const isAsking = call === 'fetch'
        if (TOLD_OTHERWISE.includes(kind))
          expect(answer).not.toMatchObject({ amountCents: 2_990, currency: 'BRL' })
        else if (CERTAINLY_NOTHING.includes(kind) && !isAsking) expect(answer).toBeInstanceOf(GatewayRefused)
        else if (kind === 'other reference after' && call !== 'create')
          // It was asked by the id, which is right.
          expect(answer).toMatchObject({ externalId: made?.externalId })
        else if (kind === 'other id after' && call === 'create')
          // Nobody can know the id before; the next answer contradicts it.
          expect(answer).toMatchObject({ reference: order.idempotencyKey })
        else expect(answer).toBeInstanceOf(GatewayUncertain)

        expect(await ask()).toMatchObject({ reference: order.idempotencyKey, amountCents: 2_990 })
        const ledger = await program.ledger()
        expect(ledger).toHaveLength(1)
        const refunds = ledger[0]?.history.filter(({ status }) => status === 'refunded')
        expect(refunds).toHaveLength(call === 'refund' ? 1 : 0)
      } finally {
        await program.close()
      }
    },
  )
})

describe('secrets that are none', () => {
  const good = { apiKey: 'k'.repeat(24), webhookSecret: `whsec_${Buffer.alloc(24, 7).toString('base64')}` }
  test.each([
    ['no key', { ...good, apiKey: '' }],
    ['a short key', { ...good, apiKey: 'k'.repeat(23) }],
    ['no webhook secret', { ...good, webhookSecret: '' }],
    ['a webhook secret that is nothing but its prefix', { ...good, webhookSecret: 'whsec_' }],
    [
      'a webhook secret of 23 bytes',
      { ...good, webhookSecret: `whsec_${Buffer.alloc(23).toString('base64')}` },
    ],
    ['a webhook secret without the prefix', { ...good, webhookSecret: good.webhookSecret.slice(6) }],
    ['a webhook secret in hexadecimal', { ...good, webhookSecret: `whsec_${'ab'.repeat(31)}a` }],
    ['an address that is none', { ...good, url: 'javascript:alert(1)' }],
    ['a name nobody knows', { ...good, apikey: good.apiKey }],
  ])('%s', (_, secrets) => {
    expect(sandboxSecrets.safeParse(secrets).success).toBe(false)
    expect(sandboxSecrets.safeParse(good).success).toBe(true)
  })
})
