import { sql, TransactionRollbackError } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestDatabase, run } from '#test/support/database.ts'
import { CHECK_WORDS, REFERENCES, UNIQUE_WORDS } from './constraint-words.ts'
import { databaseError } from './database-error.ts'
import { explainDatabaseError } from './explain-error.ts'
import type { Database } from './index.ts'
import { hasNoun } from './table-nouns.ts'

let database: Database

beforeAll(async () => {
  database = await openTestDatabase()
  await run(database.db, SEED)
})
afterAll(() => database.close())

const SEED = `
  insert into users (email, password) values ('ana@example.com', 'x'), ('bia@example.com', 'x');
  insert into plans (name, price, duration) values ('Month', 2990, 30), ('Week', 990, 7);
  insert into payment_gateways (name, is_active) values ('sandbox', true);
  insert into subscriptions (user_id, plan_id, status) values (1, 1, 'active');
  insert into checkouts (user_id, plan_id, total_amount) values (2, 2, 990);
  insert into models (name) values ('Cora');
  insert into posts (model_id, content_url, type) values (1, 'a.jpg', 'image');
  insert into admin_settings values ('currency', 'BRL');
  insert into whitelabel_models (folder_name) values ('dora');
  insert into whitelabel_posts (whitelabel_model_id, folder_name) values (1, 'beach');
  insert into whitelabel_media (whitelabel_post_id, s3_key, type) values (1, 'dora/beach/1.jpg', 'image');
  insert into support_contacts (platform, url) values ('e-mail', 'mailto:help@example.com');
  insert into sync_runs (id, started_by, source) values ('00000000-0000-4000-8000-000000000001', 'cli', 'folder media');
  insert into takedowns values ('post', 'dora/beach', now());
  insert into whitelabel_captions (whitelabel_media_id, language, s3_key, url) values (1, 'pt-BR', 'dora/1.vtt', 'dora/1.vtt');
  insert into media_details (object_key, etag, width, height) values ('dora/beach/1.jpg', 'e', 4, 3);
  insert into unreadable_objects (object_key, reason) values ('dora/beach/2.jpg', 'damaged');
  insert into rate_limits (key) values ('links guest');
  insert into sessions (token_hash, user_id, expires_at) values ('hash', 1, now() + interval '1 day');
  insert into account_tokens (user_id, purpose, token_hash, expires_at) values (1, 'claim', 'hash', now() + interval '1 day');
  insert into outbox_mails (user_id, sealed) values (1, 'sealed');
  insert into checkouts (public_id, session_id, user_id, plan_id, status, total_amount, plan_cents, plan_days) values
    ('00000000-0000-4000-8000-000000000002', 1, null, 1, 'pending', 2990, 2990, 30),
    ('00000000-0000-4000-8000-000000000003', null, 1, 1, 'paid', 2990, 2990, 30);
  insert into payments (checkout_id, gateway_id, method, idempotency_key, external_id, amount_cents, currency, status, paid_at) values
    (2, 1, 'pix', 'key 1', 'charge 1', 2990, 'BRL', 'pending', null),
    (3, 1, 'pix', 'key 2', 'charge 2', 2990, 'BRL', 'paid', now());
  insert into terms (user_id, subscription_id, plan_id, source, checkout_id, payment_id, days, plan_cents, amount_cents, currency, granted_at, starts_at, ends_at)
    values (1, 1, 1, 'charge', 3, 2, 30, 2990, 2990, 'BRL', now(), now(), now() + interval '30 days');
  insert into webhook_events (gateway_id, event_id, external_id, charge_status, amount_cents, currency, occurred_at, digest)
    values (1, 'event 1', 'charge 1', 'pending', 2990, 'BRL', now(), 'digest');
`

/** A session, a payment, a term and an event of which one value is another than in the seed. */
const session = (values: { token_hash?: string; user_id?: number }) =>
  insertInto('sessions', { token_hash: 'another', user_id: 1, expires_at: '2030-01-01', ...values })
const token = (values: Record<string, unknown>) =>
  insertInto('account_tokens', {
    user_id: 1,
    purpose: 'claim',
    token_hash: 'another',
    expires_at: '2030-01-01',
    ...values,
  })
const payment = (values: Record<string, unknown>) =>
  insertInto('payments', {
    checkout_id: 2,
    gateway_id: 1,
    method: 'credit_card',
    idempotency_key: 'another',
    amount_cents: 2990,
    currency: 'BRL',
    ...values,
  })
const gift = {
  user_id: 1,
  subscription_id: 1,
  plan_id: 1,
  source: 'gift',
  days: 30,
  plan_cents: 2990,
  granted_at: '2030-01-01',
  starts_at: '2030-01-01',
  ends_at: '2030-01-31',
}
const term = (values: Record<string, unknown>) => insertInto('terms', { ...gift, ...values })
const bought = { source: 'charge', checkout_id: 3, payment_id: 2, amount_cents: 2990, currency: 'BRL' }
const event = (values: Record<string, unknown>) =>
  insertInto('webhook_events', {
    gateway_id: 1,
    event_id: 'another',
    external_id: 'charge 1',
    charge_status: 'paid',
    amount_cents: 2990,
    currency: 'BRL',
    occurred_at: '2030-01-01',
    digest: 'digest',
    ...values,
  })

function insertInto(table: string, values: Record<string, unknown>) {
  const literals = Object.values(values).map((value) =>
    typeof value === 'string' ? `'${value}'` : String(value),
  )
  return `insert into ${table} (${Object.keys(values).join(', ')}) values (${literals.join(', ')})`
}

/** A rule that a trigger keeps from being broken, tried without it. */
const untriggered = (table: string, statement: string) =>
  `do $$ begin alter table ${table} disable trigger user; ${statement}; end $$`

/** Plain SQL that breaks one rule, and what people are told. */
const REFUSED: Array<{ rule: string; by: string; words: string | RegExp }> = [
  {
    rule: 'users_email_lower_case',
    by: `insert into users (email, password) values ('Cris@example.com', 'x')`,
    words: 'The e-mail must be written in lower case.',
  },
  { rule: 'users_role_known', by: `update users set role = 'owner'`, words: /admin or user/ },
  {
    rule: 'users_email_unique',
    by: `insert into users (email, password) values ('ana@example.com', 'x')`,
    words: 'An account with this e-mail is already there. Use it, or another e-mail.',
  },
  { rule: 'plans_price_not_negative', by: `update plans set price = -1`, words: /price.*0 or more/ },
  { rule: 'plans_duration_positive', by: `update plans set duration = 0`, words: /at least one day/ },
  { rule: 'plans_benefits_are_a_list', by: `update plans set benefits_json = '{}'`, words: /must be a list/ },
  {
    rule: 'subscriptions_status_known',
    by: `update subscriptions set status = 'paused'`,
    words: /pending, active/,
  },
  {
    rule: 'subscriptions_end_after_start',
    by: `update subscriptions set start_date = '2026-02-01', end_date = '2026-01-01'`,
    words: /cannot end before it starts/,
  },
  {
    rule: 'subscriptions_one_active_per_user',
    by: `insert into subscriptions (user_id, plan_id, status) values (1, 2, 'active')`,
    words: /already has an active subscription/,
  },
  {
    rule: 'subscriptions_user_id_users_id_fk',
    by: `insert into subscriptions (user_id, plan_id) values (9, 1)`,
    words: 'User 9 does not exist. Choose another user.',
  },
  {
    rule: 'subscriptions_user_id_users_id_fk',
    by: `delete from users where id = 1`,
    words: 'User 1 is still used by at least one subscription. Delete or change what uses it first.',
  },
  {
    rule: 'subscriptions_plan_id_plans_id_fk',
    by: `insert into subscriptions (user_id, plan_id) values (1, 7)`,
    words: 'Plan 7 does not exist. Choose another plan.',
  },
  {
    rule: 'subscriptions_plan_id_plans_id_fk',
    by: `delete from plans where id = 1`,
    words: /^Plan 1 is still used by at least one subscription/,
  },
  {
    rule: 'checkouts_user_id_users_id_fk',
    by: `delete from users where id = 2`,
    words: /^User 2 is still used by at least one checkout/,
  },
  {
    rule: 'checkouts_plan_id_plans_id_fk',
    by: `update plans set id = 8 where id = 2`,
    words: /^Plan 2 is still used by at least one checkout/,
  },
  {
    rule: 'checkouts_status_known',
    by: `insert into checkouts (plan_id, total_amount, status) values (2, 990, 'lost')`,
    words: /charged_back/,
  },
  {
    rule: 'checkouts_payment_method_known',
    by: `update checkouts set payment_method = 'cash'`,
    words: /pix/,
  },
  {
    rule: 'checkouts_total_amount_not_negative',
    by: `update checkouts set total_amount = -1 where id = 1`,
    words: /0 or more/,
  },
  {
    rule: 'checkouts_total_is_the_sum',
    by: `insert into checkouts (plan_id, total_amount, plan_cents, bump_name, bump_cents) values (1, 2990, 2990, 'Bump', 500)`,
    words: /its plan and its bump cost together/,
  },
  {
    rule: 'checkouts_bump_has_a_price',
    by: `update checkouts set bump_name = 'Bump' where id = 1`,
    words: /a name and a price/,
  },
  {
    rule: 'checkouts_offer_stays',
    by: `update checkouts set total_amount = 1, plan_cents = 1 where id = 2`,
    words: /^What a checkout has offered stays as it was/,
  },
  {
    rule: 'checkouts_move_legally',
    by: `update checkouts set status = 'pending' where id = 3`,
    words: /cannot go from its state to that one.*members refund/,
  },
  {
    rule: 'checkouts_public_id_unique',
    by: `update checkouts set public_id = '00000000-0000-4000-8000-000000000002' where id = 3`,
    words: /checkout with this address/,
  },
  {
    rule: 'checkouts_one_open_per_browser',
    by: `insert into checkouts (plan_id, total_amount, session_id) values (1, 2990, 1)`,
    words: /This browser already has a checkout/,
  },
  {
    rule: 'checkouts_session_id_sessions_id_fk',
    by: `update checkouts set session_id = 9 where id = 1`,
    words: 'Session 9 does not exist. Choose another session.',
  },
  {
    rule: 'sessions_token_hash_unique',
    by: session({ token_hash: 'hash' }),
    words: /session with this token/,
  },
  { rule: 'sessions_user_id_users_id_fk', by: session({ user_id: 9 }), words: /^User 9 does not exist/ },
  {
    rule: 'account_tokens_purpose_known',
    by: token({ purpose: 'play' }),
    words: /claim, reset, sign_in, setup or change_email/,
  },
  {
    rule: 'account_tokens_emails_of_a_change',
    by: token({ purpose: 'change_email', new_email: 'ana@example.com' }),
    words: /names the new e-mail and the former one/,
  },
  { rule: 'account_tokens_for_a_user', by: token({ user_id: null }), words: /A mailed link is for one user/ },
  {
    rule: 'account_tokens_token_hash_unique',
    by: token({ token_hash: 'hash' }),
    words: /mailed link with this token/,
  },
  { rule: 'account_tokens_user_id_users_id_fk', by: token({ user_id: 9 }), words: /^User 9 does not exist/ },
  {
    rule: 'outbox_mails_user_id_users_id_fk',
    by: `insert into outbox_mails (user_id, sealed) values (9, 'x')`,
    words: /^User 9 does not exist/,
  },
  { rule: 'payments_method_known', by: payment({ method: 'cash' }), words: /pix or credit_card/ },
  { rule: 'payments_status_known', by: payment({ status: 'lost' }), words: /canceled, paid, refunded/ },
  {
    rule: 'payments_paid_since',
    by: `update payments set status = 'paid' where id = 1`,
    words: /says when it was paid/,
  },
  {
    rule: 'payments_charge_stays',
    by: `update payments set currency = 'USD' where id = 1`,
    words: /^What was asked of the gateway stays/,
  },
  {
    rule: 'payments_charge_stays',
    by: `update payments set external_id = 'another' where id = 1`,
    words: /^What was asked of the gateway stays/,
  },
  {
    rule: 'payments_charge_stays',
    by: `update payments set paid_at = now() + interval '1 day' where id = 2`,
    words: /^What was asked of the gateway stays/,
  },
  {
    rule: 'payments_move_legally',
    by: `update payments set status = 'unknown' where id = 1`,
    words: /cannot go from its state to that one.*members reconcile/,
  },
  {
    rule: 'payments_idempotency_key_unique',
    by: payment({ idempotency_key: 'key 1' }),
    words: /idempotency key/,
  },
  {
    rule: 'payments_external_id_unique',
    by: payment({ external_id: 'charge 2' }),
    words: /a charge is recorded once/,
  },
  {
    rule: 'payments_one_open_per_checkout_and_method',
    by: payment({ method: 'pix' }),
    words: /already waiting for a payment by this method/,
  },
  {
    rule: 'payments_one_settles_a_checkout',
    by: payment({ checkout_id: 3, status: 'paid', paid_at: '2030-01-01' }),
    words: /has already paid for this checkout.*as surplus/,
  },
  {
    rule: 'payments_amount_is_that_of_the_checkout',
    by: payment({ amount_cents: 1 }),
    words: 'The amount and the currency of a payment must be those of its checkout.',
  },
  {
    rule: 'payments_checkout_id_checkouts_id_fk',
    by: `delete from checkouts where id = 2`,
    words: 'Checkout 2 is still used by at least one payment. Delete or change what uses it first.',
  },
  {
    rule: 'payments_amount_is_that_of_the_checkout',
    by: untriggered('checkouts', `update checkouts set total_amount = 1, plan_cents = 1 where id = 2`),
    words: /^Checkout 2 is still used by at least one payment/,
  },
  {
    rule: 'payments_gateway_id_payment_gateways_id_fk',
    by: payment({ gateway_id: 9 }),
    words: 'Payment gateway 9 does not exist. Choose another payment gateway.',
  },
  { rule: 'terms_source_known', by: term({ source: 'luck' }), words: /charge or gift/ },
  {
    rule: 'terms_charge_has_its_payment',
    by: `update terms set source = 'gift'`,
    words: /a gift names none of them/,
  },
  { rule: 'terms_days_positive', by: term({ days: 0 }), words: /at least one day/ },
  {
    rule: 'terms_end_after_start',
    by: term({ ends_at: '2029-12-31' }),
    words: /cannot end before it starts/,
  },
  { rule: 'terms_revoked_for_a_reason', by: term({ revoked_at: '2030-01-02' }), words: /says when and why/ },
  {
    rule: 'terms_revoke_reason_known',
    by: term({ revoked_at: '2030-01-02', revoke_reason: 'mood' }),
    words: /refunded, charged_back or ended/,
  },
  {
    rule: 'terms_are_paid',
    by: term({ ...bought, checkout_id: 2, payment_id: 1 }),
    words: /bought by a payment of its own checkout that is paid.*members give/,
  },
  { rule: 'terms_are_paid', by: term({ ...bought, checkout_id: 2 }), words: /of its own checkout/ },
  { rule: 'terms_payment_id_unique', by: term(bought), words: /money buys one term/ },
  {
    rule: 'terms_one_per_checkout',
    by: untriggered('terms', term({ ...bought, payment_id: 1 })),
    words: /come of this checkout/,
  },
  {
    rule: 'terms_amount_is_that_of_the_payment',
    by: `update terms set amount_cents = 1`,
    words: 'The amount and the currency of a term must be those of its payment.',
  },
  { rule: 'terms_user_id_users_id_fk', by: term({ user_id: 9 }), words: /^User 9 does not exist/ },
  {
    rule: 'terms_subscription_id_subscriptions_id_fk',
    by: `delete from subscriptions`,
    words: 'Subscription 1 is still used by at least one term. Delete or change what uses it first.',
  },
  { rule: 'terms_plan_id_plans_id_fk', by: term({ plan_id: 9 }), words: /^Plan 9 does not exist/ },
  {
    rule: 'terms_checkout_id_checkouts_id_fk',
    by: untriggered('terms', `update terms set checkout_id = 9`),
    words: /^Checkout 9 does not exist/,
  },
  {
    rule: 'terms_payment_id_payments_id_fk',
    by: `delete from payments where id = 2`,
    words: /^Payment 2 is still used by at least one term/,
  },
  { rule: 'webhook_events_state_known', by: event({ state: 'lost' }), words: /ignored or parked/ },
  { rule: 'webhook_events_once', by: event({ event_id: 'event 1' }), words: /taken in already/ },
  {
    rule: 'webhook_events_gateway_id_payment_gateways_id_fk',
    by: event({ gateway_id: 9 }),
    words: /^Payment gateway 9 does not exist/,
  },
  {
    rule: 'payment_gateways_name_unique',
    by: `insert into payment_gateways (name) values ('sandbox')`,
    words: /already there/,
  },
  {
    rule: 'payment_gateways_one_active_for_pix',
    by: `insert into payment_gateways (name, is_active, serves_card) values ('other', true, false)`,
    words: /already takes PIX/,
  },
  {
    rule: 'payment_gateways_one_active_for_card',
    by: `insert into payment_gateways (name, is_active, serves_pix) values ('other', true, false)`,
    words: /already takes cards/,
  },
  {
    rule: 'posts_model_id_models_id_fk',
    by: `delete from models`,
    words: 'Creator 1 is still used by at least one post. Delete or change what uses it first.',
  },
  { rule: 'posts_type_known', by: `update posts set type = 'audio'`, words: /image or video/ },
  {
    rule: 'whitelabel_models_folder_name_unique',
    by: `insert into whitelabel_models (folder_name) values ('dora')`,
    words: /A creator with this folder name/,
  },
  {
    rule: 'whitelabel_models_status_known',
    by: `update whitelabel_models set status = 'gone'`,
    words: /hidden/,
  },
  {
    rule: 'whitelabel_posts_whitelabel_model_id_folder_name_unique',
    by: `insert into whitelabel_posts (whitelabel_model_id, folder_name) values (1, 'beach')`,
    words: /already has a post with this folder name/,
  },
  {
    rule: 'whitelabel_posts_whitelabel_model_id_whitelabel_models_id_fk',
    by: `insert into whitelabel_posts (whitelabel_model_id, folder_name) values (5, 'beach')`,
    words: 'Creator 5 does not exist. Choose another creator.',
  },
  {
    rule: 'whitelabel_media_type_known',
    by: `update whitelabel_media set type = 'text'`,
    words: /image or video/,
  },
  {
    rule: 'whitelabel_media_s3_key_unique',
    by: `insert into whitelabel_media (whitelabel_post_id, s3_key, type) values (1, 'dora/beach/1.jpg', 'image')`,
    words: /already in the library/,
  },
  {
    rule: 'whitelabel_media_whitelabel_post_id_whitelabel_posts_id_fk',
    by: `update whitelabel_media set whitelabel_post_id = 4`,
    words: /^Post 4 does not exist/,
  },
  {
    rule: 'whitelabel_captions_s3_key_unique',
    by: `insert into whitelabel_captions (whitelabel_media_id, language, s3_key, url) values (1, 'en', 'dora/1.vtt', 'x')`,
    words: /caption file with this key/,
  },
  {
    rule: 'whitelabel_captions_one_per_language',
    by: `insert into whitelabel_captions (whitelabel_media_id, language, s3_key, url) values (1, 'pt-BR', 'dora/2.vtt', 'x')`,
    words: /already has captions in this language/,
  },
  {
    rule: 'whitelabel_captions_whitelabel_media_id_whitelabel_media_id_fk',
    by: `insert into whitelabel_captions (whitelabel_media_id, s3_key, url) values (9, 'dora/3.vtt', 'x')`,
    words: 'Media file 9 does not exist. Choose another media file.',
  },
  {
    rule: 'media_details_size_positive',
    by: `update media_details set width = 0`,
    words: /must be above 0/,
  },
  {
    rule: 'unreadable_objects_reason_known',
    by: `update unreadable_objects set reason = 'ugly'`,
    words: /too large/,
  },
  { rule: 'sync_runs_status_known', by: `update sync_runs set status = 'lost'`, words: /held or failed/ },
  {
    rule: 'sync_runs_approved_run_id_sync_runs_id_fk',
    by: `update sync_runs set approved_run_id = '00000000-0000-4000-8000-000000000002'`,
    words: /^Sync run 00000000-0000-4000-8000-000000000002 does not exist/,
  },
  {
    rule: 'takedowns_kind_known',
    by: `insert into takedowns values ('user', 'x', now())`,
    words: /model, post/,
  },
  {
    rule: 'takedowns_pkey',
    by: `insert into takedowns values ('post', 'dora/beach', now())`,
    words: /same key/,
  },
  {
    rule: 'admin_settings_pkey',
    by: `insert into admin_settings values ('currency', 'EUR')`,
    words: /setting/,
  },
  { rule: 'users_pkey', by: `insert into users (id, email, password) values (1, 'z', 'x')`, words: /user/ },
]

test.each(REFUSED)('$rule refuses: $by', async ({ rule, by, words }) => {
  const error = await refusal(by)

  expect(databaseError(error)?.constraint).toBe(rule)
  expect(explainDatabaseError(error)?.message).toMatch(words)
})

/** Kept by triggers before they could be broken (see copies.db.test.ts), or broken only where a primary key is. */
const OUT_OF_REACH = [
  'users_subscription_status_flag',
  'whitelabel_models_post_count_not_negative',
  'checkouts_of_an_amount',
  'payments_of_an_amount',
]
/** Rules of triggers, which no catalog lists. */
const RAISED = [
  'checkouts_offer_stays',
  'checkouts_move_legally',
  'payments_charge_stays',
  'payments_move_legally',
  'terms_are_paid',
]

test('every rule of the live database has words and is tried above', async () => {
  const { rows } = await database.db.execute<{ name: string; kind: string; table: string }>(sql`
    select conname as name, contype as kind, conrelid::regclass::text as "table" from pg_constraint
    where connamespace = 'public'::regnamespace
    union all
    select index.relname, 'u', indrelid::regclass::text from pg_index join pg_class as index on index.oid = indexrelid
    where indisunique and relnamespace = 'public'::regnamespace
      and not exists (select from pg_constraint where conindid = indexrelid)
  `)
  const wordless = rows.filter(({ name, kind, table }) => {
    if (kind === 'c') return !(name in CHECK_WORDS)
    if (kind === 'f') return !(name in REFERENCES)
    return kind === 'u' ? !(name in UNIQUE_WORDS) : !hasNoun(table)
  })
  const tried = new Set([...REFUSED.map(({ rule }) => rule), ...OUT_OF_REACH])
  const untried = rows.filter(({ name, kind }) => 'cfu'.includes(kind) && !tried.has(name))

  expect(rows.length).toBeGreaterThan(40)
  expect(wordless).toEqual([])
  expect(untried).toEqual([])
})

test('every rule that a trigger raises has words and is tried above', async () => {
  const { rows } = await database.db.execute<{ name: string }>(sql`
    select distinct match[1] as name
    from pg_proc, regexp_matches(prosrc, 'refuse_move\\(''(\\w+)''', 'g') as match
    where pronamespace = 'public'::regnamespace
  `)

  expect(rows.map(({ name }) => name).toSorted()).toEqual(RAISED.toSorted())
  expect(RAISED.filter((name) => !(name in CHECK_WORDS))).toEqual([])
  expect(RAISED.filter((name) => !REFUSED.some(({ rule }) => rule === name))).toEqual([])
})

test('words are kept for no rule that is gone', async () => {
  const { rows } = await database.db.execute<{ name: string }>(sql`
    select conname as name from pg_constraint union select relname from pg_class where relkind = 'i'
  `)
  const live = new Set([...rows.map(({ name }) => name), ...RAISED])
  const named = [CHECK_WORDS, UNIQUE_WORDS, REFERENCES].flatMap(Object.keys)

  expect(named.filter((name) => !live.has(name))).toEqual([])
})

test.each([
  ['insert into plans (price, duration) values (1, 1)', 'The name of a plan is missing. Give one.'],
  [
    'insert into checkouts (user_id, total_amount) values (1, 1)',
    'The plan of a checkout is missing. Give one.',
  ],
  ['update subscriptions set plan_id = null', 'The plan of a subscription is missing. Give one.'],
  ['update posts set model_id = null', 'The creator of a post is missing. Give one.'],
  [`update plans set price = 'abc'`, /not of the kind/],
  ['update plans set price = 3000000000', /too large or too small/],
  [`update subscriptions set end_date = 'soon'`, /2026-01-31T12:00:00Z/],
  [`update users set name = convert_from('\\xff', 'UTF8')`, /not valid UTF-8/],
  [`update whitelabel_model_totals set models = 9`, /keeps this by itself/],
])('%s is refused in words', async (statement, words) => {
  expect(explainDatabaseError(await refusal(statement))?.message).toMatch(words)
})

const KEPT_BY_DATABASE = ['updated_at', 'subscription_status', 'post_count', 'image_count', 'video_count']

test('a column that must hold a value refuses null, or fills it in where the database keeps it', async () => {
  const { rows } = await database.db.execute<{ table: string; column: string }>(sql`
    select attrelid::regclass::text as "table", attname as "column" from pg_attribute
    join pg_class on pg_class.oid = attrelid
    where relkind = 'r' and relnamespace = 'public'::regnamespace and attnum > 0 and attnotnull and attidentity = ''
      and attrelid <> 'whitelabel_model_totals'::regclass
  `)
  for (const { table, column } of rows) {
    const error = await refusal(`update ${table} set ${column} = null`)
    if (KEPT_BY_DATABASE.includes(column)) {
      expect([table, column, error]).toEqual([table, column, expect.any(TransactionRollbackError)])
      continue
    }
    // What is not for changing at all is not for emptying either.
    if (databaseError(error)?.constraint === 'payments_charge_stays') continue
    expect([table, column, databaseError(error)?.code]).toEqual([table, column, '23502'])
    expect(explainDatabaseError(error)?.message).toMatch(/ is missing\. Give one\.$/)
  }
  expect(rows.length).toBeGreaterThan(50)
})

test('no words show SQL or an inner name', async () => {
  for (const { by } of REFUSED) {
    const words = explainDatabaseError(await refusal(by))?.message ?? ''
    expect(words).not.toMatch(/_(fk|unique|pkey|known)|violates|constraint|relation|column/)
  }
})

async function refusal(statement: string): Promise<unknown> {
  try {
    await database.db.transaction(async (tx) => {
      await tx.execute(sql.raw(statement))
      tx.rollback()
    })
  } catch (error) {
    return error
  }
}
