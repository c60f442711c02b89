import type { PaymentStatus } from '#src/db/billing-tables.ts'
import type { CHECKOUT_STATUSES } from '#src/db/schema.ts'
import type { ChargeStatus } from '#src/payments/gateway.ts'

/**
 * What may follow what. The database refuses everything else by the same tables (migration 0015); a test compares
 * them, pair by pair.
 */

export type CheckoutStatus = (typeof CHECKOUT_STATUSES)[number]

/** A checkout that failed, expired or was abandoned may be tried again, and its late money is honoured. */
export const CHECKOUT_MOVES: Record<CheckoutStatus, readonly CheckoutStatus[]> = {
  pending: ['paid', 'failed', 'expired', 'abandoned'],
  failed: ['pending', 'paid', 'expired', 'abandoned'],
  expired: ['pending', 'paid', 'abandoned'],
  abandoned: ['pending', 'paid'],
  paid: ['refunded', 'charged_back'],
  refunded: ['charged_back'],
  charged_back: [],
}

/** A charge only ever moves on: what is older news than what we know changes nothing. */
export const PAYMENT_MOVES: Record<PaymentStatus, readonly PaymentStatus[]> = {
  created: ['unknown', 'pending', 'failed', 'expired', 'canceled', 'paid'],
  unknown: ['pending', 'failed', 'expired', 'canceled', 'paid'],
  pending: ['failed', 'expired', 'canceled', 'paid'],
  failed: ['paid'],
  expired: ['paid'],
  canceled: ['paid'],
  paid: ['refunded', 'charged_back'],
  refunded: ['charged_back'],
  charged_back: [],
}

/** Of two that speak of one charge the higher is believed: charged back > refunded > paid > failed, expired > pending. */
const RANK: Record<PaymentStatus, number> = {
  created: 0,
  unknown: 1,
  pending: 2,
  failed: 3,
  expired: 3,
  canceled: 3,
  paid: 4,
  refunded: 5,
  charged_back: 6,
}

/** Whether the gateway's word says more than we know. */
export const isNews = (known: PaymentStatus, told: ChargeStatus) => RANK[told] > RANK[known]

/** Whether money has come, be it that it was given back since. */
export const isPaidOnce = (status: ChargeStatus) => RANK[status] >= RANK.paid

/** The gateway may yet be waiting for the money. */
export const OPEN_PAYMENTS = ['created', 'unknown', 'pending'] as const satisfies PaymentStatus[]
export const isOpen = (status: PaymentStatus) => (OPEN_PAYMENTS as readonly string[]).includes(status)
