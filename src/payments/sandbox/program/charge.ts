import type { ChargeStatus, GatewayMethod } from '../../gateway.ts'
import type { ChargeWire } from '../wire.ts'

/** A charge in the ledger. There is nothing about the buyer in it. */
export interface BookedCharge extends ChargeWire {
  /** Of what was ordered: the same key with another order is refused. */
  orderDigest: string
  method: GatewayMethod
  description: string
  returnUrl: string
  webhookUrl: string
  createdAt: string
  /** Every status it has had, the first one included, and since when. */
  history: Array<{ status: ChargeStatus; at: string }>
}

/** What may follow what. Money that comes late is taken; what was given back or failed is not paid again. */
const MOVES: Record<ChargeStatus, readonly ChargeStatus[]> = {
  pending: ['paid', 'failed', 'expired', 'canceled'],
  expired: ['paid'],
  paid: ['refunded', 'charged_back'],
  refunded: ['charged_back'],
  failed: [],
  canceled: [],
  charged_back: [],
}

/** The charge after that move, or null when it cannot be made. */
export function moved(charge: BookedCharge, status: ChargeStatus, now: Date): BookedCharge | null {
  if (!MOVES[charge.status].includes(status)) return null
  const at = now.toISOString()
  return {
    ...charge,
    status,
    paidAt: status === 'paid' ? at : charge.paidAt,
    history: [...charge.history, { status, at }],
  }
}

/** What the API tells of it. */
export function wireOf(charge: BookedCharge): ChargeWire {
  const { id, reference, method, status, amountCents, currency, paidAt, pixCode, expiresAt, payUrl } = charge
  return { id, reference, method, status, amountCents, currency, paidAt, pixCode, expiresAt, payUrl }
}
