import type { CheckoutState, PaymentView } from '#src/services/billing/views.ts'

/** What the page of a checkout has to say. */
export type CheckoutView =
  | 'paid'
  /** Withdrawn from: its access has ended, its money is on the way. */
  | 'refunding'
  | 'refunded'
  | 'charged_back'
  /** A PIX code that can be paid. */
  | 'pix'
  /** The gateway's page waits for a card. */
  | 'card'
  /** The gateway was asked for a charge and has not answered: nobody may pay again yet. */
  | 'asking'
  /** The code's time is over, and whether it was paid in time nobody has said yet. */
  | 'lapsed'
  | 'failed'
  | 'expired'
  | 'canceled'
  | 'abandoned'
  | 'unpaid'

export function checkoutView({ status, payment, accessUntil }: CheckoutState, now: Date): CheckoutView {
  if (status === 'paid' && accessUntil === null) return 'refunding'
  if (status === 'paid' || status === 'refunded' || status === 'charged_back') return status
  if (status === 'failed' && payment?.status === 'canceled') return 'canceled'
  if (status !== 'pending') return status
  switch (payment?.status) {
    case 'created':
    case 'unknown':
      return 'asking'
    case 'pending':
      if (payment.expiresAt !== null && payment.expiresAt <= now) return 'lapsed'
      return payable(payment) ?? 'asking'
    case 'failed':
    case 'expired':
    case 'canceled':
      return payment.status
    default:
      return 'unpaid'
  }
}

/** Null for a charge that the gateway has told of, but not yet how it is paid. */
function payable({ method, pixCode, payUrl }: PaymentView): 'pix' | 'card' | null {
  if (method === 'pix') return pixCode === null ? null : 'pix'
  return payUrl === null ? null : 'card'
}

/** Views that change by themselves, as soon as the gateway tells. */
export const isLive = (view: CheckoutView) => LIVE.includes(view)

/** Views that something else than the checkout's own status ends: they are looked at again. */
export const isLookedAtAgain = (view: CheckoutView) => view === 'asking' || view === 'lapsed'

const LIVE: CheckoutView[] = ['pix', 'card', 'asking', 'lapsed']
