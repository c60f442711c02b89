import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from '#src/db/index.ts'
import { openTestDatabase, run } from '#test/support/database.ts'
import { sourceFiles } from '#test/support/source-files.ts'
import { currentSubscription } from './current-subscription.ts'

let database: Database

beforeAll(async () => {
  database = await openTestDatabase()
  await run(
    database.db,
    `insert into users (email, password) select 'user' || i || '@example.com', 'x' from generate_series(1, 4) as i;
     insert into plans (name, price, duration) values ('Month', 2990, 30);
     insert into subscriptions (user_id, plan_id, status, end_date) values
       (1, 1, 'expired', '2031-01-01Z'), (1, 1, 'active', '2030-06-01Z'), (1, 1, 'canceled', '2030-05-01Z'),
       (2, 1, 'active', '2030-01-01Z'), (2, 1, 'canceled', '2030-02-01Z'), (2, 1, 'canceled', null),
       (3, 1, 'pending', '2030-01-01Z'), (3, 1, 'refunded', '2030-01-01Z'), (3, 1, 'expired', '2030-01-01Z')`,
  )
})
afterAll(() => database.close())

test('an active subscription counts, and not an expired one that would have ended later', async () => {
  expect(await currentSubscription(database.db, 1)).toMatchObject({
    status: 'active',
    endDate: new Date('2030-06-01Z'),
  })
})

test('a canceled subscription keeps access to its end, when that is the last', async () => {
  expect(await currentSubscription(database.db, 2)).toMatchObject({
    status: 'canceled',
    endDate: new Date('2030-02-01Z'),
  })
})

test('pending, refunded and expired subscriptions give nothing', async () => {
  expect(await currentSubscription(database.db, 3)).toBeNull()
})

test('a user without a subscription has none', async () => {
  expect(await currentSubscription(database.db, 4)).toBeNull()
})

test('no code of ours reads a subscription by the relation, which picks any row', async () => {
  const offenders = []
  for (const file of await sourceFiles('src')) {
    if (readsByRelation(await readFile(file, 'utf8'))) offenders.push(file)
  }
  expect(offenders).toEqual([])
})

test('the check above knows the form it refuses', () => {
  expect(readsByRelation('db.query.users.findFirst({ with: { subscription: true } })')).toBe(true)
  expect(
    readsByRelation('db.query.users.findMany({ with: {\n  checkouts: true,\n  subscription: {} } })'),
  ).toBe(true)
  expect(readsByRelation('db.query.plans.findMany({ with: { subscriptions: true } })')).toBe(false)
})

function readsByRelation(source: string) {
  return /\bwith:\s*\{[^;]*?\bsubscription\s*:/.test(source)
}
