import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from '#src/db/index.ts'
import { atOnce } from '#src/lib/at-once.ts'
import type { ChargeStatus } from '#src/payments/gateway.ts'
import { givenBilling, outcomeOf, type TestBilling } from '#test/support/billing.ts'
import { openTestDatabase } from '#test/support/database.ts'

const NEWS: ChargeStatus[] = ['pending', 'paid', 'refunded', 'charged_back', 'canceled', 'failed']
const SIDE_BY_SIDE = 6

let database: Database
let billing: TestBilling

beforeAll(async () => {
  database = await openTestDatabase()
  billing = await givenBilling(database)
})
afterAll(() => database.close())

test('the order of the news of a charge does not matter: all 720 end alike, with duplicates', async () => {
  const inTurn = atOnce({ atOnce: SIDE_BY_SIDE })
  const outcomes = await Promise.all(permutations(NEWS).map((order) => inTurn(() => outcomeAfter(order))))

  expect(outcomes).toHaveLength(720)
  expect([...new Set(outcomes)]).toEqual([
    JSON.stringify({
      checkout: 'charged_back',
      payment: 'charged_back',
      isSurplus: false,
      terms: ['charged_back'],
      subscriptions: ['refunded'],
    }),
  ])
})

async function outcomeAfter(news: ChargeStatus[]) {
  const order = await billing.order()
  for (const [index, status] of news.entries()) {
    await billing.told(order, status)
    if (index % 3 === 0) await billing.told(order, status)
  }
  return JSON.stringify(await outcomeOf(database.db, order.checkoutId))
}

function permutations<Item>(items: Item[]): Item[][] {
  if (items.length < 2) return [items]
  return items.flatMap((item, index) =>
    permutations(items.toSpliced(index, 1)).map((rest) => [item, ...rest]),
  )
}
