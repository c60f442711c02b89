import { createHash } from 'node:crypto'
import { and, eq, or } from 'drizzle-orm'
import { payments, webhookEvents } from '#src/db/billing-tables.ts'
import type { Db } from '#src/db/index.ts'
import { NotFound, Unavailable } from '#src/errors.ts'
import { failpoint } from '#src/lib/failpoint.ts'
import type { ChargeStatus, WebhookMessage } from '#src/payments/gateway.ts'
import { gatewayByName } from '#src/services/gateways/gateways.ts'
import { askGateway } from './ask-gateway.ts'
import type { ChargeDeps } from './charge.ts'
import { settle } from './settle.ts'

/** A gateway without our reference may tell of a charge before its own answer has come to us. */
const STRANGER_WAITS_MS = 10 * 60_000

/**
 * Takes a gateway's message in: verified over its raw bytes, stored once for each event, committed. Only then may it be
 * acknowledged; a job does what follows.
 * @returns whether the event is new.
 * @throws NotFound when there is no such gateway. @throws ForgedWebhook
 */
export async function receiveWebhook(
  deps: ChargeDeps,
  gatewayName: string,
  message: WebhookMessage,
): Promise<'stored' | 'known'> {
  const open = await gatewayByName(deps, gatewayName)
  if (!open) throw new NotFound('There is no gateway of this name.')
  const event = open.gateway.readWebhook(message, deps.now())
  await failpoint('webhook: verified')
  const isNew = await deps.database.db.transaction(async (tx) => {
    const [stored] = await tx
      .insert(webhookEvents)
      .values({
        gatewayId: open.id,
        eventId: event.eventId,
        externalId: event.externalId,
        reference: event.reference,
        chargeStatus: event.status,
        amountCents: event.amountCents,
        currency: event.currency,
        occurredAt: event.occurredAt,
        digest: createHash('sha256').update(message.body).digest('hex'),
      })
      .onConflictDoNothing({ target: [webhookEvents.gatewayId, webhookEvents.eventId] })
      .returning({ id: webhookEvents.id })
    if (stored) await deps.jobs.send(tx, 'settle-event', { eventId: stored.id })
    await failpoint('webhook: event stored, not committed')
    return stored !== undefined
  })
  await failpoint('webhook: committed, not answered')
  if (isNew) deps.jobs.wake('settle-event')
  return isNew ? 'stored' : 'known'
}

/** Lets follow what follows from an event that was taken in. Done twice, it is done once. */
export async function settleEvent(deps: ChargeDeps, eventId: number): Promise<void> {
  const { db } = deps.database
  const [event] = await db.select().from(webhookEvents).where(eq(webhookEvents.id, eventId))
  if (event?.state !== 'received') return
  const now = deps.now()
  const payment = await paymentOf(db, event)
  if (!payment) {
    if (event.reference === null && now.getTime() - event.receivedAt.getTime() < STRANGER_WAITS_MS) {
      throw new Unavailable('The charge of this event is not known yet.')
    }
    deps.log.warn({ event: eventId }, 'an event tells of a charge that is not ours')
    return close(db, eventId, { state: 'parked', reason: 'No charge of ours.' }, now)
  }
  const settlement = await settle(
    deps,
    payment.id,
    {
      externalId: event.externalId,
      status: event.chargeStatus as ChargeStatus,
      amountCents: event.amountCents,
      currency: event.currency,
      paidAt: null,
      occurredAt: event.occurredAt,
    },
    now,
    async (tx, settlement) => {
      if (settlement === 'parked')
        deps.log.warn({ event: eventId, payment: payment.id }, 'an event was parked')
      await close(tx, eventId, STATE_AFTER[settlement], now)
    },
  )
  // What was told does not fit: what the gateway answers to us may.
  if (settlement === 'parked') await askAbout(deps, payment.id)
}

async function askAbout(deps: ChargeDeps, paymentId: number) {
  const [payment] = await deps.database.db.select().from(payments).where(eq(payments.id, paymentId))
  if (payment) await askGateway(deps, payment)
}

const STATE_AFTER = {
  settled: { state: 'settled', reason: null },
  known: { state: 'ignored', reason: 'Older than what was known.' },
  parked: { state: 'parked', reason: 'It does not fit what was asked for.' },
} as const

type Closing = Pick<typeof webhookEvents.$inferInsert, 'state' | 'reason'>

async function close(db: Db, eventId: number, closing: Closing, now: Date) {
  await db
    .update(webhookEvents)
    .set({ ...closing, settledAt: now })
    .where(eq(webhookEvents.id, eventId))
}

/** By the gateway's id, else by the key of ours that it sends back. */
async function paymentOf(db: Db, { gatewayId, externalId, reference }: typeof webhookEvents.$inferSelect) {
  const isIt = reference === null ? [] : [eq(payments.idempotencyKey, reference)]
  const found = await db
    .select({ id: payments.id, externalId: payments.externalId })
    .from(payments)
    .where(and(eq(payments.gatewayId, gatewayId), or(eq(payments.externalId, externalId), ...isIt)))
  return found.find((payment) => payment.externalId === externalId) ?? found[0] ?? null
}
