import { setTimeout as delay } from 'node:timers/promises'
import { eq } from 'drizzle-orm'
import { webhookEvents } from '#src/db/billing-tables.ts'
import type { Database } from '#src/db/index.ts'
import { paymentGateways } from '#src/db/schema.ts'
import { startWorkers } from '#src/jobs/workers.ts'
import { jobHandlers, scheduleHandlers } from '#src/services/billing/billing-jobs.ts'
import { sealSecrets } from '#src/services/gateways/gateway-secrets.ts'
import { openTestSite } from '#test/support/app.ts'
import { givenBilling, type Order } from '#test/support/billing.ts'
import { signedWebhook } from '#test/support/forged-webhooks.ts'
import { newSandboxSecrets } from '#test/support/sandbox.ts'

const LOOK_EVERY_MS = 20

/**
 * Payments a second from the gateway's message to access: verified, stored, acknowledged, taken up by a job, settled.
 * One process receives and settles.
 */
export async function wholePath(database: Database, count: number, atOnce: number): Promise<number> {
  const site = await openTestSite(database, { access: 'members' })
  const billing = await givenBilling(database)
  const secrets = newSandboxSecrets()
  await database.db
    .update(paymentGateways)
    .set({ secretKey: sealSecrets(site.deps, billing.gatewayId, secrets) })
    .where(eq(paymentGateways.id, billing.gatewayId))
  const workers = await startWorkers(site.deps, jobHandlers(site.deps), scheduleHandlers(site.deps))
  const orders: Order[] = []
  for (let number = 0; number < count; number++) orders.push(await billing.order())

  const began = performance.now()
  const waiting = orders.values()
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (const order of waiting) await tell(order)
    }),
  )
  while ((await database.db.$count(webhookEvents, eq(webhookEvents.state, 'settled'))) < count) {
    await delay(LOOK_EVERY_MS)
  }
  const seconds = (performance.now() - began) / 1_000
  await workers.stop()
  await site.close()
  return count / seconds

  async function tell({ paymentId, externalId, idempotencyKey, amountCents }: Order) {
    const { headers, body } = signedWebhook(
      secrets.webhookSecret,
      { id: externalId, reference: idempotencyKey, status: 'paid', amountCents, currency: 'BRL' },
      { id: `msg_${paymentId}` },
    )
    const { status } = await site.app.request('/webhooks/sandbox', {
      method: 'POST',
      headers,
      body: new Uint8Array(body),
    })
    if (status !== 200) throw new Error(`The message was answered with ${status}.`)
  }
}
