import pg from 'pg'
import { givenBilling, type Order, type TestBilling } from '#test/support/billing.ts'
import { openBenchDatabase, startBenchServer, timed } from './ground.ts'
import type { Row } from './row.ts'
import { wholePath } from './whole-path.ts'

export const claim = 'Settling a payment, with all its rules, costs little more than writing three rows'

const ROUNDS = 5
const PAYMENTS_A_ROUND = 1_000
const AT_ONCE = 20
/** As many connections as the product's own pool has. */
const CONNECTIONS = 10

export async function run(): Promise<Row[]> {
  const server = await startBenchServer()
  try {
    const database = await openBenchDatabase(server, 'money')
    const billing = await givenBilling(database)
    const bare = new pg.Pool({ connectionString: server.urlOf('money'), max: CONNECTIONS })
    await bare.query(BARE_TABLES)
    await settleAll(billing, await orders(billing, 200))
    await writeAll(bare, 200)

    const ours: number[] = []
    const peers: number[] = []
    const peersInOurTables: number[] = []
    for (let round = 0; round < ROUNDS; round++) {
      const bought = await checkoutsOfMembers(bare, billing, PAYMENTS_A_ROUND)
      await bare.query('checkpoint')
      peersInOurTables.push(
        PAYMENTS_A_ROUND / ((await timed(() => writeAllInOurTables(bare, bought))) / 1000),
      )
      const waiting = await orders(billing, PAYMENTS_A_ROUND)
      await bare.query('checkpoint')
      ours.push(PAYMENTS_A_ROUND / ((await timed(() => settleAll(billing, waiting))) / 1000))
      await bare.query('checkpoint')
      peers.push(PAYMENTS_A_ROUND / ((await timed(() => writeAll(bare, PAYMENTS_A_ROUND))) / 1000))
    }
    await bare.end()
    await database.close()
    const path = await openBenchDatabase(server, 'path')
    const perSecond = await wholePath(path, PAYMENTS_A_ROUND, AT_ONCE)
    await path.close()
    return [
      rowOf(best(ours), best(peers), perSecond),
      {
        what: 'the same settle(), account, states, rules and receipt included',
        against: 'a transaction of three inserts into our own tables, with their keys and rules, 20 at once',
        ratio: best(ours) / best(peersInOurTables),
        limit: 0.4,
        better: 'higher',
        detail: `${best(ours).toFixed(0)} a second against ${best(peersInOurTables).toFixed(0)}: payment, subscription and term of a member whose checkout is there`,
      },
    ]
  } finally {
    await server.stop()
  }
}

function rowOf(ours: number, peer: number, path: number): Row {
  return {
    what: 'settle() of a first payment of a guest, 20 at once: account, subscription, term and receipt included',
    against: 'a bare transaction of three inserts, 20 at once',
    ratio: ours / peer,
    limit: 0.4,
    better: 'higher',
    detail:
      `${ours.toFixed(0)} a second against ${peer.toFixed(0)}, the best of ${ROUNDS} rounds of ${PAYMENTS_A_ROUND}; ` +
      `the whole path, from the gateway's message through the job to access: ${path.toFixed(0)} a second`,
  }
}

/** What a program would write that believes whatever it is told: an order, a payment, a subscription. */
const BARE_TABLES = `
  create table bare_orders (id serial primary key, buyer text not null, cents integer not null, created_at timestamptz not null default now());
  create table bare_payments (id serial primary key, order_id integer not null, charge text not null, cents integer not null, created_at timestamptz not null default now());
  create table bare_subscriptions (id serial primary key, order_id integer not null, buyer text not null, ends_at timestamptz not null, created_at timestamptz not null default now());
`

const writeAll = (pool: pg.Pool, count: number) =>
  atOnce(
    Array.from({ length: count }, (_, n) => n),
    (n) => writeBare(pool, n),
  )

async function writeBare(pool: pg.Pool, number: number) {
  const client = await pool.connect()
  try {
    const buyer = `buyer${number}@example.com`
    await client.query('begin')
    const { rows } = await client.query(
      'insert into bare_orders (buyer, cents) values ($1, $2) returning id',
      [buyer, 2_990],
    )
    await client.query('insert into bare_payments (order_id, charge, cents) values ($1, $2, $3)', [
      rows[0].id,
      `ch_${number}`,
      2_990,
    ])
    await client.query(
      "insert into bare_subscriptions (order_id, buyer, ends_at) values ($1, $2, now() + interval '30 days')",
      [rows[0].id, buyer],
    )
    await client.query('commit')
  } finally {
    client.release()
  }
}

interface Bought {
  userId: number
  checkoutId: number
  planId: number
  gatewayId: number
}

/** Members, each with a checkout whose payment is about to be written. */
async function checkoutsOfMembers(pool: pg.Pool, billing: TestBilling, count: number): Promise<Bought[]> {
  const { rows } = await pool.query(
    `with buyer as (
      insert into users (email, password) select gen_random_uuid() || '@example.com', '!' from generate_series(1, $1::int)
      returning id
    )
    insert into checkouts (user_id, plan_id, plan_name, plan_cents, plan_days, total_amount, status, paid_at)
    select id, $2::int, 'month', 2990, 30, 2990, 'paid', now() from buyer
    returning user_id as "userId", id as "checkoutId", plan_id as "planId", $3::int as "gatewayId"`,
    [count, billing.month, billing.gatewayId],
  )
  return rows
}

const writeAllInOurTables = (pool: pg.Pool, bought: Bought[]) =>
  atOnce(bought, (one) => writeInOurTables(pool, one))

async function writeInOurTables(pool: pg.Pool, { userId, checkoutId, planId, gatewayId }: Bought) {
  const client = await pool.connect()
  try {
    await client.query('begin')
    const payment = await client.query(
      `insert into payments (checkout_id, gateway_id, method, idempotency_key, external_id, status, amount_cents, currency, paid_at)
      values ($1, $2, 'pix', gen_random_uuid(), 'ch_' || gen_random_uuid(), 'paid', 2990, 'BRL', now()) returning id`,
      [checkoutId, gatewayId],
    )
    const subscription = await client.query(
      `insert into subscriptions (user_id, plan_id, status, start_date, end_date)
      values ($1, $2, 'active', now(), now() + interval '30 days') returning id`,
      [userId, planId],
    )
    await client.query(
      `insert into terms (user_id, subscription_id, plan_id, source, checkout_id, payment_id, days, plan_cents, amount_cents, currency, granted_at, starts_at, ends_at)
      values ($1, $2, $3, 'charge', $4, $5, 30, 2990, 2990, 'BRL', now(), now(), now() + interval '30 days')`,
      [userId, subscription.rows[0].id, planId, checkoutId, payment.rows[0].id],
    )
    await client.query('commit')
  } finally {
    client.release()
  }
}

async function orders(billing: TestBilling, count: number): Promise<Order[]> {
  const made: Order[] = []
  await atOnce(
    Array.from({ length: count }, (_, n) => n),
    async () => {
      made.push(await billing.order())
    },
  )
  return made
}

const settleAll = (billing: TestBilling, waiting: Order[]) =>
  atOnce(waiting, (order) => billing.told(order, 'paid'))

async function atOnce<Item>(items: Item[], work: (item: Item) => Promise<unknown>) {
  const waiting = items.values()
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const item of waiting) await work(item)
    }),
  )
}

const best = (rates: number[]) => Math.max(...rates)
