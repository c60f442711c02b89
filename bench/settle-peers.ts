import type pg from 'pg'
import type { TestBilling } from '#test/support/billing.ts'

/** What settling is compared with. */

/** What a program would write that believes whatever it is told: an order, a payment, a subscription. */
export const BARE_TABLES = `
  create table bare_orders (id serial primary key, buyer text not null, cents integer not null, created_at timestamptz not null default now());
  create table bare_payments (id serial primary key, order_id integer not null, charge text not null, cents integer not null, created_at timestamptz not null default now());
  create table bare_subscriptions (id serial primary key, order_id integer not null, buyer text not null, ends_at timestamptz not null, created_at timestamptz not null default now());
`

export async function writeBare(pool: pg.Pool, number: number) {
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

export interface Bought {
  userId: number
  checkoutId: number
  planId: number
  gatewayId: number
}

/** Members, each with a checkout whose payment is about to be written. */
export async function checkoutsOfMembers(
  pool: pg.Pool,
  billing: TestBilling,
  count: number,
): Promise<Bought[]> {
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

/** Payment, subscription and term, as they are after settling, by whoever does not ask whether they should be. */
export async function writeInOurTables(pool: pg.Pool, { userId, checkoutId, planId, gatewayId }: Bought) {
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
