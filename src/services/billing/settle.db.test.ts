import { and, eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { PAYMENT_STATUSES, payments, terms } from '#src/db/billing-tables.ts'
import { explainDatabaseError } from '#src/db/explain-error.ts'
import type { Database } from '#src/db/index.ts'
import { CHECKOUT_STATUSES, checkouts, subscriptions, users } from '#src/db/schema.ts'
import { Unavailable } from '#src/errors.ts'
import { openJobQueue } from '#src/jobs/job-queue.ts'
import type { ChargeStatus } from '#src/payments/gateway.ts'
import { currentSubscription } from '#src/services/access/current-subscription.ts'
import { givenBilling, type Order, outcomeOf, type TestBilling } from '#test/support/billing.ts'
import { openTestDatabase } from '#test/support/database.ts'
import { cancelSubscription, giveTerm, memberAccount } from './membership.ts'
import { settle } from './settle.ts'
import { CHECKOUT_MOVES, PAYMENT_MOVES } from './states.ts'
import { withdrawUntil } from './withdrawal.ts'

const DAY_MS = 86_400_000

let database: Database
let billing: TestBilling
let now = new Date('2026-03-01T12:00:00Z')

beforeAll(async () => {
  database = await openTestDatabase()
  billing = await givenBilling(database, () => now)
})
afterAll(() => database.close())

const later = (days: number) => {
  now = new Date(now.getTime() + days * DAY_MS)
}
const daysLeft = async (userId: number) => {
  const current = await currentSubscription(database.db, userId)
  return current?.endDate ? (current.endDate.getTime() - now.getTime()) / DAY_MS : null
}
const buyer = async (checkoutId: number) => {
  const [row] = await database.db.select().from(checkouts).where(eq(checkouts.id, checkoutId))
  return row?.userId ?? 0
}

describe('what may follow what', () => {
  test('is the same in the database as in our table, for every pair of states of a checkout', async () => {
    const { checkoutId } = await billing.order()
    for (const was of CHECKOUT_STATUSES) {
      for (const is of CHECKOUT_STATUSES) {
        const isLegal = was === is || CHECKOUT_MOVES[was].includes(is)
        expect(await tries('checkouts', checkoutId, was, is), `${was} to ${is}`).toBe(isLegal)
      }
    }
  })

  test('is the same in the database as in our table, for every pair of states of a payment', async () => {
    const { paymentId } = await billing.order()
    for (const was of PAYMENT_STATUSES) {
      for (const is of PAYMENT_STATUSES) {
        const isLegal = was === is || PAYMENT_MOVES[was].includes(is)
        expect(await tries('payments', paymentId, was, is), `${was} to ${is}`).toBe(isLegal)
      }
    }
  })

  /** Whether the database lets a row go from one state to the other; nothing stays of it. */
  async function tries(table: 'checkouts' | 'payments', id: number, was: string, is: string) {
    const paid = (status: string) =>
      table === 'payments'
        ? sql`, paid_at = ${['paid', 'refunded', 'charged_back'].includes(status) ? sql`now()` : sql`null`}`
        : sql``
    const name = sql.identifier(table)
    let isLegal = true
    await database.db
      .transaction(async (tx) => {
        await tx.execute(sql`alter table ${name} disable trigger user`)
        await tx.execute(sql`update ${name} set status = ${was} ${paid(was)} where id = ${id}`)
        await tx.execute(sql`alter table ${name} enable trigger user`)
        await tx
          .execute(
            table === 'payments' && paid(was) !== paid(is)
              ? sql`update ${name} set status = ${is} ${['paid', 'refunded', 'charged_back'].includes(was) && ['paid', 'refunded', 'charged_back'].includes(is) ? sql`` : paid(is)} where id = ${id}`
              : sql`update ${name} set status = ${is} where id = ${id}`,
          )
          .catch(() => {
            isLegal = false
          })
        tx.rollback()
      })
      .catch(() => {})
    return isLegal
  }

  test('what a checkout has offered cannot be changed afterwards', async () => {
    const { checkoutId } = await billing.order()
    await expect(
      database.db.execute(
        sql`update checkouts set total_amount = 1, plan_cents = 1 where id = ${checkoutId}`,
      ),
    ).rejects.toThrow()
  })

  test('no term is sold without a payment of its checkout that was paid', async () => {
    const order = await billing.order()
    const userId = await billing.member()
    const bought = sql`insert into terms (user_id, subscription_id, plan_id, source, checkout_id, payment_id, days, plan_cents, amount_cents, currency, granted_at, starts_at, ends_at)`
    const [subscription] = await database.db
      .insert(subscriptions)
      .values({ userId, planId: billing.month })
      .returning()
    const values = (cents: number) =>
      sql`values (${userId}, ${subscription?.id}, ${billing.month}, 'charge', ${order.checkoutId}, ${order.paymentId}, 30, 2990, ${cents}, 'BRL', now(), now(), now())`
    await expect(database.db.execute(sql`${bought} ${values(2_990)}`)).rejects.toThrow()

    await database.db
      .update(payments)
      .set({ status: 'paid', paidAt: now })
      .where(eq(payments.id, order.paymentId))
    await expect(database.db.execute(sql`${bought} ${values(1)}`)).rejects.toThrow()
  })
})

describe('a payment', () => {
  test('opens an unclaimed account for a guest, with access from the payment on', async () => {
    const order = await billing.order({ email: 'guest@example.com' })
    expect(await billing.told(order, 'paid')).toBe('settled')

    const [account] = await database.db.select().from(users).where(eq(users.email, 'guest@example.com'))
    expect(account).toMatchObject({ claimedAt: null, password: '!', subscriptionStatus: 1 })
    expect(await daysLeft(account?.id ?? 0)).toBeCloseTo(30)
    expect(await outcomeOf(database.db, order.checkoutId)).toEqual({
      checkout: 'paid',
      payment: 'paid',
      isSurplus: false,
      terms: ['counts'],
      subscriptions: ['active'],
    })
    const current = await currentSubscription(database.db, account?.id ?? 0)
    expect(current?.externalId).toBe(order.externalId)
  })

  test('goes to the account that the e-mail has', async () => {
    const userId = await billing.member('known@example.com')
    const order = await billing.order({ email: 'known@example.com' })
    await billing.told(order, 'paid')
    expect(await buyer(order.checkoutId)).toBe(userId)
  })

  test('that is told of twice is one', async () => {
    const order = await billing.order()
    expect(await billing.told(order, 'paid')).toBe('settled')
    expect(await billing.told(order, 'paid')).toBe('known')
    expect(await daysLeft(await buyer(order.checkoutId))).toBeCloseTo(30)
  })

  test('of another amount or currency changes nothing and waits for a person', async () => {
    const order = await billing.order()
    for (const wrong of [
      { amountCents: 2_989 },
      { amountCents: 299_000 },
      { amountCents: 0 },
      { currency: 'USD' },
    ]) {
      expect(await billing.told(order, 'paid', wrong)).toBe('parked')
    }
    expect(await outcomeOf(database.db, order.checkoutId)).toMatchObject({ checkout: 'pending', terms: [] })
    const [payment] = await database.db.select().from(payments).where(eq(payments.id, order.paymentId))
    expect(payment?.review).toMatch(/another amount/)
  })

  test('that comes after its charge had expired is honoured at the price that was offered', async () => {
    const order = await billing.order()
    await billing.told(order, 'expired')
    expect((await outcomeOf(database.db, order.checkoutId)).checkout).toBe('expired')
    await database.db.execute(
      sql`update plans set price = 99999, retired_at = now() where id = ${billing.month}`,
    )
    await billing.told(order, 'paid')
    await database.db.execute(
      sql`update plans set price = 2990, retired_at = null where id = ${billing.month}`,
    )
    expect(await outcomeOf(database.db, order.checkoutId)).toMatchObject({
      checkout: 'paid',
      terms: ['counts'],
    })
  })

  test('of a checkout that is paid already is recorded and flagged, and gives nothing', async () => {
    const first = await billing.order()
    const second = await billing.anotherCharge(first)
    await billing.told(first, 'paid')
    expect(await billing.told(second, 'paid')).toBe('settled')

    const [surplus] = await database.db.select().from(payments).where(eq(payments.id, second.paymentId))
    expect(surplus).toMatchObject({
      status: 'paid',
      isSurplus: true,
      review: expect.stringMatching(/refund/),
    })
    expect(await daysLeft(await buyer(first.checkoutId))).toBeCloseTo(30)

    await billing.told(second, 'refunded')
    expect(await daysLeft(await buyer(first.checkoutId))).toBeCloseTo(30)
  })

  test('a hundred of one checkout at the same moment: one settles, the others are recorded', async () => {
    const first = await billing.order()
    const orders = [first]
    for (let count = 1; count < 100; count++) orders.push(await billing.anotherCharge(first))
    // A message that finds no connection in time is answered with 503, and sent again.
    const deliver = (order: Order): ReturnType<TestBilling['told']> =>
      billing.told(order, 'paid').catch((error) => {
        if (explainDatabaseError(error) instanceof Unavailable) return deliver(order)
        throw error
      })
    const settled = await Promise.all(orders.map(deliver))
    expect(settled).toEqual(orders.map(() => 'settled'))

    const paid = await database.db.select().from(payments).where(eq(payments.checkoutId, first.checkoutId))
    expect(paid.filter(({ isSurplus }) => !isSurplus)).toHaveLength(1)
    expect(paid.filter(({ isSurplus, review }) => isSurplus && review !== null)).toHaveLength(99)
    expect(await database.db.select().from(terms).where(eq(terms.checkoutId, first.checkoutId))).toHaveLength(
      1,
    )
  })
})

describe('payments that are told of at the same moment', () => {
  test('each come to what they come to alone, those of one buyer too', async () => {
    const userId = await billing.member()
    const ofOne = await Promise.all([1, 2, 3].map(() => billing.order({ userId })))
    const ofGuest = await Promise.all([1, 2].map(() => billing.order({ email: 'two@example.com' })))
    const ofOthers = await Promise.all(Array.from({ length: 20 }, () => billing.order()))
    const all = [...ofOne, ...ofGuest, ...ofOthers]
    expect(await Promise.all(all.map((order) => billing.told(order, 'paid')))).toEqual(
      all.map(() => 'settled'),
    )

    expect(await daysLeft(userId)).toBeCloseTo(90)
    const [guest] = await database.db.select().from(users).where(eq(users.email, 'two@example.com'))
    expect(await daysLeft(guest?.id ?? 0)).toBeCloseTo(60)
    for (const { checkoutId } of all) {
      const { checkout, payment, terms } = await outcomeOf(database.db, checkoutId)
      expect([checkout, payment, terms]).toEqual(['paid', 'paid', ['counts']])
    }
  })

  test('and the refusal of one is that of no other', async () => {
    const orders = await Promise.all(Array.from({ length: 12 }, () => billing.order()))
    const nowhere = { ...(orders[0] as Order), paymentId: 2_000_000_000 }
    const told = [...orders.slice(0, 6), nowhere, ...orders.slice(6)]
    const outcomes = await Promise.allSettled(told.map((order) => billing.told(order, 'paid')))
    expect(outcomes.map(({ status }) => status)).toEqual(
      told.map((order) => (order === nowhere ? 'rejected' : 'fulfilled')),
    )
    for (const { checkoutId } of orders)
      expect((await outcomeOf(database.db, checkoutId)).payment).toBe('paid')
  })

  test('commit what has to be committed with each, or nothing of it', async () => {
    const orders = await Promise.all(Array.from({ length: 8 }, () => billing.order()))
    const jobs = openJobQueue()
    const settling = orders.map((order, index) =>
      settle({ database, jobs }, order.paymentId, reportOf(order), now, async (tx) => {
        await tx.update(checkouts).set({ customerName: 'seen' }).where(eq(checkouts.id, order.checkoutId))
        if (index === 3) throw new Error('Not this one.')
      }),
    )
    const outcomes = await Promise.allSettled(settling)
    expect(outcomes.flatMap(({ status }, index) => (status === 'rejected' ? [index] : []))).toEqual([3])
    for (const [index, { checkoutId }] of orders.entries()) {
      const [row] = await database.db.select().from(checkouts).where(eq(checkouts.id, checkoutId))
      expect([row?.status, row?.customerName]).toEqual(index === 3 ? ['pending', null] : ['paid', 'seen'])
    }
  })

  const reportOf = ({ externalId, amountCents }: Order) => ({
    externalId,
    status: 'paid' as const,
    amountCents,
    currency: 'BRL',
    paidAt: null,
    occurredAt: now,
  })
})

describe('the order of the news', () => {
  test.each<[ChargeStatus[], string]>([
    [['paid', 'pending'], 'paid'],
    [['paid', 'failed'], 'paid'],
    [['refunded', 'paid'], 'refunded'],
    [['charged_back', 'refunded'], 'charged_back'],
    [['failed', 'pending'], 'failed'],
    [['failed', 'paid'], 'paid'],
    [['canceled', 'expired'], 'canceled'],
  ])('%j ends %s', async (order, end) => {
    const bought = await billing.order()
    for (const status of order) await billing.told(bought, status)
    expect((await outcomeOf(database.db, bought.checkoutId)).payment).toBe(end)
  })
})

describe('a membership', () => {
  test('is extended by the same plan, moved by another with the unused days credited, and taken back by a refund', async () => {
    const userId = await billing.member()
    const first = await billing.order({ userId })
    await billing.told(first, 'paid')
    later(10)
    const second = await billing.order({ userId })
    await billing.told(second, 'paid')
    expect(await daysLeft(userId)).toBeCloseTo(50)

    later(10)
    const week = await billing.order({ userId, plan: 'week' })
    await billing.told(week, 'paid')
    expect(await daysLeft(userId)).toBeCloseTo(7 + (40 * 2_990 * 7) / (30 * 990), 4)
    expect(await statuses(userId)).toEqual(['active', 'expired'])

    await billing.told(week, 'refunded')
    expect(await daysLeft(userId)).toBeCloseTo(40)
    expect(await statuses(userId)).toEqual(['active', 'refunded'])

    await billing.told(first, 'charged_back')
    expect(await daysLeft(userId)).toBeCloseTo(20)
    await billing.told(second, 'refunded')
    expect(await daysLeft(userId)).toBe(null)
    expect(await statuses(userId)).toEqual(['refunded', 'refunded'])
  })

  test('keeps its plan and its time when somebody else pays for its e-mail: that stands behind', async () => {
    const userId = await billing.member('bea@example.com')
    await billing.told(await billing.order({ userId }), 'paid')
    later(1)
    await billing.told(await billing.order({ email: 'bea@example.com', plan: 'week' }), 'paid')
    const site = { database, now: () => now }
    expect(await statuses(userId)).toEqual(['active'])
    expect((await memberAccount(site, userId)).subscription).toMatchObject({
      planName: 'month',
      status: 'active',
    })
    expect(await daysLeft(userId)).toBeCloseTo(36)

    later(30)
    expect((await memberAccount(site, userId)).subscription).toMatchObject({
      planName: 'week',
      status: 'active',
    })
    expect(await daysLeft(userId)).toBeCloseTo(6)
  })

  test.each<[string, ChargeStatus[]]>([
    ['one after the other', ['paid', 'refunded']],
    ['at once', ['refunded']],
  ])('that was canceled ends alike, told of a payment and its refund %s', async (_, news) => {
    const userId = await billing.member()
    await billing.told(await billing.order({ userId }), 'paid')
    await cancelSubscription({ database, now: () => now }, userId)
    expect(await statuses(userId)).toEqual(['canceled'])

    const order = await billing.order({ userId })
    for (const status of news) await billing.told(order, status)
    expect(await statuses(userId)).toEqual(['active'])
    expect(await daysLeft(userId)).toBeCloseTo(30)
  })

  test('that was canceled stays so when days are given', async () => {
    const userId = await billing.member()
    const site = { database, now: () => now }
    await billing.told(await billing.order({ userId }), 'paid')
    await cancelSubscription(site, userId)
    await giveTerm(site, userId, billing.month, 10)
    expect(await statuses(userId)).toEqual(['canceled'])
    expect(await daysLeft(userId)).toBeCloseTo(40)
  })

  test('that lapsed begins anew with the next payment, and one is active', async () => {
    const userId = await billing.member()
    await billing.told(await billing.order({ userId, plan: 'week' }), 'paid')
    later(30)
    await billing.told(await billing.order({ userId, plan: 'week' }), 'paid')
    expect(await daysLeft(userId)).toBeCloseTo(7)
    expect(await statuses(userId)).toEqual(['active', 'expired'])
  })

  test('that was written by hand keeps its days', async () => {
    const userId = await billing.member()
    const end = new Date(now.getTime() + 5 * DAY_MS)
    await database.db
      .insert(subscriptions)
      .values({ userId, planId: billing.month, status: 'active', startDate: now, endDate: end })
    await billing.told(await billing.order({ userId }), 'paid')
    expect(await daysLeft(userId)).toBeCloseTo(35)
    expect(await statuses(userId)).toEqual(['active'])
  })

  test('that was written by hand keeps its days when a payment beside it was given back before anybody knew', async () => {
    const userId = await billing.member()
    const end = new Date(now.getTime() + 5 * DAY_MS)
    await database.db
      .insert(subscriptions)
      .values({ userId, planId: billing.month, status: 'active', startDate: now, endDate: end })
    await billing.told(await billing.order({ userId }), 'refunded')
    expect(await daysLeft(userId)).toBeCloseTo(5)
  })

  test('can be withdrawn from for seven days', async () => {
    const order = await billing.order()
    await billing.told(order, 'paid')
    const [payment] = await database.db
      .select()
      .from(payments)
      .where(and(eq(payments.id, order.paymentId)))
    if (!payment) throw new Error('The payment is gone.')
    expect(withdrawUntil(payment, new Date(now.getTime() + 7 * DAY_MS - 1))).not.toBe(null)
    expect(withdrawUntil(payment, new Date(now.getTime() + 7 * DAY_MS))).toBe(null)
  })

  const statuses = async (userId: number) => {
    const rows = await database.db.select().from(subscriptions).where(eq(subscriptions.userId, userId))
    return rows.map(({ status }) => status).toSorted()
  }
})
