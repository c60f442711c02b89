import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from '#src/db/index.ts'
import { Unavailable } from '#src/errors.ts'
import { givenBilling, type Order, type TestBilling } from '#test/support/billing.ts'
import { openTestDatabase } from '#test/support/database.ts'

let database: Database
let billing: TestBilling

beforeAll(async () => {
  database = await openTestDatabase()
  billing = await givenBilling(database)
})
afterAll(() => database.close())

const pay = (order: Order) => billing.told(order, 'paid')

test('a row that somebody holds keeps back its own payment alone, however often that is told of', async () => {
  const held = await billing.order()
  const others = await Promise.all(Array.from({ length: 40 }, () => billing.order()))
  const news = await holding(`checkouts where id = ${held.checkoutId}`, async () => {
    const news = Array.from({ length: 10 }, () => pay(held).catch((error) => error))
    const settled = await Promise.all(others.map(pay))
    expect(settled.every((one) => one === 'settled')).toBe(true)
    // There are connections left for pages.
    await Promise.all(Array.from({ length: 5 }, () => database.ping()))
    expect(await news[0]).toBeInstanceOf(Unavailable)
    return news
  })
  await Promise.all(news)
  expect(['settled', 'known']).toContain(await pay(held))
})

test('a buyer whose row is held keeps back nobody else, with nine orders at once', async () => {
  const email = 'held@example.com'
  const userId = await billing.member(email)
  const held = await Promise.all(Array.from({ length: 9 }, () => billing.order({ email })))
  const others = await Promise.all(Array.from({ length: 10 }, () => billing.order()))
  const news = await holding(`users where id = ${userId}`, async () => {
    const news = held.map((order) => pay(order).catch((error) => error))
    for (const order of others) expect(await pay(order)).toBe('settled')
    await database.ping()
    return news
  })
  await Promise.all(news)
  for (const order of held) expect(['settled', 'known']).toContain(await pay(order))
})

/** While somebody else holds the row. */
async function holding<T>(row: string, work: () => Promise<T>): Promise<T> {
  let done: T | undefined
  await database.session(({ db }) =>
    db.transaction(async (tx) => {
      await tx.execute(sql.raw(`select 1 from ${row} for update`))
      done = await work()
    }),
  )
  return done as T
}
