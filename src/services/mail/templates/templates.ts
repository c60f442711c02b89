import type { MailTemplate } from '#src/jobs/job-queue.ts'
import type { Letter } from '../letter.ts'

/** What every letter may tell. */
export interface Sender {
  siteName: string
  /** The address of the site. */
  siteLink: string
}

/** A link that works once. */
export interface WithLink extends Sender {
  link: string
}

export interface Receipt extends Sender {
  /** As the buyer gave it. */
  name: string | null
  planName: string
  /** What was bought, each with its price in words. */
  lines: Array<{ name: string; price: string }>
  total: string
  method: 'pix' | 'credit_card'
  paidAt: Date
  /** Null where the term has been revoked meanwhile. */
  accessUntil: Date | null
  /** To claim the account with; null for one that has an owner. */
  claimLink: string | null
  accountLink: string
}

export interface Reminder extends Sender {
  name: string | null
  planName: string
  endsAt: Date
  plansLink: string
}

export interface Refund extends Sender {
  name: string | null
  planName: string
  amount: string
  method: 'pix' | 'credit_card'
  isChargedBack: boolean
}

export interface OrderMoved extends Sender {
  name: string | null
  planName: string
  paidAt: Date
}

/** What each letter is made of. */
export interface LetterFacts extends Record<MailTemplate, Sender> {
  claim: WithLink
  reset: WithLink
  'already-registered': Sender & { signInLink: string; resetLink: string }
  'password-changed': Sender & { resetLink: string }
  'confirm-email': WithLink
  'email-change-asked': Sender & { securityLink: string }
  'email-changed': Sender
  receipt: Receipt
  reminder: Reminder
  refunded: Refund
  'order-moved': OrderMoved
}

/** The letters in one language. */
export type Templates = { [Name in MailTemplate]: (facts: LetterFacts[Name]) => Letter }
