import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from '#src/db/index.ts'
import { openTestDatabase, run } from '#test/support/database.ts'
import { entityDiagram } from './erd.ts'

let database: Database

beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

test('the diagram shows the tables of the document, their keys and relations', async () => {
  const lines = (await entityDiagram(database.db)).split('\n').map((line) => line.trim())

  expect(lines[0]).toBe('erDiagram')
  expect(lines).toEqual(
    expect.arrayContaining([
      'users {',
      'integer id PK',
      'text email UK',
      'integer user_id FK "optional"',
      'timestamp_with_time_zone created_at',
      'text folder_name "unique (whitelabel_model_id, folder_name)"',
      'users ||--o{ subscriptions : "user_id, on delete no action (subscriptions_user_id_users_id_fk)"',
      'users |o--o{ checkouts : "user_id, on delete no action (checkouts_user_id_users_id_fk)"',
      'whitelabel_models ||--o{ whitelabel_posts : "whitelabel_model_id, on delete cascade (whitelabel_posts_whitelabel_model_id_whitelabel_models_id_fk)"',
    ]),
  )
})

test('the diagram shows where money comes from: one term at most of each payment, of the amount of its checkout', async () => {
  const lines = (await entityDiagram(database.db)).split('\n').map((line) => line.trim())

  expect(lines).toEqual(
    expect.arrayContaining([
      'users |o--o{ sessions : "user_id, on delete cascade (sessions_user_id_users_id_fk)"',
      'sessions |o--o{ checkouts : "session_id, on delete set null (checkouts_session_id_sessions_id_fk)"',
      'checkouts ||--o{ payments : "checkout_id, amount_cents, currency, on delete no action (payments_amount_is_that_of_the_checkout)"',
      'payments |o--o| terms : "payment_id, on delete no action (terms_payment_id_payments_id_fk)"',
      'subscriptions ||--o{ terms : "subscription_id, on delete no action (terms_subscription_id_subscriptions_id_fk)"',
    ]),
  )
})

test('the diagram is of the live database: a table made by hand is in it, with one row at most for a unique key', async () => {
  await run(
    database.db,
    'create table badges (user_id int primary key references users on delete cascade, amount numeric(10, 2))',
  )
  const diagram = await entityDiagram(database.db)

  expect(diagram).toContain('integer user_id PK, FK')
  expect(diagram).toContain('numeric_10_2 amount "optional"')
  expect(diagram).toContain('users ||--o| badges : "user_id, on delete cascade (badges_user_id_fkey)"')
})
