import type { PaymentStatus } from '#src/db/billing-tables.ts'
import type { ChargeStatus } from '#src/payments/gateway.ts'
import { type MemberChanges, type MemberFacts, memberChanges } from './member-changes.ts'
import { type CheckoutStatus, isNews, isOpen, isPaidOnce } from './states.ts'

/** What a gateway says of one of our charges. */
export interface ChargeReport {
  /** Null where the gateway has none, for it has refused or never got the order. */
  externalId: string | null
  status: ChargeStatus
  amountCents: number
  currency: string
  /** When the money came, where the gateway says so. */
  paidAt: Date | null
  /** When it became so. */
  occurredAt: Date
}

/** All that a payment bears on, read under the locks of its checkout, itself and its user. */
export interface PaymentFacts {
  payment: {
    id: number
    status: PaymentStatus
    amountCents: number
    currency: string
    externalId: string | null
    paidAt: Date | null
    isSurplus: boolean
    /** What somebody has to look at. */
    review: string | null
  }
  checkout: {
    id: number
    status: CheckoutStatus
    planId: number
    planDays: number | null
    planCents: number | null
    createdAt: Date
    /** A member has ordered it for themselves; else a guest, for whomever they say. */
    isMembers: boolean
    email: string | null
    name: string | null
    language: string | null
  }
  /** Another payment of the checkout has settled it. */
  hasSettled: boolean
  /** Another payment of the checkout is open. */
  hasOther: boolean
  /** The buyer; null for a guest whose e-mail has no account. */
  member: MemberFacts | null
}

/**
 * `settled`: it was news, and everything that follows is done. `known`: it was not. `parked`: it does not fit what we
 * asked for, so nothing follows until a person has looked.
 */
export type Settlement = 'settled' | 'known' | 'parked'

/** What has to be written. */
export interface SettlementChanges {
  settlement: Settlement
  payment: {
    id: number
    /** The states it goes through, the last of them to stay in. */
    through: Array<{ status: PaymentStatus; paidAt?: Date }>
    isSurplus: boolean
    externalId: string | null
    review: string | null
    checkedAt: Date
  }
  checkout: { id: number; through: Array<{ status: CheckoutStatus; paidAt?: Date }> }
  /** An account to open for a guest. */
  account: { email: string; name: string | null; language: string | null } | null
  userId: number | null
  member: MemberChanges | null
  /** Of the user, about the payment. */
  mails: Array<'receipt' | 'refunded'>
}

const REVIEW_AMOUNT = 'The gateway tells of another amount or currency than was asked for.'
const REVIEW_CHARGE = 'The gateway has a second charge for what was asked once.'
const REVIEW_SURPLUS = 'A second payment of a checkout that is paid: to be refunded.'

/** What follows from the report. Amount, currency and plan are those of our rows; the report is only compared. */
export function decideSettlement(facts: PaymentFacts, report: ChargeReport, now: Date): SettlementChanges {
  const { payment } = facts
  const nothing = nothingBut(facts, report, now)
  if (report.amountCents !== payment.amountCents || report.currency !== payment.currency) {
    return parked(nothing, facts, REVIEW_AMOUNT)
  }
  if (payment.externalId !== null && report.externalId !== null && payment.externalId !== report.externalId) {
    return parked(nothing, facts, REVIEW_CHARGE)
  }
  if (!isNews(payment.status, report.status)) return nothing
  return isPaidOnce(report.status) ? paid(nothing, facts, report, now) : unpaid(nothing, facts, report)
}

function nothingBut(
  { payment, checkout, member }: PaymentFacts,
  { externalId }: ChargeReport,
  now: Date,
): SettlementChanges {
  return {
    settlement: 'known',
    payment: {
      id: payment.id,
      through: [{ status: payment.status }],
      isSurplus: payment.isSurplus,
      externalId: payment.externalId ?? externalId,
      review: payment.review,
      checkedAt: now,
    },
    checkout: { id: checkout.id, through: [] },
    account: null,
    userId: member?.userId ?? null,
    member: null,
    mails: [],
  }
}

function parked(nothing: SettlementChanges, { payment }: PaymentFacts, review: string): SettlementChanges {
  const { externalId } = payment
  return { ...nothing, settlement: 'parked', payment: { ...nothing.payment, externalId, review } }
}

function unpaid(
  nothing: SettlementChanges,
  { checkout, hasOther }: PaymentFacts,
  { status }: ChargeReport,
): SettlementChanges {
  const stillWaits = isOpen(status) || hasOther || checkout.status !== 'pending'
  return {
    ...nothing,
    settlement: 'settled',
    payment: { ...nothing.payment, through: [{ status }] },
    checkout: {
      ...nothing.checkout,
      through: stillWaits ? [] : [{ status: status === 'expired' ? 'expired' : 'failed' }],
    },
  }
}

/** Money has come, be it that it was given back since. */
function paid(
  nothing: SettlementChanges,
  facts: PaymentFacts,
  report: ChargeReport,
  now: Date,
): SettlementChanges {
  const { payment, checkout, hasSettled } = facts
  const isFirst = payment.paidAt === null
  const isSurplus = isFirst ? hasSettled : payment.isSurplus
  const paidAt = payment.paidAt ?? within(report.paidAt ?? report.occurredAt, checkout.createdAt, now)
  const givenBack =
    report.status === 'paid' ? null : report.status === 'charged_back' ? 'charged_back' : 'refunded'
  const through = [
    ...(isFirst ? [{ status: 'paid' as const, paidAt }] : []),
    ...(givenBack ? [{ status: givenBack } as const] : []),
  ]
  const moved = {
    ...nothing,
    settlement: 'settled' as const,
    payment: {
      ...nothing.payment,
      through,
      isSurplus,
      review: isSurplus && givenBack === null ? REVIEW_SURPLUS : null,
    },
  }
  if (isSurplus) return moved
  return {
    ...moved,
    checkout: { ...nothing.checkout, through },
    account: accountFor(facts),
    member: membershipAfter(facts, report, { paidAt, isFirst, givenBack }, now),
    mails: [...(isFirst ? (['receipt'] as const) : []), ...(givenBack ? (['refunded'] as const) : [])],
  }
}

interface Money {
  paidAt: Date
  isFirst: boolean
  givenBack: 'refunded' | 'charged_back' | null
}

function membershipAfter(
  { payment, checkout, member }: PaymentFacts,
  report: ChargeReport,
  { paidAt, isFirst, givenBack }: Money,
  now: Date,
): MemberChanges {
  const facts = member ?? { userId: 0, terms: [], subscriptions: [] }
  const grant = {
    planId: checkout.planId,
    days: checkout.planDays ?? 0,
    planCents: checkout.planCents ?? 0,
    changesPlan: checkout.isMembers,
    isRenewal: true,
    grantedAt: paidAt,
    charge: {
      checkoutId: checkout.id,
      paymentId: payment.id,
      amountCents: payment.amountCents,
      currency: payment.currency,
      externalId: report.externalId ?? payment.externalId,
    },
  }
  const revoke = givenBack && {
    isRevoked: ({ paymentId }: { paymentId: number | null }) => paymentId === payment.id,
    reason: givenBack,
    revokedAt: within(report.occurredAt, paidAt, now),
  }
  return memberChanges(facts, { ...(isFirst && { grant }), ...(revoke && { revoke }) }, now)
}

function accountFor({ checkout, member }: PaymentFacts): SettlementChanges['account'] {
  if (member !== null) return null
  if (checkout.email === null) throw new Error(`Checkout ${checkout.id} has neither a user nor an e-mail.`)
  return { email: checkout.email, name: checkout.name, language: checkout.language }
}

/** A gateway's clock may go wrong: nothing was paid before it was asked for, or will be. */
const within = (date: Date, from: Date, to: Date) =>
  new Date(Math.min(Math.max(date.getTime(), from.getTime()), Math.max(to.getTime(), from.getTime())))
