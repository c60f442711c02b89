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
`

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
  { rule: 'checkouts_status_known', by: `update checkouts set status = 'lost'`, words: /charged_back/ },
  {
    rule: 'checkouts_payment_method_known',
    by: `update checkouts set payment_method = 'cash'`,
    words: /pix/,
  },
  {
    rule: 'checkouts_total_amount_not_negative',
    by: `update checkouts set total_amount = -1`,
    words: /0 or more/,
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

/** Kept by triggers before they could be broken: see copies.db.test.ts. */
const OUT_OF_REACH = ['users_subscription_status_flag', 'whitelabel_models_post_count_not_negative']

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

test('words are kept for no rule that is gone', async () => {
  const { rows } = await database.db.execute<{ name: string }>(sql`
    select conname as name from pg_constraint union select relname from pg_class where relkind = 'i'
  `)
  const live = new Set(rows.map(({ name }) => name))
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
    where relkind = 'r' and relnamespace = 'public'::regnamespace and attnum > 0 and attnotnull
      and attrelid <> 'whitelabel_model_totals'::regclass
  `)
  for (const { table, column } of rows) {
    const error = await refusal(`update ${table} set ${column} = null`)
    if (KEPT_BY_DATABASE.includes(column)) {
      expect([table, column, error]).toEqual([table, column, expect.any(TransactionRollbackError)])
      continue
    }
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
