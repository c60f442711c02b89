import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from '#src/db/index.ts'
import { openJobQueue } from '#src/jobs/job-queue.ts'
import { givenBilling, type Order, type TestBilling } from '#test/support/billing.ts'
import { openTestDatabase } from '#test/support/database.ts'
import { giveTerm } from './membership.ts'
import { reassignOrder } from './reassign-order.ts'

const HOUR_MS = 3_600_000
const START = Date.parse('2026-01-30T12:00:00Z')

interface World {
  database: Database
  billing: TestBilling
}
let moved: World
let direct: World

beforeAll(async () => {
  ;[moved, direct] = await Promise.all([openWorld(), openWorld()])
})
afterAll(() => Promise.all([moved.database.close(), direct.database.close()]))

async function openWorld(): Promise<World> {
  const database = await openTestDatabase()
  return { database, billing: await givenBilling(database) }
}

type Step =
  | { do: 'buy'; email: number; plan: 'week' | 'month' }
  | { do: 'move'; order: number; email: number }
  | { do: 'refund'; order: number }
  | { do: 'give'; email: number }
  | { do: 'wait'; hours: number }

const email = fc.nat(2)
const order = fc.nat(6)
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('buy' as const), email, plan: fc.constantFrom('week', 'month') }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('move' as const), order, email }) },
  fc.record({ do: fc.constant('refund' as const), order }),
  fc.record({ do: fc.constant('give' as const), email }),
  fc.record({ do: fc.constant('wait' as const), hours: fc.integer({ min: 1, max: 900 }) }),
)

test(
  'orders moved in 60 random stories come to what they would have, bought under their last e-mail at once',
  () =>
    fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 14 }), async (steps) => {
        const { emails, now } = await live(moved, steps, null)
        await live(direct, steps, emails)
        expect(await outcomeOf(moved.database, now)).toEqual(await outcomeOf(direct.database, now))
      }),
      { numRuns: 60 },
    ),
  120_000,
)

/** With the last e-mails, every order is made under its own of these, and none is moved. @returns the last ones. */
async function live(world: World, steps: Step[], lastEmails: string[] | null) {
  const { database } = world
  await database.db.execute(
    sql`truncate users, checkouts, payments, terms, subscriptions restart identity cascade`,
  )
  let now = START
  const clock = () => new Date(now)
  const deps = { database, jobs: openJobQueue(), log: pino({ level: 'silent' }), now: clock }
  const site = world.billing.by(clock)
  const orders: Array<Order & { isRefunded: boolean }> = []
  const emails: string[] = []

  for (const step of steps) {
    // Two things never happen at the very same millisecond.
    now += 1
    if (step.do === 'wait') now += step.hours * HOUR_MS
    else if (step.do === 'give') {
      await giveTerm(deps, await accountOf(database, addressOf(step.email)), world.billing.week)
    } else if (step.do === 'buy') {
      const made = await site.order({
        email: lastEmails?.[orders.length] ?? addressOf(step.email),
        plan: step.plan,
      })
      await site.told(made, 'paid')
      orders.push({ ...made, isRefunded: false })
      emails.push(addressOf(step.email))
    } else {
      const known = orders[step.order]
      if (!known || known.isRefunded) continue
      if (step.do === 'refund') {
        await site.told(known, 'refunded')
        known.isRefunded = true
      } else {
        if (emails[step.order] === addressOf(step.email)) continue
        emails[step.order] = addressOf(step.email)
        if (!lastEmails) await reassignOrder(deps, known.paymentId, addressOf(step.email))
      }
    }
  }
  return { emails, now: clock() }
}

const addressOf = (number: number) => `buyer-${number}@example.com`

async function accountOf({ db }: Database, email: string): Promise<number> {
  await db.execute(sql`insert into users (email, password) values (${email}, '!') on conflict do nothing`)
  const { rows } = await db.execute<{ id: number }>(sql`select id from users where email = ${email}`)
  return rows[0]?.id ?? 0
}

/** What everybody has: the terms that count, and the subscription that runs (whose plan and start tell of what was written before). */
async function outcomeOf({ db }: Database, now: Date) {
  const { rows: terms } = await db.execute(sql`
    select email, source, days, granted_at, starts_at, ends_at, checkout_id, checkouts.user_id = terms.user_id as is_own
    from terms join users on users.id = user_id left join checkouts on checkouts.id = checkout_id
    where revoked_at is null order by granted_at, terms.id`)
  const { rows: running } = await db.execute(sql`
    select email, status, end_date from subscriptions join users on users.id = user_id
    where status in ('active', 'canceled') and end_date > ${now}::timestamptz order by email`)
  return { terms, running }
}
