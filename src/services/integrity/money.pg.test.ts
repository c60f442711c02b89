import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from '#src/db/index.ts'
import { subscriptions } from '#src/db/schema.ts'
import { Conflict, NotFound } from '#src/errors.ts'
import { openJobQueue } from '#src/jobs/job-queue.ts'
import { expireSubscriptions } from '#src/services/billing/lapse.ts'
import {
  cancelSubscription,
  endMembership,
  giveTerm,
  resumeSubscription,
} from '#src/services/billing/membership.ts'
import { requestRefund } from '#src/services/billing/refunds.ts'
import { givenBilling, type Order, type TestBilling } from '#test/support/billing.ts'
import { openTestDatabase } from '#test/support/database.ts'
import { MONEY_RULES } from './money.ts'

const DAY_MS = 86_400_000

let database: Database
let billing: TestBilling

beforeAll(async () => {
  database = await openTestDatabase()
  billing = await givenBilling(database)
})
afterAll(() => database.close())

const plan = fc.constantFrom('week' as const, 'month' as const)
const order = fc.nat(3)
const step = fc.oneof(
  fc.record({ do: fc.constant('order' as const), plan }),
  fc.record({
    do: fc.constant('told' as const),
    order,
    news: fc.constantFrom('paid', 'paid', 'failed', 'expired', 'refunded', 'charged_back'),
    daysLate: fc.integer({ min: 0, max: 20 }),
  }),
  fc.record({ do: fc.constant('give' as const), plan, days: fc.constantFrom(1, 30, 90) }),
  fc.record({ do: fc.constant('refund' as const), order }),
  fc.record({ do: fc.constantFrom('end' as const, 'cancel' as const, 'resume' as const, 'expire' as const) }),
  fc.record({ do: fc.constant('wait' as const), days: fc.integer({ min: 1, max: 20 }) }),
)
const history = fc.record({ isByHand: fc.boolean(), steps: fc.array(step, { minLength: 4, maxLength: 16 }) })

test('whatever buyers, gateways and the owner do, in whatever order, leaves the doctor nothing to find', async () => {
  await fc.assert(
    fc.asyncProperty(history, async ({ isByHand, steps }) => {
      await live(isByHand, steps)
      for (const { name, found } of MONEY_RULES) {
        expect([name, (await database.db.execute(found)).rows]).toEqual([name, []])
      }
    }),
    { numRuns: 150 },
  )
}, 300_000)

type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never

/** The history of one member, who may have a subscription that somebody wrote by hand. */
async function live(isByHand: boolean, steps: Step[]) {
  let now = new Date(Date.now() - 400 * DAY_MS)
  const clocked = billing.by(() => now)
  const deps = { database, jobs: openJobQueue(), now: () => now }
  const userId = await clocked.member()
  const orders: Order[] = []
  if (isByHand) {
    const endDate = new Date(now.getTime() + 20.3 * DAY_MS)
    await database.db
      .insert(subscriptions)
      .values({ userId, planId: billing.month, status: 'active', endDate })
  }
  for (const step of steps) {
    await take(step).catch((error) => {
      if (!(error instanceof Conflict || error instanceof NotFound)) throw error
    })
  }

  async function take(step: Step): Promise<unknown> {
    switch (step.do) {
      case 'order':
        return orders.push(await clocked.order({ userId, plan: step.plan }))
      case 'told': {
        const told = orders[step.order]
        const paidAt = new Date(now.getTime() - step.daysLate * DAY_MS)
        return told && clocked.told(told, step.news, { paidAt })
      }
      case 'give':
        return giveTerm(deps, userId, billing[step.plan], step.days)
      case 'refund':
        return requestRefund(deps, orders[step.order]?.paymentId ?? 0)
      case 'end':
        return endMembership(deps, userId)
      case 'cancel':
        return cancelSubscription(deps, userId)
      case 'resume':
        return resumeSubscription(deps, userId)
      case 'expire':
        return expireSubscriptions(deps)
      case 'wait':
        now = new Date(now.getTime() + step.days * DAY_MS)
    }
  }
}

test('the tries above know a fault when they see one', async () => {
  const userId = await billing.member()
  await billing.told(await billing.order({ userId }), 'paid')
  await database.db.execute(
    sql`update subscriptions set end_date = end_date + interval '1 day' where user_id = ${userId}`,
  )
  const found = await Promise.all(
    MONEY_RULES.map(async ({ found }) => (await database.db.execute(found)).rows),
  )

  expect(found.flat()).toEqual([
    { finding: expect.stringMatching(new RegExp(`^Subscription \\d+ of user ${userId} runs from`)) },
  ])
})
