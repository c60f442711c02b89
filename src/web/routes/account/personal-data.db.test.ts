import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Database } from '#src/db/index.ts'
import { checkouts, sessions, users } from '#src/db/schema.ts'
import { seal } from '#src/lib/seal.ts'
import { ensureGuestSession, newSessionToken } from '#src/services/accounts/sessions.ts'
import { sweepAccounts } from '#src/services/accounts/sweep-accounts.ts'
import { keepDocument } from '#src/services/billing/buyer-document.ts'
import { sendMail } from '#src/services/mail/send-mail.ts'
import { openTestSite, type TestSite } from '#test/support/app.ts'
import { openTestDatabase } from '#test/support/database.ts'
import {
  PASSWORD,
  registered,
  signedIn,
  type Visitor,
  visitorOf,
  waitingMails,
} from '#test/support/visitor.ts'

const EMAIL = 'ana.canary@example.com'
const CANARIES = ['ana.canary', 'Canary Souza', '52998224725', '11987654321', 'Firefox, Linux', 'Canary-Pix']
const FIREFOX = { 'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/140.0' }

let database: Database
let site: TestSite
let ana: Visitor
let userId: number

beforeAll(async () => {
  database = await openTestDatabase()
  site = await openTestSite(database)
  await database.db.execute(sql`insert into plans (name, price, duration) values ('Month', 2990, 30)`)
  await database.db.execute(sql`insert into payment_gateways (name) values ('test')`)
})
beforeEach(async () => {
  await database.db.execute(sql`truncate users, rate_limits, account_tokens, sessions, checkouts cascade`)
  ana = await registered(site, EMAIL, { headers: FIREFOX })
  const [user] = await database.db.select().from(users)
  userId = user?.id ?? 0
  await database.db.update(users).set({ name: 'Ana Canary Souza' })
  await paid()
})
afterAll(async () => {
  await site.close()
  await database.close()
})

/** An order that she paid: with everything that an order knows of a person. */
async function paid() {
  const { db } = database
  const [session] = await db.select().from(sessions)
  const checkoutId = await order({ userId, sessionId: session?.id ?? null, status: 'paid' })
  const key = `key ${checkoutId}`
  const pixCode = seal(site.deps.sealKey, `payments.pix_code:${key}`, 'Canary-Pix')
  await db.execute(sql`
    insert into payments (checkout_id, gateway_id, method, idempotency_key, external_id, status, amount_cents,
      currency, pix_code, paid_at)
    select ${checkoutId}, id, 'pix', ${key}, 'ch_1', 'paid', 2990, 'BRL', ${pixCode}, now() from payment_gateways`)
  await db.execute(sql`insert into subscriptions (user_id, plan_id, status, start_date, end_date)
    select ${userId}, id, 'active', now(), now() + interval '30 days' from plans`)
  await db.execute(sql`
    insert into terms (user_id, subscription_id, plan_id, source, checkout_id, payment_id, days, plan_cents,
      amount_cents, currency, granted_at, starts_at, ends_at)
    select ${userId}, s.id, s.plan_id, 'charge', p.checkout_id, p.id, 30, 2990, 2990, 'BRL', now(), now(), s.end_date
    from subscriptions s, payments p`)
  const [payment] = (await db.execute<{ id: number }>(sql`select id from payments`)).rows
  await sendMail(site.deps, { template: 'receipt', userId, about: payment?.id ?? 0 }, new Date())
}

async function order(of: { userId: number | null; sessionId: number | null; status: 'paid' | 'pending' }) {
  const { db } = database
  const [plan] = (await db.execute<{ id: number }>(sql`select id from plans`)).rows
  const [made] = await db
    .insert(checkouts)
    .values({
      ...of,
      planId: plan?.id ?? 0,
      paymentMethod: 'pix',
      totalAmount: 2990,
      planName: 'Month',
      planCents: 2990,
      planDays: 30,
      customerName: 'Ana Canary Souza',
      customerEmail: EMAIL,
      customerPhone: '11987654321',
    })
    .returning()
  const document = keepDocument(site.deps, made?.publicId ?? '', '52998224725')
  await db
    .update(checkouts)
    .set(document)
    .where(eq(checkouts.id, made?.id ?? 0))
  return made?.id ?? 0
}

const erase = () => ana.post('/account/data/erase', { password: PASSWORD })

/** Every row of every table, ours and those of the jobs, as text. */
async function everything(): Promise<string> {
  const { rows } = await database.db.execute<{ name: string }>(sql`
    select format('%I.%I', table_schema, table_name) as name from information_schema.tables
    where table_type = 'BASE TABLE' and table_schema in ('public', 'pgboss', 'drizzle')`)
  const tables = await Promise.all(
    rows.map(({ name }) => database.db.execute(sql.raw(`select to_jsonb(t)::text as row from ${name} t`))),
  )
  return JSON.stringify(tables.map((table) => table.rows))
}

test('a member downloads all that the site holds of them, what is sealed in clear, and no secret', async () => {
  const response = await ana.get('/account/data/export')
  expect(response.headers.get('Content-Disposition')).toBe('attachment; filename="my-data.json"')
  expect(response.headers.get('Cache-Control')).toBe('no-store')
  const text = await response.text()
  for (const canary of CANARIES) expect(text).toContain(canary)
  expect(text).not.toMatch(/argon2|token_hash|"password"|v1\.[\w-]{8}\./)

  // Of every table that leads to users by its keys, in whatever number of steps, there is something.
  const { rows } = await database.db.execute<{ name: string }>(sql`
    with recursive reached as (
      select 'users'::regclass::oid as id
      union select conrelid from pg_constraint join reached on confrelid = reached.id where contype = 'f'
    ) select relname as name from pg_class join reached on reached.id = pg_class.oid order by 1`)
  expect(Object.keys(JSON.parse(text)).sort()).toEqual(rows.map(({ name }) => name))
})

test('nobody gets a row of another account', async () => {
  const bia = await registered(site, 'bia@example.com')
  const text = await (await bia.get('/account/data/export')).text()
  for (const canary of ['ana.canary', 'Canary Souza', '52998224725']) expect(text).not.toContain(canary)
})

test('a guest’s order that only names an e-mail is not in the data of its account', async () => {
  const guest = await ensureGuestSession(database.db, newSessionToken(), null, new Date())
  const id = await order({ userId: null, sessionId: guest, status: 'pending' })
  const { checkouts: exported } = JSON.parse(await (await ana.get('/account/data/export')).text())
  expect(exported.map((row: { id: number }) => row.id)).not.toContain(id)
})

test('after erasing, nothing in any table tells whose anything was', async () => {
  const guest = await ensureGuestSession(database.db, newSessionToken(), null, new Date())
  await order({ userId: null, sessionId: guest, status: 'pending' })
  await visitorOf(site).post('/reset', { email: EMAIL })
  for (const job of await waitingMails(site)) await sendMail(site.deps, job, new Date())
  await visitorOf(site).post('/reset', { email: EMAIL })
  const before = await everything()
  for (const canary of ['ana.canary', 'Canary Souza', '11987654321', 'Firefox, Linux']) {
    expect(before).toContain(canary)
  }

  const erased = await erase()
  expect(erased.headers.get('Location')).toBe('/sign-in?erased')
  expect(await (await ana.get('/sign-in?erased')).text()).toContain('Your account is erased.')
  const after = await everything()
  for (const canary of CANARIES) expect(after).not.toContain(canary)
  const { rows } = await database.db.execute(sql`
    select (select count(*) from sessions where user_id is not null) as sessions, (select count(*) from outbox_mails) as mails,
      (select count(*) from account_tokens) as tokens, (select count(*) from checkouts where customer_document is not null
        or document_hash is not null) as documents, (select count(*) from payments where pix_code is not null) as codes`)
  expect(Object.values(rows[0] ?? {}).map(Number)).toEqual([0, 0, 0, 0, 0])
  expect(site.log.join()).not.toMatch(/canary/i)
})

test('what was paid, when and for what stays', async () => {
  await erase()
  const { rows } = await database.db.execute(sql`
    select p.amount_cents, p.status, c.plan_name, t.days, s.status as subscription, u.email, u.name, u.erased_at is not null as erased
    from payments p join checkouts c on c.id = p.checkout_id join terms t on t.payment_id = p.id
    join subscriptions s on s.id = t.subscription_id join users u on u.id = t.user_id`)
  expect(rows).toMatchObject([
    {
      amount_cents: 2990,
      status: 'paid',
      plan_name: 'Month',
      days: 30,
      subscription: 'canceled',
      email: expect.stringMatching(/^erased-[0-9a-f]{24}@erased\.invalid$/),
      name: null,
      erased: true,
    },
  ])
})

test('erasing needs the password', async () => {
  const refused = await ana.post('/account/data/erase', { password: 'another harbour 43' })
  expect(refused.status).toBe(422)
  expect(await refused.text()).toContain('This is not your current password.')
  expect((await ana.post('/account/data/erase')).status).toBe(422)
  await signedIn(site, EMAIL)
})

test('the browser in which it was paid as a guest watches no more, unless it may still say that another e-mail was meant', async () => {
  const { db } = database
  const [paying, stranger] = await Promise.all(
    [newSessionToken(), newSessionToken()].map((token) => ensureGuestSession(db, token, null, new Date())),
  )
  await db.execute(sql`update checkouts set session_id = ${paying ?? 0}, paid_at = now() - interval '8 days'`)
  await order({ userId: null, sessionId: stranger ?? 0, status: 'pending' })
  const { rows: users } = await db.execute<{ id: number }>(sql`select id from users where email = ${EMAIL}`)
  const fresh = await order({ userId: users[0]?.id ?? 0, sessionId: paying ?? 0, status: 'paid' })
  await erase()
  const { rows } = await db.execute(
    sql`select id, session_id from checkouts where session_id is not null order by id`,
  )
  expect(rows.map(({ session_id }) => session_id)).toEqual([stranger, paying])
  expect(rows.at(-1)?.id).toBe(fresh)
})

test('the address is free again, and its new account has nothing of the former one', async () => {
  await erase()
  const again = await registered(site, EMAIL)
  expect(await (await again.get('/account/data/export')).json()).not.toHaveProperty('payments')
})

test('a mail that was asked for before goes nowhere', async () => {
  await visitorOf(site).post('/reset', { email: EMAIL })
  await erase()
  for (const job of await waitingMails(site)) await sendMail(site.deps, job, new Date())
  const { rows } = await database.db.execute(sql`select id from outbox_mails`)
  expect(rows).toEqual([])
})

test('accounts that nobody claimed are swept after a week, those that paid or were claimed stay', async () => {
  await database.db.execute(sql`truncate rate_limits`)
  for (const email of ['old@example.com', 'buyer@example.com', 'new@example.com']) {
    await visitorOf(site).post('/register', { email })
  }
  await waitingMails(site)
  await database.db.execute(
    sql`update users set created_at = now() - interval '8 days' where email <> 'new@example.com'`,
  )
  await database.db.execute(sql`insert into subscriptions (user_id, plan_id)
    select users.id, plans.id from users, plans where email = 'buyer@example.com'`)
  await sweepAccounts(database.db, new Date())
  const left = await database.db.select({ email: users.email }).from(users)
  expect(left.map(({ email }) => email).sort()).toEqual([EMAIL, 'buyer@example.com', 'new@example.com'])
})

test('sessions that are over are swept, and of the outbox the newest two hundred mails stay', async () => {
  await database.db.execute(sql`
    insert into outbox_mails (user_id, sealed) select ${userId}, 'x' || n from generate_series(1, 250) n`)
  await database.db.execute(sql`update sessions set expires_at = now() - interval '1 second'`)
  await sweepAccounts(database.db, new Date())
  const { rows } = await database.db.execute(sql`
    select (select count(*) from sessions)::int as sessions, (select count(*) from outbox_mails)::int as mails,
      (select min(substr(sealed, 2)::int) from outbox_mails where sealed like 'x%') as oldest`)
  expect(rows).toEqual([{ sessions: 0, mails: 200, oldest: 51 }])
})

test('a session in which nobody bought anything is swept after a day, and none of a buyer', async () => {
  await database.db.execute(sql`truncate sessions cascade`)
  await database.db.execute(sql`
    insert into sessions (token_hash, last_seen_at, expires_at)
    select token, now() - age, now() + interval '90 days'
    from (values ('idle', interval '25 hours'), ('fresh', interval '23 hours'), ('buyer', interval '25 hours')) given (token, age)`)
  await database.db.execute(sql`
    insert into checkouts (session_id, plan_id, total_amount)
    select sessions.id, plans.id, 2990 from sessions, plans where token_hash = 'buyer' limit 1`)
  await sweepAccounts(database.db, new Date())
  const { rows } = await database.db.execute(sql`select token_hash as token from sessions order by 1`)
  expect(rows).toEqual([{ token: 'buyer' }, { token: 'fresh' }])
})
