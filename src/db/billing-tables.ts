import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  check,
  foreignKey,
  index,
  integer,
  pgTable,
  serial,
  text,
  timestamp,
  unique,
  uniqueIndex,
} from 'drizzle-orm/pg-core'
import { checkouts, PAYMENT_METHODS, paymentGateways, plans, subscriptions, users } from './schema.ts'

/**
 * Our own tables around money (spec §4): each charge we asked a gateway for, what gateways told us, and the terms of
 * access that came of it. What may follow what is kept by triggers of the same migration.
 */

const instant = (name: string) => timestamp(name, { withTimezone: true })

/** `created`: our row is there, the gateway was not asked yet. `unknown`: it was asked and its answer did not come. */
export const PAYMENT_STATUSES = [
  'created',
  'unknown',
  'pending',
  'failed',
  'expired',
  'canceled',
  'paid',
  'refunded',
  'charged_back',
] as const
export type PaymentStatus = (typeof PAYMENT_STATUSES)[number]

export const TERM_SOURCES = ['charge', 'gift'] as const
export const REVOKE_REASONS = ['refunded', 'charged_back', 'ended'] as const

/** One charge at a gateway, for one checkout. The row is committed before the gateway is asked (spec §4). */
export const payments = pgTable(
  'payments',
  {
    id: serial('id').primaryKey(),
    checkoutId: integer('checkout_id')
      .notNull()
      .references(() => checkouts.id),
    gatewayId: integer('gateway_id')
      .notNull()
      .references(() => paymentGateways.id),
    method: text('method', { enum: PAYMENT_METHODS }).notNull(),
    /** Ours: asking twice with it makes one charge. */
    idempotencyKey: text('idempotency_key').notNull().unique(),
    /** The gateway's id of the charge; null until it has answered. */
    externalId: text('external_id'),
    status: text('status', { enum: PAYMENT_STATUSES }).notNull().default('created'),
    amountCents: integer('amount_cents').notNull(),
    currency: text('currency').notNull(),
    /** The PIX code to copy, sealed. */
    pixCode: text('pix_code'),
    /** Until when the gateway takes the money; later money is honoured all the same. */
    expiresAt: instant('expires_at'),
    /** The gateway's own page for cards. */
    payUrl: text('pay_url'),
    /** When it was first known to be paid; stays when it is given back. */
    paidAt: instant('paid_at'),
    /** Money beyond what the checkout asks for: kept on record, gives no term, and waits for its refund. */
    isSurplus: boolean('is_surplus').notNull().default(false),
    refundRequestedAt: instant('refund_requested_at'),
    /** What somebody has to look at: the gateway told of another amount, for instance. */
    review: text('review'),
    /** When the gateway was last asked about it. */
    checkedAt: instant('checked_at'),
    createdAt: instant('created_at').notNull().defaultNow(),
    /** Kept by the database. */
    updatedAt: instant('updated_at').notNull().defaultNow(),
  },
  (table) => [
    unique('payments_external_id_unique').on(table.gatewayId, table.externalId),
    unique('payments_of_an_amount').on(table.id, table.amountCents, table.currency),
    foreignKey({
      name: 'payments_amount_is_that_of_the_checkout',
      columns: [table.checkoutId, table.amountCents, table.currency],
      foreignColumns: [checkouts.id, checkouts.totalAmount, checkouts.currency],
    }),
    check('payments_method_known', sql`${table.method} in ('pix', 'credit_card')`),
    check(
      'payments_status_known',
      sql`${table.status} in ('created', 'unknown', 'pending', 'failed', 'expired', 'canceled', 'paid', 'refunded', 'charged_back')`,
    ),
    check(
      'payments_paid_since',
      sql`(${table.paidAt} is not null) = (${table.status} in ('paid', 'refunded', 'charged_back'))`,
    ),
    uniqueIndex('payments_one_open_per_checkout_and_method')
      .on(table.checkoutId, table.method)
      .where(sql`${table.status} in ('created', 'unknown', 'pending')`),
    uniqueIndex('payments_one_settles_a_checkout')
      .on(table.checkoutId)
      .where(sql`${table.paidAt} is not null and not ${table.isSurplus}`),
    index('payments_by_checkout').on(table.checkoutId),
    index('payments_to_reconcile')
      .on(table.checkedAt.asc().nullsFirst())
      .where(sql`${table.status} in ('created', 'unknown', 'pending')`),
    index('payments_to_check_again')
      .on(table.checkedAt.asc().nullsFirst())
      .where(sql`${table.status} not in ('created', 'unknown', 'pending', 'charged_back')`),
  ],
)

/** A stretch of access that was paid for or given. When it begins and ends follows from all terms of its user. */
export const terms = pgTable(
  'terms',
  {
    id: serial('id').primaryKey(),
    userId: integer('user_id')
      .notNull()
      .references(() => users.id),
    subscriptionId: integer('subscription_id')
      .notNull()
      .references(() => subscriptions.id),
    planId: integer('plan_id')
      .notNull()
      .references(() => plans.id),
    source: text('source', { enum: TERM_SOURCES }).notNull(),
    checkoutId: integer('checkout_id').references(() => checkouts.id),
    paymentId: integer('payment_id')
      .unique()
      .references(() => payments.id),
    days: integer('days').notNull(),
    /** What these days cost, a bump not counted: unused ones are credited by it. */
    planCents: integer('plan_cents').notNull(),
    /** Whether it takes the place of a running term of another plan: only the member can want that. */
    changesPlan: boolean('changes_plan').notNull().default(false),
    /** What was paid in all; null for a gift. */
    amountCents: integer('amount_cents'),
    currency: text('currency'),
    /** When it was paid or given: terms follow one another in this order. */
    grantedAt: instant('granted_at').notNull(),
    startsAt: instant('starts_at').notNull(),
    endsAt: instant('ends_at').notNull(),
    revokedAt: instant('revoked_at'),
    revokeReason: text('revoke_reason', { enum: REVOKE_REASONS }),
    createdAt: instant('created_at').notNull().defaultNow(),
  },
  (table) => [
    foreignKey({
      name: 'terms_amount_is_that_of_the_payment',
      columns: [table.paymentId, table.amountCents, table.currency],
      foreignColumns: [payments.id, payments.amountCents, payments.currency],
    }),
    check('terms_source_known', sql`${table.source} in ('charge', 'gift')`),
    check(
      'terms_charge_has_its_payment',
      sql`(${table.source} = 'charge') = (${table.paymentId} is not null) and (${table.source} = 'charge') = (${table.checkoutId} is not null) and (${table.source} = 'charge') = (${table.amountCents} is not null) and (${table.source} = 'charge') = (${table.currency} is not null)`,
    ),
    check('terms_days_positive', sql`${table.days} > 0`),
    check('terms_end_after_start', sql`${table.endsAt} >= ${table.startsAt}`),
    check('terms_revoked_for_a_reason', sql`(${table.revokedAt} is null) = (${table.revokeReason} is null)`),
    check('terms_revoke_reason_known', sql`${table.revokeReason} in ('refunded', 'charged_back', 'ended')`),
    unique('terms_one_per_checkout').on(table.checkoutId),
    index('terms_by_user').on(table.userId, table.grantedAt),
    index('terms_by_subscription').on(table.subscriptionId),
    index('terms_by_plan').on(table.planId),
  ],
)

export const WEBHOOK_EVENT_STATES = ['received', 'settled', 'ignored', 'parked'] as const

/**
 * What gateways told us, each event once. Of the message nothing is kept but what settling needs and a digest:
 * there are no personal data in here.
 */
export const webhookEvents = pgTable(
  'webhook_events',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    gatewayId: integer('gateway_id')
      .notNull()
      .references(() => paymentGateways.id),
    /** The gateway's id of the event. */
    eventId: text('event_id').notNull(),
    /** The gateway's id of the charge, and our idempotency key where it sends that back. */
    externalId: text('external_id').notNull(),
    reference: text('reference'),
    /** What the event says of the charge. */
    chargeStatus: text('charge_status').notNull(),
    amountCents: integer('amount_cents').notNull(),
    currency: text('currency').notNull(),
    occurredAt: instant('occurred_at').notNull(),
    /** SHA-256 of the bytes that came. */
    digest: text('digest').notNull(),
    state: text('state', { enum: WEBHOOK_EVENT_STATES }).notNull().default('received'),
    /** Why it was ignored or parked. */
    reason: text('reason'),
    receivedAt: instant('received_at').notNull().defaultNow(),
    settledAt: instant('settled_at'),
  },
  (table) => [
    unique('webhook_events_once').on(table.gatewayId, table.eventId),
    check('webhook_events_state_known', sql`${table.state} in ('received', 'settled', 'ignored', 'parked')`),
    index('webhook_events_waiting').on(table.id).where(sql`${table.state} = 'received'`),
    index('webhook_events_of_charge').on(table.gatewayId, table.externalId),
  ],
)
