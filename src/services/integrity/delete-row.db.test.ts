import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Database } from '#src/db/index.ts'
import { whitelabelMedia, whitelabelModels, whitelabelPosts } from '#src/db/schema.ts'
import { Conflict, NotFound } from '#src/errors.ts'
import { openTestDatabase, run } from '#test/support/database.ts'
import { deleteRow } from './delete-row.ts'
import { impactOf } from './impact.ts'

let database: Database

beforeAll(async () => {
  database = await openTestDatabase()
})
beforeEach(() =>
  run(
    database.db,
    `truncate users, sessions, plans, payment_gateways, whitelabel_models restart identity cascade;
     insert into whitelabel_models (folder_name) values ('dora'), ('eva');
     insert into whitelabel_posts (whitelabel_model_id, folder_name) values (1, 'beach'), (1, 'city'), (2, 'rain');
     insert into whitelabel_media (whitelabel_post_id, s3_key, type)
       select 1 + i % 3, i || '.jpg', 'image' from generate_series(1, 9) as i;
     insert into plans (name, price, duration) values ('Month', 2990, 30);
     insert into users (email, password) values ('ana@example.com', 'x');
     insert into subscriptions (user_id, plan_id) select 1, 1 from generate_series(1, 12);
     insert into checkouts (plan_id, total_amount) values (1, 2990);`,
  ),
)
afterAll(() => database.close())

test('a creator goes with posts and media, and what went is told', async () => {
  const shown = await impactOf(database.db, 'whitelabel_models', 1)
  const deleted = await deleteRow(database, 'whitelabel_models', 1, { expected: shown })

  expect(deleted).toEqual(shown)
  expect(deleted.deletes).toBe(9)
  expect(await database.db.$count(whitelabelModels)).toBe(1)
  expect(await database.db.$count(whitelabelPosts)).toBe(1)
  expect(await database.db.$count(whitelabelMedia)).toBe(3)
})

test('nothing is deleted when more would go than was shown', async () => {
  const shown = await impactOf(database.db, 'whitelabel_models', 1)
  await run(
    database.db,
    `insert into whitelabel_media (whitelabel_post_id, s3_key, type) values (1, 'new.jpg', 'image'), (2, 'new2.jpg', 'image')`,
  )

  await expect(deleteRow(database, 'whitelabel_models', 1, { expected: shown })).rejects.toThrow(
    new Conflict(
      'More depends on creator 1 than was shown: 2 media files came since. Nothing was deleted; look again and decide.',
    ),
  )
  expect(await database.db.$count(whitelabelModels)).toBe(2)
})

test('it may go when less depends on it than was shown', async () => {
  const shown = await impactOf(database.db, 'whitelabel_models', 1)
  await database.db.execute(sql`delete from whitelabel_posts where id = 1`)

  expect(await deleteRow(database, 'whitelabel_models', 1, { expected: shown })).toMatchObject({ deletes: 5 })
})

test('a plan with history is not deleted, and what still uses it is named', async () => {
  await expect(deleteRow(database, 'plans', 1)).rejects.toThrow(
    new Conflict(
      'Plan 1 is still used by 1 checkout and 12 subscriptions. Nothing was deleted; delete or change them first.',
    ),
  )
})

test('who never bought is deleted with sessions, mailed links and mail, and the checkout of the browser stays', async () => {
  await run(
    database.db,
    `insert into users (email, password) values ('bia@example.com', '!');
     insert into sessions (token_hash, user_id, expires_at) values ('a', 2, now()), ('guest', null, now());
     insert into account_tokens (user_id, purpose, token_hash, expires_at) values (2, 'claim', 'b', now());
     insert into outbox_mails (user_id, sealed) values (2, 'x');
     insert into checkouts (session_id, plan_id, total_amount, plan_cents) values (1, 1, 2990, 2990), (2, 1, 2990, 2990);`,
  )
  const shown = await impactOf(database.db, 'users', 2)
  const deleted = await deleteRow(database, 'users', 2, { expected: shown })

  expect(deleted).toMatchObject({ deletes: 4, clears: 1 })
  const { rows } = await database.db.execute(
    sql`select session_id as "sessionId" from checkouts where plan_cents is not null order by id`,
  )
  expect(rows).toEqual([{ sessionId: null }, { sessionId: 2 }])
})

test.each([
  ['users', 1, 'User 1 is still used by 1 checkout, 12 subscriptions, and 1 term.'],
  ['plans', 1, 'Plan 1 is still used by 2 checkouts, 12 subscriptions, and 1 term.'],
  ['checkouts', 2, 'Checkout 2 is still used by 1 payment and 1 term.'],
  ['payments', 1, 'Payment 1 is still used by 1 term.'],
  ['payment_gateways', 1, 'Payment gateway 1 is still used by 1 payment and 1 gateway event.'],
])('money that moved stays on record: %s %i', async (table, id, words) => {
  await run(
    database.db,
    `insert into payment_gateways (name) values ('sandbox');
     insert into checkouts (user_id, plan_id, total_amount, status) values (1, 1, 2990, 'paid');
     insert into payments (checkout_id, gateway_id, method, idempotency_key, amount_cents, currency, status, paid_at)
       values (2, 1, 'pix', 'key 1', 2990, 'BRL', 'paid', now());
     insert into terms (user_id, subscription_id, plan_id, source, checkout_id, payment_id, days, plan_cents, amount_cents, currency, granted_at, starts_at, ends_at)
       values (1, 1, 1, 'charge', 2, 1, 30, 2990, 2990, 'BRL', now(), now(), now() + interval '30 days');
     insert into webhook_events (gateway_id, event_id, external_id, charge_status, amount_cents, currency, occurred_at, digest)
       values (1, 'event 1', 'charge 1', 'paid', 2990, 'BRL', now(), 'd');`,
  )

  await expect(deleteRow(database, table, id)).rejects.toThrow(
    new Conflict(`${words} Nothing was deleted; delete or change them first.`),
  )
})

test('a row that is not there is said so', async () => {
  await expect(deleteRow(database, 'plans', 5)).rejects.toThrow(new NotFound('Plan 5 does not exist.'))
})

test('the totals of creators are not for deleting', async () => {
  await expect(deleteRow(database, 'whitelabel_model_totals', 'new')).rejects.toThrow(Conflict)
})
