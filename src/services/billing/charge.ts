import { randomUUID } from 'node:crypto'
import { and, eq, inArray } from 'drizzle-orm'
import { payments } from '#src/db/billing-tables.ts'
import type { Db } from '#src/db/index.ts'
import type { checkouts } from '#src/db/schema.ts'
import type { Deps } from '#src/deps.ts'
import { failpoint } from '#src/lib/failpoint.ts'
import { seal, unseal } from '#src/lib/seal.ts'
import { GatewayRefused, GatewayUncertain } from '#src/payments/failures.ts'
import type { Charge, ChargeOrder } from '#src/payments/gateway.ts'
import { gatewayById, type OpenGateway } from '#src/services/gateways/gateways.ts'
import { readSetting } from '#src/services/settings/settings.ts'
import { readDocument } from './buyer-document.ts'
import { countCharge, type Payer } from './charge-limits.ts'
import type { ChargeReport } from './decide-settlement.ts'
import { settle } from './settle.ts'
import { OPEN_PAYMENTS } from './states.ts'

export type ChargeDeps = Pick<Deps, 'database' | 'env' | 'jobs' | 'log' | 'now' | 'sealKey' | 'hashKey'>
type Payment = typeof payments.$inferSelect
type Checkout = typeof checkouts.$inferSelect

/**
 * The row of a charge that is about to be asked for, in the transaction that holds the checkout's lock; one that is
 * open for this method already is taken again, so that asking twice makes one charge.
 * @throws TooManyRequests when who asks has asked for too many.
 */
export async function openPayment(
  tx: Db,
  deps: Pick<Deps, 'hashKey' | 'now'>,
  payer: Payer,
  checkout: Pick<Checkout, 'id' | 'totalAmount' | 'currency'>,
  { gatewayId, method }: Pick<Payment, 'gatewayId' | 'method'>,
): Promise<Payment> {
  const [open] = await tx
    .select()
    .from(payments)
    .where(
      and(
        eq(payments.checkoutId, checkout.id),
        eq(payments.method, method),
        inArray(payments.status, [...OPEN_PAYMENTS]),
      ),
    )
  if (open) return open
  await countCharge(tx, deps, payer, method)
  const [opened] = await tx
    .insert(payments)
    .values({
      checkoutId: checkout.id,
      gatewayId,
      method,
      idempotencyKey: randomUUID(),
      amountCents: checkout.totalAmount,
      currency: checkout.currency,
    })
    .returning()
  if (!opened) throw new Error('A payment that was inserted was not returned.')
  return opened
}

/**
 * Asks the gateway for the charge of a row that is committed, and records what it answers. Asking again is safe: the
 * row's key makes one charge.
 * @returns whether the gateway has answered; when nobody knows, the reconciler goes on asking.
 */
export async function requestCharge(
  deps: ChargeDeps,
  payment: Payment,
  checkout: Checkout,
  origin: string,
): Promise<'answered' | 'uncertain'> {
  const { gateway, kind } = await gatewayById(deps, payment.gatewayId)
  await failpoint('charge: before the gateway is asked')
  try {
    const charge = await gateway.createCharge(await orderOf(deps, payment, checkout, kind, origin))
    await failpoint('charge: the gateway has answered')
    await recordCharge(deps, payment, charge)
    await failpoint('charge: answer recorded')
    return 'answered'
  } catch (error) {
    if (error instanceof GatewayRefused) {
      deps.log.warn({ err: error, payment: payment.id }, 'the gateway refused a charge')
      await settle(deps, payment.id, refusalOf(payment, deps.now()), deps.now())
      return 'answered'
    }
    if (!(error instanceof GatewayUncertain)) throw error
    deps.log.warn({ err: error, payment: payment.id }, 'whether there is a charge is not known')
    await becomeUnknown(deps, payment)
    return 'uncertain'
  }
}

/** Records what the gateway says of the charge, and lets follow what follows. */
export async function recordCharge(deps: ChargeDeps, payment: Payment, charge: Charge) {
  const now = deps.now()
  return settle(deps, payment.id, reportOf(charge, now), now, async (tx, settlement) => {
    if (settlement === 'parked') return
    const { pixCode, expiresAt, payUrl } = charge
    await tx
      .update(payments)
      .set({
        expiresAt,
        payUrl,
        pixCode: pixCode === null ? null : seal(deps.sealKey, pixPlace(payment), pixCode),
      })
      .where(eq(payments.id, payment.id))
  })
}

export const reportOf = (charge: Charge, now: Date): ChargeReport => ({
  externalId: charge.externalId,
  status: charge.status,
  amountCents: charge.amountCents,
  currency: charge.currency,
  paidAt: charge.paidAt,
  occurredAt: now,
})

/** Whether there is a charge, and all that its buyer needs to pay it. */
export const isPayable = ({ status, method, pixCode, payUrl }: Payment) =>
  status === 'pending' && (method === 'pix' ? pixCode : payUrl) !== null

/** The PIX code of the payment, or null. */
export const readPixCode = ({ sealKey }: Pick<Deps, 'sealKey'>, payment: Payment): string | null =>
  payment.pixCode === null ? null : unseal(sealKey, pixPlace(payment), payment.pixCode)

const pixPlace = ({ idempotencyKey }: Payment) => `payments.pix_code:${idempotencyKey}`

async function orderOf(
  deps: ChargeDeps,
  payment: Payment,
  checkout: Checkout,
  kind: OpenGateway['kind'],
  origin: string,
): Promise<ChargeOrder> {
  const siteName = await readSetting(deps.database.db, 'site_name')
  const { method, idempotencyKey, amountCents, currency } = payment
  return {
    idempotencyKey,
    method,
    amountCents,
    currency,
    description: `${siteName} · ${checkout.planName ?? ''}`,
    buyer: {
      name: checkout.customerName ?? '',
      email: checkout.customerEmail ?? '',
      document: kind.needsDocument[method] ? readDocument(deps, checkout) : null,
      phone: kind.needsPhone[method] ? checkout.customerPhone : null,
    },
    returnUrl: `${origin}/checkout/${checkout.publicId}/return`,
    webhookUrl: `${deps.env.BASE_URL}/webhooks/${kind.name}`,
  }
}

/** There is no charge. Should there be one after all, its money is honoured like any that comes late. */
const refusalOf = ({ amountCents, currency }: Payment, now: Date): ChargeReport => ({
  externalId: null,
  status: 'failed',
  amountCents,
  currency,
  paidAt: null,
  occurredAt: now,
})

async function becomeUnknown({ database }: ChargeDeps, payment: Payment) {
  await database.db
    .update(payments)
    .set({ status: 'unknown' })
    .where(and(eq(payments.id, payment.id), eq(payments.status, 'created')))
}

/** A charge that, asked for minutes ago, never reached the gateway. */
export async function giveUpCharge(deps: ChargeDeps, payment: Payment) {
  await settle(deps, payment.id, refusalOf(payment, deps.now()), deps.now())
}
