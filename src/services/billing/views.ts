import type { PaymentStatus } from '#src/db/billing-tables.ts'
import type { CHECKOUT_STATUSES, PAYMENT_METHODS } from '#src/db/schema.ts'

/** What pages are told of plans, checkouts and memberships. Amounts are integer cents, times are instants. */

export type PaymentMethod = (typeof PAYMENT_METHODS)[number]
export type CheckoutStatus = (typeof CHECKOUT_STATUSES)[number]

/** A plan on sale. */
export interface Plan {
  id: number
  name: string
  priceCents: number
  /** How long it lasts. */
  days: number
  benefits: string[]
  /** The owner's words for its button; null for ours. */
  ctaText: string | null
  /** Where it is sold instead of here; null for here. */
  checkoutUrl: string | null
  acceptsPix: boolean
  acceptsCard: boolean
}

/** Something that is paid for: a line of a checkout. */
export interface Line {
  name: string
  cents: number
}

/** What a gateway wants to know of a buyer beside name and e-mail. */
export interface Needs {
  document: boolean
  phone: boolean
}

/** What buying the plan comes to for who asks. */
export interface Outcome {
  /** `renewal` adds to what is there; `change` begins at once, and unused days of the plan before are credited. */
  kind: 'new' | 'renewal' | 'change'
  /** Until when one may watch then. */
  endsAt: Date
  /** Days of the new plan that unused ones of the old come to; 0 unless `change`. */
  creditedDays: number
  /** It would end before what the member has already: nobody is sold that. */
  isShorter: boolean
}

/** A plan as it is offered to who asks, now. */
export interface Offer {
  plan: Plan
  /** ISO 4217 */
  currency: string
  /** What is offered beside the plan; null for nothing. */
  bump: Line | null
  /** What the plan accepts and a gateway serves. Empty when it cannot be paid for now. */
  methods: PaymentMethod[]
  needs: Record<PaymentMethod, Needs>
  outcome: Outcome
  /** Who has signed in; null for a guest. */
  buyer: { name: string | null; email: string } | null
  /** Whether no real money moves, by none of the methods. */
  isPretend: boolean
}

/** A buyer's order, checked (`checkout-form.ts`). What it costs is no part of it. */
export interface CheckoutForm {
  planId: number
  method: PaymentMethod
  withBump: boolean
  name: string
  /** In lower case. */
  email: string
  /** Eleven or fourteen characters, without dots; null where nobody needs it. */
  document: string | null
  /** Ten or eleven digits, area code first; null where nobody needs it. */
  phone: string | null
}

/** The charge that can be paid, or the last there was. */
export interface PaymentView {
  method: PaymentMethod
  /** `created` and `unknown`: whether the gateway has a charge, nobody knows yet; it is being asked. */
  status: PaymentStatus
  /** The code to copy and to draw. */
  pixCode: string | null
  /** Until when it can be paid; null for no end. */
  expiresAt: Date | null
  /** The gateway's own page. Of PIX only a pretend gateway has one. */
  payUrl: string | null
  /** Whether no real money moves. */
  isPretend: boolean
}

export interface CheckoutState {
  publicId: string
  status: CheckoutStatus
  planId: number
  planName: string
  lines: Line[]
  totalCents: number
  /** ISO 4217 */
  currency: string
  /** What can be tried now: what the plan accepts and a gateway serves. */
  methods: PaymentMethod[]
  /** Null until something was tried. */
  payment: PaymentView | null
  /** Until when it lets one watch, once it is paid. */
  accessUntil: Date | null
  email: string
  /** Whether who asks may say that they meant another e-mail. */
  mayCorrectEmail: boolean
}

export const MEMBER_SUBSCRIPTION_STATUSES = ['active', 'canceled', 'expired', 'refunded'] as const

/** What a member has, and what they paid. */
export interface MemberAccount {
  /** The current one, else the last; null for who never had one. */
  subscription: {
    planId: number
    planName: string
    /** Whether it can be renewed. */
    isOnSale: boolean
    /** `canceled` may watch until the end and is not reminded. */
    status: (typeof MEMBER_SUBSCRIPTION_STATUSES)[number]
    endsAt: Date
  } | null
  /** The newest first. */
  payments: MemberPayment[]
}

export interface MemberPayment {
  id: number
  /** Of its checkout. */
  publicId: string
  planName: string
  lines: Line[]
  amountCents: number
  /** ISO 4217 */
  currency: string
  method: PaymentMethod
  status: 'paid' | 'refunded' | 'charged_back'
  paidAt: Date
  /** Whether its money is on the way back. */
  isRefundRequested: boolean
  /** Until when it can be withdrawn from, seven days after it; null when it cannot. */
  withdrawUntil: Date | null
}
