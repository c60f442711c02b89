import { randomUUID } from 'node:crypto'
import { eq } from 'drizzle-orm'
import { payments, terms } from '#src/db/billing-tables.ts'
import type { Database, Db } from '#src/db/index.ts'
import { checkouts, paymentGateways, plans, subscriptions, users } from '#src/db/schema.ts'
import { type JobQueue, openJobQueue } from '#src/jobs/job-queue.ts'
import type { ChargeStatus } from '#src/payments/gateway.ts'
import type { ChargeReport } from '#src/services/billing/decide-settlement.ts'
import { settle } from '#src/services/billing/settle.ts'

/** Buyers, checkouts and charges as the site would have made them, for tests of what comes afterwards. */
export interface TestBilling {
  gatewayId: number
  week: number
  month: number
  /** A checkout with a charge that waits for its money; of a guest unless a member is named. */
  order(options?: OrderOptions): Promise<Order>
  /** Another charge of that checkout, which has ended unpaid. */
  anotherCharge(order: Order): Promise<Order>
  /** The gateway's word on the charge reaches us. */
  told(order: Order, status: ChargeStatus, report?: Partial<ChargeReport>): ReturnType<typeof settle>
  member(email?: string): Promise<number>
  /** The same site by another clock. */
  by(now: () => Date): TestBilling
}

export interface OrderOptions {
  plan?: 'week' | 'month'
  userId?: number | null
  email?: string
}

export interface Order {
  checkoutId: number
  paymentId: number
  externalId: string
  idempotencyKey: string
  amountCents: number
}

export const PRICES = { week: { cents: 990, days: 7 }, month: { cents: 2_990, days: 30 } } as const

export async function givenBilling(
  { db, ...rest }: Database,
  now: () => Date = () => new Date(),
): Promise<TestBilling> {
  const deps = { database: { db, ...rest } as Database, jobs: openJobQueue() }
  const gatewayId = await idOf(
    db
      .insert(paymentGateways)
      .values({ name: 'sandbox', isActive: true })
      .returning({ id: paymentGateways.id }),
  )
  const [week, month] = await Promise.all(
    (['week', 'month'] as const).map((name) =>
      idOf(
        db
          .insert(plans)
          .values({ name, price: PRICES[name].cents, duration: PRICES[name].days })
          .returning({ id: plans.id }),
      ),
    ),
  )
  return billingOn(deps, { gatewayId, week: week ?? 0, month: month ?? 0 }, now)
}

function billingOn(
  deps: { database: Database; jobs: JobQueue },
  ids: { gatewayId: number; week: number; month: number },
  now: () => Date,
): TestBilling {
  const { db } = deps.database
  const { gatewayId } = ids

  async function charge(
    checkoutId: number,
    amountCents: number,
    status: 'pending' | 'failed',
  ): Promise<Order> {
    const externalId = `ch_${randomUUID()}`
    const idempotencyKey = randomUUID()
    const paymentId = await idOf(
      db
        .insert(payments)
        .values({
          checkoutId,
          gatewayId,
          method: 'pix',
          idempotencyKey,
          externalId,
          status,
          amountCents,
          currency: 'BRL',
        })
        .returning({ id: payments.id }),
    )
    return { checkoutId, paymentId, externalId, idempotencyKey, amountCents }
  }

  return {
    ...ids,
    by: (clock) => billingOn(deps, ids, clock),
    async order({ plan = 'month', userId = null, email = `${randomUUID()}@example.com` } = {}) {
      const { cents, days } = PRICES[plan]
      const checkoutId = await idOf(
        db
          .insert(checkouts)
          .values({
            userId,
            planId: ids[plan],
            planName: plan,
            planCents: cents,
            planDays: days,
            totalAmount: cents,
            customerEmail: email,
            createdAt: new Date(now().getTime() - 60_000),
          })
          .returning({ id: checkouts.id }),
      )
      return charge(checkoutId, cents, 'pending')
    },
    anotherCharge: (order) => charge(order.checkoutId, order.amountCents, 'failed'),
    told: ({ paymentId, externalId, amountCents }, status, report = {}) =>
      settle(
        deps,
        paymentId,
        { externalId, status, amountCents, currency: 'BRL', paidAt: null, occurredAt: now(), ...report },
        now(),
      ),
    member: (email = `${randomUUID()}@example.com`) =>
      idOf(db.insert(users).values({ email, password: '!' }).returning({ id: users.id })),
  }
}

/** All that money has come to for a checkout, without ids and instants. */
export async function outcomeOf(db: Db, checkoutId: number) {
  const [checkout] = await db.select().from(checkouts).where(eq(checkouts.id, checkoutId))
  const [payment] = await db.select().from(payments).where(eq(payments.checkoutId, checkoutId))
  const own = await db.select().from(terms).where(eq(terms.checkoutId, checkoutId))
  const theirs = checkout?.userId
    ? await db.select().from(subscriptions).where(eq(subscriptions.userId, checkout.userId))
    : []
  return {
    checkout: checkout?.status,
    payment: payment?.status,
    isSurplus: payment?.isSurplus,
    terms: own.map(({ revokeReason }) => revokeReason ?? 'counts'),
    subscriptions: theirs.map(({ status }) => status),
  }
}

async function idOf(inserted: PromiseLike<Array<{ id: number }>>): Promise<number> {
  const [row] = await inserted
  if (!row) throw new Error('Nothing was inserted.')
  return row.id
}
