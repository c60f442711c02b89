import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ForgedWebhook, GatewayRefused, GatewayUncertain } from './failures.ts'
import type { ChargeOrder, Gateway, GatewayKind, GatewayMethod, WebhookMessage } from './gateway.ts'

/** The other side of a gateway, as far as a test has it in its hands. */
export interface OtherSide {
  gateway: Gateway
  /** What the buyer's bank does, or whoever issued the card. */
  pay(externalId: string): Promise<void>
  decline(externalId: string): Promise<void>
  expire(externalId: string): Promise<void>
  dispute(externalId: string): Promise<void>
  /** From now on nothing reaches the gateway, or its answers do not reach us. */
  goSilent(): Promise<void>
  /** Does what it is asked next, and does not say so. */
  loseNextAnswer(): Promise<void>
  /** The first message that tells of this charge and status. */
  webhookOf(externalId: string, status: string): Promise<WebhookMessage>
  /** Where it sends them. */
  webhookUrl: string
  /** How many charges there are for a key. */
  countOf(idempotencyKey: string): Promise<number>
  close(): Promise<void>
}

/** What every gateway must do before it may take money. @param open the gateway with nothing in it yet */
export function describeConformance(kind: GatewayKind, open: () => Promise<OtherSide>) {
  describe(`the gateway ${kind.name} can be relied on`, () => {
    let side: OtherSide
    beforeAll(async () => {
      side = await open()
    })
    afterAll(() => side.close())

    const order = (method: GatewayMethod, about: Partial<ChargeOrder> = {}): ChargeOrder => ({
      idempotencyKey: randomUUID(),
      method,
      amountCents: 2_990,
      currency: 'BRL',
      description: 'Estúdio Mar · 30 dias',
      buyer: {
        name: 'Ana Souza',
        email: 'ana@example.com',
        document: kind.needsDocument[method] ? '52998224725' : null,
        phone: kind.needsPhone[method] ? '+5511912345678' : null,
      },
      returnUrl: 'http://localhost:3000/checkout/1/return',
      webhookUrl: side.webhookUrl,
      ...about,
    })

    describe.each(kind.methods)('by %s', (method) => {
      test('a charge has what a buyer needs to pay it, and is not paid', async () => {
        const asked = order(method)
        const charge = await side.gateway.createCharge(asked)
        expect(charge).toMatchObject({
          reference: asked.idempotencyKey,
          status: 'pending',
          amountCents: 2_990,
          currency: 'BRL',
          paidAt: null,
        })
        expect(charge.externalId).not.toBe('')
        if (method === 'pix') {
          expect(charge.pixCode).toMatch(/^000201/)
          expect(charge.expiresAt?.getTime()).toBeGreaterThan(Date.now())
        } else {
          expect(charge.payUrl).toMatch(/^https?:/)
          expect(charge.pixCode).toBeNull()
        }
      })

      test('asked ten times at once with one key, it makes one charge', async () => {
        const asked = order(method)
        const charges = await Promise.all(Array.from({ length: 10 }, () => side.gateway.createCharge(asked)))
        expect(new Set(charges.map(({ externalId }) => externalId)).size).toBe(1)
        expect(await side.countOf(asked.idempotencyKey)).toBe(1)
      })

      test('a key that was used is never used for another amount', async () => {
        const asked = order(method)
        await side.gateway.createCharge(asked)
        const charge = await side.gateway.createCharge({ ...asked, amountCents: 1 }).catch((error) => error)
        if (charge instanceof Error) expect(charge).toBeInstanceOf(GatewayUncertain)
        else expect(charge.amountCents).toBe(2_990)
        expect(await side.countOf(asked.idempotencyKey)).toBe(1)
      })

      test('a charge is found by its id and by its key', async () => {
        const asked = order(method)
        const charge = await side.gateway.createCharge(asked)
        expect(await side.gateway.fetchCharge(charge.externalId)).toEqual(charge)
        expect(await side.gateway.findCharge(asked.idempotencyKey)).toEqual(charge)
      })

      test('a charge that was paid says so and since when, and the webhook says the same', async () => {
        const { externalId, reference } = await side.gateway.createCharge(order(method))
        await side.pay(externalId)
        const charge = await side.gateway.fetchCharge(externalId)
        expect(charge?.status).toBe('paid')
        expect(Math.abs(Date.now() - (charge?.paidAt?.getTime() ?? 0))).toBeLessThan(60_000)
        const event = side.gateway.readWebhook(await side.webhookOf(externalId, 'paid'), new Date())
        expect(event).toMatchObject({ externalId, status: 'paid', amountCents: 2_990, currency: 'BRL' })
        expect(event.reference ?? reference).toBe(reference)
        expect(event.eventId).not.toBe('')
      })

      test('money is given back once, however often it is asked', async () => {
        const { externalId } = await side.gateway.createCharge(order(method))
        await side.pay(externalId)
        const [first] = await Promise.all([side.gateway.refund(externalId), side.gateway.refund(externalId)])
        expect(first.status).toBe('refunded')
        expect((await side.gateway.refund(externalId)).status).toBe('refunded')
      })

      test('what was not paid cannot be given back', async () => {
        const { externalId } = await side.gateway.createCharge(order(method))
        await expect(side.gateway.refund(externalId)).rejects.toBeInstanceOf(GatewayRefused)
      })

      test('a charge back takes the money away, after a refund as well', async () => {
        const { externalId } = await side.gateway.createCharge(order(method))
        await side.pay(externalId)
        await side.dispute(externalId)
        expect((await side.gateway.fetchCharge(externalId))?.status).toBe('charged_back')
        await expect(side.gateway.refund(externalId)).rejects.toBeInstanceOf(GatewayRefused)
      })

      test('an answer that is lost leaves it open; asked by the key, the gateway tells', async () => {
        const asked = order(method)
        await side.loseNextAnswer()
        await expect(side.gateway.createCharge(asked)).rejects.toBeInstanceOf(GatewayUncertain)
        expect((await side.gateway.findCharge(asked.idempotencyKey))?.status).toBe('pending')
        expect((await side.gateway.createCharge(asked)).reference).toBe(asked.idempotencyKey)
        expect(await side.countOf(asked.idempotencyKey)).toBe(1)
      })
    })

    test('a charge that ended unpaid says how', async () => {
      const declined = await side.gateway.createCharge(order('credit_card'))
      await side.decline(declined.externalId)
      expect((await side.gateway.fetchCharge(declined.externalId))?.status).toBe('failed')
      const expired = await side.gateway.createCharge(order('pix'))
      await side.expire(expired.externalId)
      expect((await side.gateway.fetchCharge(expired.externalId))?.status).toBe('expired')
    })

    test('PIX that is paid late is paid', async () => {
      const { externalId } = await side.gateway.createCharge(order('pix'))
      await side.expire(externalId)
      await side.pay(externalId)
      expect((await side.gateway.fetchCharge(externalId))?.status).toBe('paid')
    })

    test('a charge that is not there is not found, and cannot be given back', async () => {
      expect(await side.gateway.fetchCharge('nothing')).toBeNull()
      expect(await side.gateway.findCharge(randomUUID())).toBeNull()
      await expect(side.gateway.refund('nothing')).rejects.toBeInstanceOf(GatewayRefused)
    })

    test('nobody else can send its webhooks, nor change one, nor send one again much later', async () => {
      const { externalId } = await side.gateway.createCharge(order('pix'))
      await side.pay(externalId)
      const message = await side.webhookOf(externalId, 'paid')
      const now = Date.now()
      const refuses = (forged: WebhookMessage, at = now) =>
        expect(() => side.gateway.readWebhook(forged, new Date(at))).toThrow(ForgedWebhook)
      refuses({ ...message, header: () => null })
      refuses({ ...message, header: (name) => `${message.header(name) ?? ''} ` })
      refuses({ ...message, body: Buffer.concat([message.body, Buffer.from(' ')]) })
      refuses({ ...message, body: new Uint8Array() })
      for (let index = 0; index < message.body.length; index++) {
        const body = Uint8Array.from(message.body)
        body[index] = (body[index] ?? 0) ^ 1
        refuses({ ...message, body })
      }
      refuses(message, now + 3_600_000)
      refuses(message, now - 3_600_000)
    })

    test('it cannot be opened with empty secrets', () => {
      expect(kind.secrets.safeParse({}).success).toBe(false)
    })

    // The last one, because nothing is heard of it afterwards.
    test('a gateway that is silent leaves everything open', async () => {
      const { externalId, reference } = await side.gateway.createCharge(order('pix'))
      await side.goSilent()
      await expect(side.gateway.createCharge(order('pix'))).rejects.toBeInstanceOf(GatewayUncertain)
      await expect(side.gateway.fetchCharge(externalId)).rejects.toBeInstanceOf(GatewayUncertain)
      await expect(side.gateway.findCharge(reference)).rejects.toBeInstanceOf(GatewayUncertain)
      await expect(side.gateway.refund(externalId)).rejects.toBeInstanceOf(GatewayUncertain)
    })
  })
}
