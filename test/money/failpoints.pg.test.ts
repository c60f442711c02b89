import { setTimeout as delay } from 'node:timers/promises'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { payments } from '#src/db/billing-tables.ts'
import { FAILPOINTS, type Failpoint, type FailpointMode } from '#src/lib/failpoint.ts'
import { reconcile } from '#src/services/billing/reconcile.ts'
import { requestRefund } from '#src/services/billing/refunds.ts'
import { type Acknowledged, buy } from '#test/support/shop/buyer.ts'
import { violations } from '#test/support/shop/invariants.ts'
import { openShop, type Shop } from '#test/support/shop/shop.ts'

/** Dying takes a start each: a few of these here, all of them in `npm run test:chaos`. */
const IS_CHAOS = process.env.CHAOS_ROUNDS !== undefined
const DEADLY: Failpoint[] = ['charge: the gateway has answered', 'settle: before the commit']
const MODES: FailpointMode[] = ['throw', 'time out', 'die']
/** A settlement is passed twice: when the charge is made, and when it is paid. */
const isPassedTwice = (failpoint: Failpoint) => failpoint.startsWith('settle:')
const CELLS = FAILPOINTS.flatMap((failpoint) =>
  MODES.flatMap((mode) =>
    (isPassedTwice(failpoint) ? [0, 1] : [0]).map((after) => ({ failpoint, mode, after })),
  ),
).filter(({ failpoint, mode }) => IS_CHAOS || mode !== 'die' || DEADLY.includes(failpoint))

let shop: Shop
const acknowledged: Acknowledged[] = []

beforeAll(async () => {
  shop = await openShop({ isFailable: true })
  await shop.start()
})
afterAll(() => shop.close())

test('there are enough places to fail at', () => {
  expect(CELLS.length).toBeGreaterThanOrEqual(36)
})

test.each(CELLS)(
  'a sale comes to its end when the site fails at "$failpoint" ($mode, after $after)',
  async (cell) => {
    if (!shop.isRunning()) await shop.start()
    await shop.arm(cell)
    const keeping = keepRunning()
    const bought = await buy(shop.address)
    if (bought) acknowledged.push(bought)
    await payEverything()
    await until(isSettled)
    if (cell.failpoint.startsWith('refund:')) await refundLast()
    keeping.stop()
    await keeping.ended
    await reconcile(shop.deps, { isForced: true })
    expect(await violations(shop.deps.database.db, await shop.sandbox.ledger(), acknowledged)).toEqual([])
  },
  120_000,
)

/** Starts the site again whenever it has died, as a service manager does. */
function keepRunning() {
  let isOver = false
  const ended = (async () => {
    while (!isOver) {
      if (!shop.isRunning()) await shop.start()
      await delay(20)
    }
  })()
  return {
    ended,
    stop: () => {
      isOver = true
    },
  }
}

/** The buyers' bank: every charge that waits is paid. */
async function payEverything() {
  for (const { id, status } of await shop.sandbox.ledger()) {
    if (status === 'pending') await shop.sandbox.happen(id, 'pay')
  }
}

async function isSettled() {
  await payEverything()
  const ledger = await shop.sandbox.ledger()
  const known = await shop.deps.database.db
    .select({ externalId: payments.externalId, status: payments.status })
    .from(payments)
  const statusOf = new Map(known.map(({ externalId, status }) => [externalId, status]))
  return ledger.length >= acknowledged.length && ledger.every(({ id, status }) => statusOf.get(id) === status)
}

async function refundLast() {
  const [last] = (await shop.sandbox.ledger()).filter(({ status }) => status === 'paid').slice(-1)
  const [payment] = await shop.deps.database.db
    .select()
    .from(payments)
    .where(eq(payments.externalId, last?.id ?? ''))
  await requestRefund(shop.deps, payment?.id ?? 0)
  await until(async () => {
    const ledger = await shop.sandbox.ledger()
    return ledger.find(({ id }) => id === last?.id)?.status === 'refunded' && (await isSettled())
  })
}

async function until(condition: () => Promise<boolean>) {
  const deadline = Date.now() + 80_000
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('It did not come to it in time.')
    await delay(50)
  }
}
