import { and, eq, inArray } from 'drizzle-orm'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { payments, terms } from '#src/db/billing-tables.ts'
import type { Database } from '#src/db/index.ts'
import { checkouts, subscriptions } from '#src/db/schema.ts'
import { openJobQueue } from '#src/jobs/job-queue.ts'
import { currentSubscription } from '#src/services/access/current-subscription.ts'
import { expireSubscriptions } from '#src/services/billing/lapse.ts'
import { cancelSubscription, resumeSubscription } from '#src/services/billing/membership.ts'
import { givenBilling, type Order, type TestBilling } from '#test/support/billing.ts'
import { openTestDatabase } from '#test/support/database.ts'
import { type News, type Plan, ReferenceModel } from './reference-model.ts'

const HISTORIES = Number(process.env.MONEY_HISTORIES ?? 2_000)
const SIDE_BY_SIDE = 5
const HOUR_MS = 3_600_000
const START = Date.parse('2026-01-30T12:00:00Z')

/** Each has a database of its own: what lapses by one clock is not the business of another. */
interface World {
  database: Database
  billing: TestBilling
}
let worlds: World[]

beforeAll(async () => {
  worlds = await Promise.all(Array.from({ length: SIDE_BY_SIDE }, openWorld))
})
afterAll(() => Promise.all(worlds.map(({ database }) => database.close())))

async function openWorld(): Promise<World> {
  const database = await openTestDatabase()
  return { database, billing: await givenBilling(database) }
}

type Step =
  | { do: 'order'; member: number; plan: Plan }
  | { do: 'told'; order: number; news: News }
  | { do: 'buy'; member: number; plan: Plan }
  | { do: 'wait'; hours: number }
  | { do: 'cancel' | 'resume'; member: number }
  | { do: 'expire' }

const member = fc.nat(2)
const plan = fc.constantFrom<Plan>('week', 'month')
const news = fc.constantFrom<News>(
  'pending',
  'paid',
  'paid',
  'failed',
  'expired',
  'canceled',
  'refunded',
  'charged_back',
)
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('buy' as const), member, plan }),
  fc.record({ do: fc.constant('order' as const), member, plan }),
  fc.record({ do: fc.constant('told' as const), order: fc.nat(9), news }),
  fc.record({ do: fc.constant('told' as const), order: fc.nat(9), news }),
  fc.record({ do: fc.constant('wait' as const), hours: fc.integer({ min: 1, max: 900 }) }),
  fc.record({ do: fc.constantFrom('cancel' as const, 'resume' as const), member }),
  fc.record({ do: fc.constant('expire' as const) }),
)

test(`${HISTORIES} random histories of three members come to what a simple model says`, async () => {
  const seed = Math.floor(Math.random() * 2 ** 31)
  await Promise.all(
    worlds.map((world, index) =>
      fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 14 }), (steps) => live(world, steps)),
        { numRuns: Math.ceil(HISTORIES / SIDE_BY_SIDE), seed: seed + index },
      ),
    ),
  )
}, 600_000)

async function live({ database, billing }: World, steps: Step[]) {
  let now = START
  const clock = () => new Date(now)
  const site = billing.by(clock)
  const deps = { database, jobs: openJobQueue(), now: clock }
  const model = new ReferenceModel()
  const members = await Promise.all([site.member(), site.member(), site.member()])
  const orders: Order[] = []

  for (const step of steps) {
    // Two things never happen at the very same millisecond.
    now += 1
    switch (step.do) {
      case 'order':
      case 'buy': {
        const order = await site.order({ userId: members[step.member] ?? null, plan: step.plan })
        orders.push(order)
        const number = model.order(step.member, step.plan)
        if (step.do === 'order') break
        now += 1
        await site.told(order, 'paid')
        model.told(number, 'paid', now)
        break
      }
      case 'told': {
        const order = orders[step.order]
        if (!order) break
        await site.told(order, step.news)
        model.told(step.order, step.news, now)
        break
      }
      case 'wait':
        now += step.hours * HOUR_MS
        break
      case 'expire':
        await expireSubscriptions(deps)
        break
      default: {
        const userId = members[step.member] ?? 0
        const turn = step.do === 'cancel' ? cancelSubscription : resumeSubscription
        await turn(deps, userId).catch(() => {})
        if (step.do === 'cancel') model.cancel(step.member, now)
        else model.resume(step.member, now)
      }
    }
  }

  for (const [index, userId] of members.entries())
    await compareMember(database, model, { index, userId, now })
  for (const [index, order] of orders.entries()) await compareOrder(database, model, index, order)
}

async function compareMember(
  database: Database,
  model: ReferenceModel,
  { index: member, userId, now }: { index: number; userId: number; now: number },
) {
  const current = await currentSubscription(database.db, userId)
  const until = current?.endDate?.getTime() ?? now
  const expected = model.until(member, now)
  if (expected > now) expect(Math.abs(until - expected), `${until - expected} ms`).toBeLessThanOrEqual(20)
  else expect(until).toBeLessThanOrEqual(now)

  const running = await database.db
    .select()
    .from(subscriptions)
    .where(and(eq(subscriptions.userId, userId), inArray(subscriptions.status, ['active', 'canceled'])))
  const alive = running.filter(({ endDate }) => endDate !== null && endDate.getTime() > now)
  expect(alive.map(({ status }) => status)).toEqual(
    model.state(member, now) === 'none' ? [] : [model.state(member, now)],
  )
}

/** A charge makes exactly one paid checkout and one term, which counts as long as its money is there. */
async function compareOrder(
  database: Database,
  model: ReferenceModel,
  index: number,
  { checkoutId, paymentId }: Order,
) {
  const { state, paidAt } = model.orders[index] ?? { state: 'pending', paidAt: null }
  const [payment] = await database.db.select().from(payments).where(eq(payments.id, paymentId))
  const [checkout] = await database.db.select().from(checkouts).where(eq(checkouts.id, checkoutId))
  const own = await database.db.select().from(terms).where(eq(terms.checkoutId, checkoutId))
  expect(payment?.status).toBe(state)
  expect(payment?.paidAt?.getTime() ?? null).toBe(paidAt)
  expect(own.map(({ revokedAt }) => revokedAt === null)).toEqual(paidAt === null ? [] : [state === 'paid'])
  const isPaidOnce = ['paid', 'refunded', 'charged_back'].includes(state)
  if (isPaidOnce) expect(checkout?.status).toBe(state)
  else expect(checkout?.status).toMatch(/^(pending|failed|expired)$/)
}
