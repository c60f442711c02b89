import { and, eq, inArray, lte } from 'drizzle-orm'
import { payments } from '#src/db/billing-tables.ts'
import { checkouts } from '#src/db/schema.ts'
import { GatewayUncertain } from '#src/payments/failures.ts'
import { gatewayById } from '#src/services/gateways/gateways.ts'
import { type ChargeDeps, recordCharge } from './charge.ts'
import { OPEN_PAYMENTS } from './states.ts'

type Payment = typeof payments.$inferSelect

/**
 * Asks what became of the charge, and lets follow what follows. A gateway that does not answer changes nothing: the
 * webhook and the reconciler will tell.
 */
export async function askGateway(deps: ChargeDeps, payment: Payment): Promise<void> {
  try {
    const { gateway } = await gatewayById(deps, payment.gatewayId)
    const charge =
      payment.externalId === null
        ? await gateway.findCharge(payment.idempotencyKey)
        : await gateway.fetchCharge(payment.externalId)
    if (charge) await recordCharge(deps, payment, charge)
  } catch (error) {
    if (!(error instanceof GatewayUncertain)) throw error
    deps.log.warn({ err: error, payment: payment.id }, 'the gateway does not say what became of a charge')
  }
}

/** A charge whose time is over makes room for a new one only when the gateway says so: it might have been paid. */
export async function settleLapsed(deps: ChargeDeps, sessionId: number): Promise<void> {
  const lapsed = await deps.database.db
    .select({ payment: payments })
    .from(payments)
    .innerJoin(checkouts, eq(checkouts.id, payments.checkoutId))
    .where(
      and(
        eq(checkouts.sessionId, sessionId),
        inArray(payments.status, [...OPEN_PAYMENTS]),
        lte(payments.expiresAt, deps.now()),
      ),
    )
  for (const { payment } of lapsed) await askGateway(deps, payment)
}
