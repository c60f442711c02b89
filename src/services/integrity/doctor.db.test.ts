import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from '#src/db/index.ts'
import { givenBilling } from '#test/support/billing.ts'
import { openTestDatabase, run } from '#test/support/database.ts'
import { examine, renderExamination } from './doctor.ts'
import { findDrift } from './drift.ts'

let database: Database

beforeAll(async () => {
  database = await openTestDatabase()
  await run(database.db, LIBRARY)
  await buyAndRefund()
})
afterAll(() => database.close())

const LIBRARY = `
  insert into whitelabel_models (folder_name, status) values ('dora', 'active'), ('eva', 'new');
  insert into whitelabel_posts (whitelabel_model_id, folder_name) values (1, 'beach'), (1, 'city'), (2, 'rain');
  insert into whitelabel_posts (whitelabel_model_id, folder_name, hidden_at) values (1, 'taken down', now());
  insert into whitelabel_media (whitelabel_post_id, s3_key, url, type)
    select 1 + i % 3, 'dora/' || i || '.jpg', 'dora/' || i || '.jpg', 'image' from generate_series(1, 12) as i;
  update whitelabel_media set hidden_at = now() where s3_key = 'dora/3.jpg';
  insert into users (email, password) values ('ana@example.com', 'x'), ('bia@example.com', 'x');
  insert into plans (name, price, duration) values ('Month', 2990, 30);
  insert into subscriptions (user_id, plan_id, status) values (1, 1, 'active'), (1, 1, 'expired'), (2, 1, 'canceled');
`

/** User 3 buys twice (subscription 4), the second time with a payment too many; user 4 buys and gets it back. */
async function buyAndRefund() {
  const billing = await givenBilling(database)
  const userId = await billing.member()
  await billing.told(await billing.order({ userId }), 'paid')
  const again = await billing.order({ userId })
  const surplus = await billing.anotherCharge(again)
  for (const order of [again, surplus]) await billing.told(order, 'paid')
  await billing.told(surplus, 'refunded')
  const regretted = await billing.order({ userId: await billing.member() })
  for (const status of ['paid', 'refunded'] as const) await billing.told(regretted, status)
}

test('a database in use has no fault', async () => {
  const examination = await examine(database)

  expect(examination.checks.flatMap(({ findings }) => findings)).toEqual([])
  expect(examination.notes).toEqual([])
  expect(examination.ok).toBe(true)
  expect(renderExamination(examination)).toMatch(/^ok {4}Every migration.*The database is sound\.$/s)
})

/** Triggers and foreign keys do not look while a replica is being written: that is how rows go wrong unseen. */
const unseen = (statements: string) =>
  `set session_replication_role = replica;\n${statements};\nset session_replication_role = origin;`

const PAYS = 'every payment that pays for a checkout has its term, and the checkout says so'
const BOUGHT = 'every term that was bought has a payment of its amount that was paid'
const MAKE = 'every subscription is what its terms make'

/** Where no way back is given, the doctor's own remedy is followed. */
const SEEDED: Array<{
  fault: string
  seed: string
  mend?: string
  check: string
  findings: Array<string | RegExp>
  /** Other checks that cannot but find it too. */
  also?: string[]
}> = [
  {
    fault: 'a subscription status that is not true',
    seed: unseen(`update users set subscription_status = 1 - subscription_status where id <= 2`),
    check: 'the copy users.subscription_status is right',
    findings: ['User 1 has 0; right is 1', 'User 2 has 1; right is 0'],
  },
  {
    fault: 'a post count that is off by one',
    seed: unseen(`update whitelabel_models set post_count = 3 where id = 1`),
    check: 'the copy whitelabel_models.post_count is right',
    findings: ['Creator 1 has 3; right is 2'],
  },
  {
    fault: 'a creator who seems to have news',
    seed: unseen(`update whitelabel_models set latest_post_at = '2031-01-01 00:00:00+00' where id = 1`),
    check: 'the copy whitelabel_models.latest_post_at is right',
    findings: [/^Creator 1 has 2031-01-01/],
  },
  {
    fault: 'a creator with films that are not there',
    seed: unseen(`update whitelabel_models set video_count = 4 where id = 1`),
    check: 'the copy whitelabel_models.image_count and video_count is right',
    findings: [/^Creator 1 has \d+ images 4 videos; right is \d+ images 0 videos$/],
  },
  {
    fault: 'a word of a name that the search does not know',
    seed: `delete from known_words where word = 'dora'`,
    check: 'the copy known_words is right',
    findings: ['The word dora has no entry; right is one'],
  },
  {
    fault: 'an image missing from media_cdns',
    seed: unseen(`update whitelabel_posts set media_cdns = '{"images":[],"videos":[]}' where id = 2`),
    check: 'the copy whitelabel_posts.media_cdns and its counts is right',
    findings: [/^Post 2 has/],
  },
  {
    fault: 'media_cdns in the wrong order',
    seed: unseen(
      `update whitelabel_posts set media_cdns = json_build_object('images', (select json_agg(image order by image) from json_array_elements_text(media_cdns -> 'images') image), 'videos', media_cdns -> 'videos') where id = 2`,
    ),
    check: 'the copy whitelabel_posts.media_cdns and its counts is right',
    findings: [/^Post 2 has/],
  },
  {
    fault: 'a wrong image count',
    seed: unseen(`update whitelabel_posts set image_count = 9 where id = 3`),
    check: 'the copy whitelabel_posts.media_cdns and its counts is right',
    findings: [/^Post 3 has 9 images/],
  },
  {
    fault: 'a total of creators that is wrong',
    seed: unseen(`update whitelabel_model_totals set models = 7 where status = 'active'`),
    check: 'the copy whitelabel_model_totals is right',
    findings: ['The total of status active has 7; right is 1'],
  },
  {
    fault: 'media without a post',
    seed: unseen(
      `insert into whitelabel_media (whitelabel_post_id, s3_key, type) values (77, 'lost/1.jpg', 'image'), (78, 'lost/2.jpg', 'image')`,
    ),
    mend: unseen(`delete from whitelabel_media where whitelabel_post_id in (77, 78)`),
    check: 'every reference leads to a row',
    findings: [/^2 media files refer to a post that is not there, such as 77/],
  },
  {
    fault: 'a checkout of a plan that is gone',
    seed: unseen(`insert into checkouts (id, plan_id, total_amount) values (90, 9, 0)`),
    mend: unseen(`delete from checkouts where id = 90`),
    check: 'every reference leads to a row',
    findings: [/^1 checkout refers to a plan that is not there, such as 9/],
  },
  {
    fault: 'a payment of a checkout that is gone',
    seed: unseen(
      `insert into payments (id, checkout_id, gateway_id, method, idempotency_key, amount_cents, currency) values (90, 91, 1, 'pix', 'k', 1, 'BRL')`,
    ),
    mend: `delete from payments where id = 90`,
    check: 'every reference leads to a row',
    findings: [/^1 payment refers to a checkout that is not there, such as 91 \(payments_checkout_id/],
  },
  {
    fault: 'a payment of another amount than its checkout',
    seed: unseen(
      `insert into payments (id, checkout_id, gateway_id, method, idempotency_key, amount_cents, currency) values (90, 1, 1, 'pix', 'k', 1, 'BRL')`,
    ),
    mend: `delete from payments where id = 90`,
    check: 'every reference leads to a row',
    findings: [/^1 payment refers to a checkout that has other values, such as 1, 1, BRL/],
  },
  {
    fault: 'a payment that brought nothing',
    seed: unseen(
      `insert into checkouts (id, plan_id, total_amount, status) values (90, 1, 2990, 'paid');
       insert into payments (id, checkout_id, gateway_id, method, idempotency_key, amount_cents, currency, status, paid_at)
         values (90, 90, 1, 'pix', 'k', 2990, 'BRL', 'paid', now())`,
    ),
    mend: `delete from payments where id = 90;\ndelete from checkouts where id = 90`,
    check: PAYS,
    findings: ['Payment 90 was paid, and no term came of it'],
  },
  {
    fault: 'a checkout that does not know it is paid',
    seed: unseen(`update checkouts set status = 'pending' where id = 1`),
    mend: `update checkouts set status = 'paid' where id = 1`,
    check: PAYS,
    findings: ['Payment 1 was paid, but checkout 1 is pending'],
  },
  {
    fault: 'a checkout that nobody has paid',
    seed: `insert into checkouts (id, plan_id, total_amount, status, paid_at) values (90, 1, 2990, 'paid', now())`,
    mend: `delete from checkouts where id = 90`,
    check: PAYS,
    findings: ['Checkout 90 says that its money came, but no payment of it was paid'],
  },
  {
    fault: 'a term whose payment is not paid',
    seed: unseen(
      `update payments set status = 'expired', paid_at = null where id = 1;
       update checkouts set paid_at = null where id = 1`,
    ),
    mend: `update payments set status = 'paid', paid_at = now() where id = 1`,
    check: BOUGHT,
    findings: ['Term 1 was bought with payment 1, which is expired'],
  },
  {
    fault: 'a term of a payment that is surplus',
    seed: unseen(`update payments set is_surplus = true where id = 1`),
    mend: unseen(`update payments set is_surplus = false where id = 1`),
    check: BOUGHT,
    findings: ['Term 1 was bought with payment 1, which is surplus'],
  },
  {
    fault: 'a term of another amount than was paid',
    seed: unseen(`update terms set amount_cents = 1 where id = 2`),
    mend: `update terms set amount_cents = 2990 where id = 2`,
    check: BOUGHT,
    findings: ['Term 2 was bought with payment 2, which is of 2990 cents BRL, not 1 BRL'],
    also: ['every reference leads to a row'],
  },
  {
    fault: 'access that goes on after its money was given back',
    seed: `update terms set revoked_at = null, revoke_reason = null where id = 3`,
    mend: `update terms set revoked_at = now(), revoke_reason = 'refunded' where id = 3`,
    check: 'money that was given back gives no access',
    findings: [/^Term 3 of user 4 counts until 20\d\d-\d\d-\d\d \d\d:\d\d, but its payment 4 is refunded$/],
  },
  {
    fault: 'a subscription that ends later than what was paid',
    seed: `update subscriptions set end_date = end_date + interval '1 day' where id = 4`,
    mend: `update subscriptions set end_date = end_date - interval '1 day' where id = 4`,
    check: MAKE,
    findings: [/^Subscription 4 of user 3 runs from .* to .*; its terms from .* to /],
  },
  {
    fault: 'a subscription that begins without a day',
    seed: `update subscriptions set start_date = null where id = 4`,
    mend: `update subscriptions set start_date = (select min(starts_at) from terms where subscription_id = 4) where id = 4`,
    check: MAKE,
    findings: [/^Subscription 4 of user 3 runs from nothing to /],
  },
  {
    fault: 'a subscription that ended too early',
    seed: `update subscriptions set status = 'expired' where id = 4`,
    mend: `update subscriptions set status = 'active' where id = 4`,
    check: MAKE,
    findings: [/^User 3 has terms until .*, but no subscription that runs until then$/],
  },
  {
    fault: 'a subscription that goes on after its terms were taken back',
    seed: `update subscriptions set status = 'active' where id = 5`,
    mend: `update subscriptions set status = 'refunded' where id = 5`,
    check: MAKE,
    findings: ['Subscription 5 of user 4 is active, but all of its terms were taken back'],
  },
  {
    fault: 'a subscription of another plan than was paid',
    seed: `update subscriptions set plan_id = 1 where id = 4`,
    mend: `update subscriptions set plan_id = (select plan_id from terms where id = 1) where id = 4`,
    check: MAKE,
    findings: ['Subscription 4 of user 3 is of plan 1, none of its terms is'],
  },
  {
    fault: 'a term in the subscription of somebody else',
    seed: `update terms set user_id = 4 where id = 1`,
    mend: `update terms set user_id = 3 where id = 1`,
    check: MAKE,
    findings: [/^Subscription 4 of user 3 has terms of another user$/, /^User 4 has terms until/],
  },
  {
    fault: 'a constraint that was never checked',
    seed: `alter table plans drop constraint plans_price_not_negative;
      alter table plans add constraint plans_price_not_negative check (price >= 0) not valid`,
    mend: `alter table plans validate constraint plans_price_not_negative`,
    check: 'every constraint and index is valid',
    findings: [/alter table plans validate constraint plans_price_not_negative$/],
  },
  {
    fault: 'a migration that the journal of the database does not have',
    seed: `update drizzle.__drizzle_migrations set hash = 'edited' || hash where id = 3`,
    mend: `update drizzle.__drizzle_migrations set hash = substr(hash, 7) where id = 3`,
    check: 'every migration is applied as released',
    findings: [/^drizzle\/0002_subscriptions\.sql was edited after it was applied here/],
  },
]

test.each(SEEDED)('$fault is found, and nothing else', async ({ seed, mend, check, findings, also = [] }) => {
  await database.session(({ db }) => run(db, seed))
  const examination = await examine(database)
  const faults = examination.checks.filter(({ ok }) => !ok)
  const fault = faults.find(({ name }) => name === check)
  const remedy = fault?.remedy?.replace('run in psql: ', '').replaceAll('; ', ';\n') ?? ''
  await database.session(({ db }) => run(db, mend ?? remedy))

  expect(faults.map(({ name }) => name)).toEqual([...also, check])
  expect(fault?.findings).toEqual(
    findings.map((finding) => (finding instanceof RegExp ? expect.stringMatching(finding) : finding)),
  )
  expect((await examine(database)).ok).toBe(true)
})

test('two payments for one checkout are found, where the index that refuses them is gone', async () => {
  await database.session(({ db }) =>
    run(
      db,
      `drop index payments_one_settles_a_checkout;
       ${unseen('update payments set is_surplus = false where id = 3')}`,
    ),
  )
  const { checks } = await examine(database)
  await database.session(({ db }) =>
    run(
      db,
      `${unseen('update payments set is_surplus = true where id = 3')}
       create unique index payments_one_settles_a_checkout on payments (checkout_id)
         where paid_at is not null and not is_surplus`,
    ),
  )

  expect(checks).toContainEqual({
    name: 'one payment pays for a checkout, and further ones are surplus',
    ok: false,
    findings: ['Checkout 2 was paid for by the payments 2, 3'],
    remedy: 'give all but one of them back: npx creatorflix members refund PAYMENT',
  })
  expect((await examine(database)).ok).toBe(true)
})

test('what waits for a person is noted with the way out, and is no fault', async () => {
  await run(
    database.db,
    `update payments set review = 'A second payment of a checkout that is paid: to be refunded.' where id = 3;
     insert into checkouts (id, plan_id, total_amount) values (90, 1, 2990);
     insert into payments (id, checkout_id, gateway_id, method, idempotency_key, amount_cents, currency, status, created_at)
       values (90, 90, 1, 'pix', 'k1', 2990, 'BRL', 'unknown', '2026-01-02T03:04:05Z'),
         (91, 90, 1, 'credit_card', 'k2', 2990, 'BRL', 'unknown', now());
     insert into payments (id, checkout_id, gateway_id, method, idempotency_key, amount_cents, currency, status, paid_at, is_surplus)
       values (92, 90, 1, 'pix', 'k3', 2990, 'BRL', 'paid', now(), true);
     insert into webhook_events (gateway_id, event_id, external_id, charge_status, amount_cents, currency, occurred_at, digest, state, reason, received_at)
       values (1, 'event 1', 'charge 1', 'paid', 1, 'BRL', now(), 'd', 'parked', 'No charge of ours.', '2026-01-02T03:04:05Z');
     insert into pgboss.job (name, state) values ('mail', 'failed'), ('mail', 'failed')`,
  )
  const examination = await examine(database)
  await run(
    database.db,
    `delete from payments where id in (90, 91, 92);
     delete from checkouts where id = 90;
     delete from webhook_events;
     delete from pgboss.job where state = 'failed';
     update payments set review = null`,
  )

  expect(examination.ok).toBe(true)
  expect(renderExamination(examination).split('\n').slice(-14)).toEqual([
    'note  Payments wait for you to look at them',
    '      - Payment 3: A second payment of a checkout that is paid: to be refunded.',
    '      - Payment 92: It is surplus, and nobody has given it back.',
    '      The way out: see them all: npx creatorflix members review',
    'note  Gateways have not said for an hour or more whether there is a charge',
    '      - Payment 90 was asked of sandbox on 2026-01-02 03:04',
    '      The way out: see that the gateway can be reached, then ask it: npx creatorflix members reconcile',
    'note  Gateways told what does not fit',
    '      - Event event 1 of sandbox on 2026-01-02 03:04, of the charge charge 1: No charge of ours.',
    "      The way out: look the charge up on the gateway's own pages; nothing follows from the event",
    'note  Jobs were tried too often',
    '      - The job mail 2 times',
    expect.stringMatching(/jobs failed.*jobs replay --all$/),
    'The database is sound.',
  ])
})

test('before all migrations are applied, that alone is said', async () => {
  await run(
    database.db,
    'update drizzle.__drizzle_migrations set created_at = -created_at where id = (select max(id) from drizzle.__drizzle_migrations)',
  )
  const { checks } = await examine(database)
  await run(
    database.db,
    'update drizzle.__drizzle_migrations set created_at = -created_at where created_at < 0',
  )

  expect(checks).toMatchObject([{ ok: false }])
  expect(checks[0]?.findings.at(-1)).toMatch(
    /^The migration \d{4}_\w+ is not applied yet\. Run: npx creatorflix migrate$/,
  )
})

test('a missing index of a foreign key is found as such and as a change of the schema', async () => {
  await run(database.db, 'drop index whitelabel_media_of_post')
  const { checks } = await examine(database)
  await run(database.db, 'create index whitelabel_media_of_post on whitelabel_media (whitelabel_post_id)')

  expect(checks.filter(({ ok }) => !ok).flatMap(({ findings }) => findings)).toEqual([
    expect.stringMatching(/^The index whitelabel_media_of_post is missing/),
    expect.stringMatching(/Make one: create index on whitelabel_media \(whitelabel_post_id\)$/),
  ])
})

test('an index on the id of a parent serves the key that also names its amount', async () => {
  await run(database.db, 'drop index payments_by_checkout')
  const { checks } = await examine(database)
  await run(database.db, 'create index payments_by_checkout on payments (checkout_id)')

  expect(checks.find(({ name }) => name === 'every foreign key has an index')?.findings).toEqual([
    expect.stringMatching(/^payments_amount_is_that_of_the_checkout has none/),
    expect.stringMatching(/^payments_checkout_id_checkouts_id_fk has none/),
  ])
})

test('a table that is gone does not keep the doctor from the rest', async () => {
  await run(database.db, 'alter table whitelabel_model_totals rename to whitelabel_model_sums')
  const { checks } = await examine(database)
  await run(database.db, 'alter table whitelabel_model_sums rename to whitelabel_model_totals')

  expect(checks.filter(({ ok }) => !ok).map(({ name }) => name)).toEqual([
    'the schema is what the migrations make',
    'the copy whitelabel_model_totals is right',
  ])
})

/** Changes made by hand, of every kind of object there is. */
const ALTERED: Array<[string, RegExp]> = [
  ['create table notes (id int)', /^The table notes is of no migration/],
  ['drop table takedowns', /^The table takedowns is missing/],
  ['alter table support_contacts set unlogged', /^The table support_contacts was changed/],
  ['alter table users enable row level security', /^The table users was changed/],
  ['alter table plans add column colour text', /^The column plans.colour is of no migration: text/],
  ['alter table plans drop column cta_text', /^The column plans.cta_text is missing/],
  [
    'alter table plans alter column price type bigint',
    /^The column plans.price was changed to: bigint not null; it is: integer/,
  ],
  ['alter table plans alter column price drop not null', /^The column plans.price was changed/],
  ['alter table models alter column description set not null', /^The column models.description was changed/],
  [`alter table users alter column role set default 'admin'`, /^The column users.role was changed/],
  ['alter table users alter column created_at drop default', /^The column users.created_at was changed/],
  [
    'alter table users alter column name type text collate "C"',
    /^The column users.name was changed to: text collate/,
  ],
  ['alter table users rename column name to full_name', /users\.(full_)?name/],
  [
    'alter table plans drop constraint plans_duration_positive',
    /^The constraint plans.plans_duration_positive is missing/,
  ],
  [
    'alter table plans add check (price < 100000)',
    /^The constraint plans.plans_price_check is of no migration/,
  ],
  [
    `alter table posts drop constraint posts_type_known, add constraint posts_type_known check (type in ('image', 'video', 'audio'))`,
    /^The constraint posts.posts_type_known was changed/,
  ],
  [
    `alter table posts drop constraint posts_model_id_models_id_fk, add constraint posts_model_id_models_id_fk foreign key (model_id) references models on delete cascade`,
    /^The constraint posts.posts_model_id_models_id_fk was changed to: .* ON DELETE CASCADE/,
  ],
  [
    'alter table users drop constraint users_email_unique',
    /^The constraint users.users_email_unique is missing/,
  ],
  ['drop index models_newest', /^The index models_newest is missing/],
  ['create index on models (name)', /^The index models_name_idx is of no migration/],
  [
    'drop index models_newest;\ncreate index models_newest on models (created_at)',
    /^The index models_newest was changed/,
  ],
  [
    'drop trigger checkouts_touch_updated_at on checkouts',
    /^The trigger checkouts.checkouts_touch_updated_at is missing/,
  ],
  [
    'alter table checkouts disable trigger checkouts_touch_updated_at',
    /^The trigger .* was changed to: not enabled/,
  ],
  [
    'alter table whitelabel_media disable trigger all',
    /^The foreign key check whitelabel_media_.* on whitelabel_media is of no migration: not enabled/,
  ],
  [
    `create or replace function touch_updated_at() returns trigger language plpgsql set search_path = public, pg_temp as 'begin return new; end'`,
    /^The function touch_updated_at\(\) was changed/,
  ],
  ['alter function search_text(text) reset all', /^The function search_text\(input text\) was changed/],
  [`create function f() returns int language sql as 'select 1'`, /^The function f\(\) is of no migration/],
  ['alter sequence users_id_seq increment by 10', /^The sequence users_id_seq was changed/],
  ['create sequence numbers', /^The sequence numbers is of no migration/],
  ['create view everybody as select id from users', /^The view everybody is of no migration/],
  [`create type mood as enum ('good', 'bad')`, /^The type mood is of no migration: e good, bad/],
  [
    'create rule quiet as on delete to models do instead nothing',
    /^The rule models.quiet is of no migration/,
  ],
  ['drop extension unaccent cascade', /^The extension unaccent is missing/],
  [`create collation other (provider = icu, locale = 'en')`, /^The collation other is of no migration/],
]

test.each(ALTERED)('a change by hand is found: %s', async (change, finding) => {
  const drift = await database.db
    .transaction(async (tx) => {
      for (const statement of change.split(';\n')) await tx.execute(sql.raw(statement))
      throw new Found(await findDrift(tx))
    })
    .catch((error) => {
      if (error instanceof Found) return error.drift
      throw error
    })

  expect(drift).toContainEqual(expect.stringMatching(finding))
})

test('after all that the schema is as it was', async () => {
  expect(await findDrift(database.db)).toEqual([])
})

/** Leaves the transaction, so that the change is undone. */
class Found extends Error {
  readonly drift: string[]
  constructor(drift: string[]) {
    super()
    this.drift = drift
  }
}
