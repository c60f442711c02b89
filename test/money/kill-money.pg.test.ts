import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { payments } from '#src/db/billing-tables.ts'
import { reconcile } from '#src/services/billing/reconcile.ts'
import { type Acknowledged, buy } from '#test/support/shop/buyer.ts'
import { violations } from '#test/support/shop/invariants.ts'
import { openShop, type Shop } from '#test/support/shop/shop.ts'

/** A start each: a few here, 200 in `npm run test:chaos`. */
const ROUNDS = Number(process.env.MONEY_ROUNDS ?? 2)
const BUYERS = 20
const CHECKOUTS_A_ROUND = 50
const SHORTEST_LIFE_MS = 200
const LONGEST_LIFE_MS = 2_500
const SEED = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31))

let shop: Shop
const acknowledged: Acknowledged[] = []

beforeAll(async () => {
  shop = await openShop()
})
afterAll(() => shop.close())

test(`${ROUNDS} times killed amid ${BUYERS} buyers, nothing is lost and nothing doubled (seed ${SEED})`, async () => {
  const random = randomOf(SEED)
  for (let round = 0; round < ROUNDS; round++) {
    await shop.start()
    await sell(random, acknowledged.length + CHECKOUTS_A_ROUND)
    await shop.kill()
    await reconcile(shop.deps, { isForced: true })
    expect(await found(), `round ${round}`).toEqual([])
  }
  await shop.start()
  await giveSomeBack(random)
  await until(isAgreed)
  expect(await found()).toEqual([])
  expect(acknowledged.length).toBeGreaterThanOrEqual(ROUNDS * CHECKOUTS_A_ROUND)
}, 3_600_000)

const found = async () => violations(shop.deps.database.db, await shop.sandbox.ledger(), acknowledged)

/** Buyers come until so many orders were acknowledged; the site is killed amid it, and once more if need be. */
async function sell(random: () => number, wanted: number) {
  let isOver = false
  const buyers = Array.from({ length: BUYERS }, async () => {
    while (!isOver) {
      const bought = await buy(shop.address, {
        plan: random() < 0.5 ? 1 : 2,
        method: random() < 0.8 ? 'pix' : 'credit_card',
        isOver: () => isOver,
      })
      if (bought) acknowledged.push(bought)
    }
  })
  const bank = (async () => {
    while (!isOver) {
      await payWaiting(random)
      await delay(150)
    }
  })()
  await delay(SHORTEST_LIFE_MS + random() * (LONGEST_LIFE_MS - SHORTEST_LIFE_MS))
  await shop.kill()
  while (acknowledged.length < wanted) {
    if (!shop.isRunning()) await shop.start()
    await delay(20)
  }
  isOver = true
  await Promise.all([...buyers, bank])
}

/** Most pay at once, some later, a few never. */
async function payWaiting(random: () => number) {
  for (const { id, status } of await shop.sandbox.ledger()) {
    if (status === 'pending' && random() < 0.3)
      await shop.sandbox.happen(id, random() < 0.95 ? 'pay' : 'decline')
  }
}

async function giveSomeBack(random: () => number) {
  for (const { id, status } of await shop.sandbox.ledger()) {
    if (status === 'paid' && random() < 0.1) await shop.sandbox.happen(id, 'dispute')
  }
}

async function isAgreed() {
  const known = await shop.deps.database.db
    .select({ externalId: payments.externalId, status: payments.status })
    .from(payments)
  const statusOf = new Map(known.map(({ externalId, status }) => [externalId, status]))
  return (await shop.sandbox.ledger()).every(({ id, status }) => statusOf.get(id) === status)
}

async function until(condition: () => Promise<boolean>) {
  const deadline = Date.now() + 120_000
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('It did not come to it in time.')
    await delay(200)
  }
}

/** Mulberry32: what a seed makes, it makes again. */
function randomOf(seed: number) {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
