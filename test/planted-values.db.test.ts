import { readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type Database, openDatabase } from '#src/db/index.ts'
import { startWorkers } from '#src/jobs/workers.ts'
import { openMailer } from '#src/mail/smtp.ts'
import { createAdmin } from '#src/services/accounts/admins.ts'
import { jobHandlers, scheduleHandlers } from '#src/services/billing/billing-jobs.ts'
import { settleEvent } from '#src/services/billing/inbox.ts'
import { addPlan } from '#src/services/billing/plans.ts'
import { reconcile } from '#src/services/billing/reconcile.ts'
import { activateGateway, setGateway } from '#src/services/gateways/change-gateways.ts'
import { listGateways } from '#src/services/gateways/list-gateways.ts'
import { sendMail } from '#src/services/mail/send-mail.ts'
import { policyOf } from '#src/web/policies.ts'
import { type RunningServer, startServer } from '#src/web/server.ts'
import { openTestSite, type TestSite } from './support/app.ts'
import { migratedGround, onServer, removeGround, type TestGround } from './support/database.ts'
import { freePort } from './support/free-port.ts'
import { everyColumn, everyFile, finderOf, type Planted } from './support/planted.ts'
import { dumpDatabase } from './support/postgres-server.ts'
import { openTestSandbox, type TestSandbox } from './support/sandbox.ts'
import { type SmtpSink, startSmtpSink } from './support/smtp-sink.ts'
import { linkIn, type Visitor, visitorOf, waitingMails } from './support/visitor.ts'

/**
 * One whole story with values that are found again, then a search for each of them, however it is written: in the log,
 * in mails, on every page of everybody, in every column of every table, in a dump and in the files.
 */

/**
 * The one list of where clear values may stand in the database; SECURITY.md has the same. What is not here may stand in
 * no column: passwords, documents, tokens, PIX codes, secrets and cards.
 */
const CLEAR_IN_DATABASE: Record<string, string[]> = {
  'member’s e-mail': ['users.email', 'checkouts.customer_email', 'account_tokens.former_email'],
  // It waits for its link to be opened.
  'member’s new e-mail': ['account_tokens.new_email'],
  'guest’s e-mail': ['users.email', 'checkouts.customer_email'],
  'admin’s e-mail': ['users.email'],
  'e-mail of nobody': ['users.email'],
  'member’s name': ['users.name', 'checkouts.customer_name'],
  'guest’s name': ['users.name', 'checkouts.customer_name'],
  // Where a gateway asks for it; here none does.
  phone: ['checkouts.customer_phone'],
}

/** And on pages: to whom, and where. */
const CLEAR_ON_PAGES: Record<string, { to: string[]; at: string[] }> = {
  'member’s e-mail': {
    to: ['member'],
    at: ['/account*', '/checkout', '/checkout/:id', '/register', '/reset', '/sign-in'],
  },
  // The page of its link tells it, as that of the guest's link does.
  'member’s new e-mail': {
    to: ['member', 'guest', 'admin', 'other', 'stranger'],
    at: ['/account/link/:token', '/account/details/email', '/account/data/export'],
  },
  'member’s name': { to: ['member'], at: ['/account*', '/checkout'] },
  'guest’s e-mail': { to: ['guest'], at: ['/account/link/:token', '/checkout', '/checkout/:id*'] },
  'guest’s name': { to: ['guest'], at: ['/account/link/:token', '/checkout'] },
  'admin’s e-mail': { to: ['admin'], at: ['/account*', '/checkout'] },
  // A form shows again what was typed into it.
  'e-mail of nobody': { to: ['member', 'guest'], at: ['/register', '/reset', '/sign-in'] },
  'PIX code': { to: ['guest'], at: ['/checkout/:id'] },
  // The page of a link, which whoever opens it has the address of.
  'tokens of links': { to: ['member', 'guest', 'admin', 'other', 'stranger'], at: ['/account/link/:token'] },
}

/** Of a site that is being tried, for everybody on its machine and beside it (docs/operating.md). */
const OUTBOX = /^GET \/outbox/

const PASSWORD = 'planted harbour 42'
const SECOND_PASSWORD = 'planted lantern 43'
const WRONG_PASSWORD = 'planted mistake 44'
const ADMIN_PASSWORD = 'planted keeper of all 45'
const SMTP_PASSWORD = 'planted-postman-46'
const MEMBER = 'marina.planted@example.com'
const NEW_EMAIL = 'marina.replanted@example.com'
const GUEST = 'gustavo.planted@example.com'
const ADMIN = 'admin.planted@example.com'
const STRANGER = 'nobody.planted@example.com'
const CPF = '11144477735'
const DOTTED_CPF = '111.444.777-35'
const PHONE = '11987654321'
const CARD = '4111111111111111'
const NETWORK = '203.0.113.77'

let ground: TestGround
let database: Database
let site: TestSite
let server: RunningServer
let sandbox: TestSandbox
let smtp: SmtpSink
const planted: Planted = {
  passwords: [PASSWORD, SECOND_PASSWORD, WRONG_PASSWORD, ADMIN_PASSWORD],
  'password of the mail server': [SMTP_PASSWORD],
  'member’s e-mail': [MEMBER],
  'member’s new e-mail': [NEW_EMAIL],
  'member’s name': ['Marina Plantada'],
  'guest’s e-mail': [GUEST],
  'guest’s name': ['Gustavo Plantado'],
  'admin’s e-mail': [ADMIN],
  'e-mail of nobody': [STRANGER],
  CPF: [CPF, DOTTED_CPF],
  phone: [PHONE, '(11) 98765-4321'],
  card: [CARD, '4111 1111 1111 1111', '4111-1111-1111-1111'],
  'network address': [NETWORK],
  'PIX code': [],
  'session tokens': [],
  'marks of browsers': [],
  'tokens of links': [],
  'secrets of the gateway': [],
  'keys of the site': [],
}
let kindsIn: ReturnType<typeof finderOf>
/** Everything that was answered: to whom, at which route. */
const answers: Array<{ who: string; place: string; status: number; text: string }> = []
const printed: string[] = []

beforeAll(async () => {
  for (const name of ['log', 'info', 'warn', 'debug'] as const)
    vi.spyOn(console, name).mockImplementation((...words) => void printed.push(words.join(' ')))
  ground = await migratedGround()
  database = await openDatabase(ground)
  const port = await freePort()
  site = await openTestSite(database, {
    access: 'members',
    env: { BASE_URL: `http://127.0.0.1:${port}`, PORT: String(port) },
  })
  server = await startServer(site.app, { port, host: '127.0.0.1' })
  sandbox = await openTestSandbox()
  smtp = await startSmtpSink()
  await site.addCreator('Lagoa', { praia: ['1.jpg'] })
  await addPlan(database.db, {
    name: 'Month',
    priceCents: 2_990,
    days: 30,
    benefits: [],
    ctaText: null,
    checkoutUrl: null,
    acceptsPix: true,
    acceptsCard: true,
  })
  const { apiKey, webhookSecret, url } = sandbox.secrets
  const { sealKey, hashKey } = site.deps
  const raw = Buffer.from(webhookSecret.replace('whsec_', ''), 'base64').toString('latin1')
  planted['secrets of the gateway'] = [apiKey, webhookSecret, webhookSecret.replace('whsec_', ''), raw]
  planted['keys of the site'] = [sealKey, hashKey].map((key) => key.toString('base64'))
  await setGateway(site.deps, 'sandbox', { secrets: { apiKey, webhookSecret, url } })
  await activateGateway(site.deps, 'sandbox')
  await wholeStory()
  kindsIn = finderOf(planted)
})
afterAll(async () => {
  await server.close()
  await sandbox.close()
  await smtp.close()
  await site.close()
  await database.close()
  await removeGround(ground)
})

async function wholeStory() {
  const member = await registersAndForgets()
  const guest = await paysAsGuest()
  await paysByCard(member)
  await refunds(member)
  const admin = await becomesAdmin()
  const other = await registers('other@example.com', 'another quiet harbour')
  await asksForWhatFails()
  await mailsThatNobodyTakes()
  await sendMail(site.deps, { template: 'reset', userId: await idOf(MEMBER) }, new Date())
  for (const visitor of [member, guest, admin, other, browser('stranger')]) await readsEverything(visitor)
}

/** A browser whose answers are kept, and what it is given. */
function browser(who: string): Visitor {
  const app = {
    request: async (address: string, init?: RequestInit) => {
      const response = await site.app.request(address, init)
      const isStream = response.headers.get('Content-Type')?.startsWith('text/event-stream')
      const text = isStream ? await beginningOf(response) : await response.clone().text()
      const place = `${init?.method ?? 'GET'} ${routeOf(address)}`
      const headers = [...response.headers].filter(([name]) => name !== 'set-cookie')
      answers.push({ who, place, status: response.status, text: `${headers.join('\n')}\n${text}` })
      for (const line of response.headers.getSetCookie()) {
        const [, name, value = ''] = /^(session|device)=([^;]{20,})/.exec(line) ?? []
        if (name === 'session') planted['session tokens']?.push(value)
        if (name === 'device') planted['marks of browsers']?.push(value)
      }
      return response
    },
  }
  // The others come from beside the site, where its outbox can be read.
  const headers: Record<string, string> =
    who === 'guest' || who === 'member' ? { 'X-Forwarded-For': NETWORK } : {}
  return visitorOf(site, { app: app as TestSite['app'], headers })
}

async function beginningOf({ body }: Response): Promise<string> {
  const reader = body?.getReader()
  await reader?.read()
  const { value } = (await reader?.read()) ?? {}
  await reader?.cancel()
  return new TextDecoder().decode(value)
}

const routeOf = (address: string) =>
  address
    .replace(/\?.*/, '')
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/, ':id')
    .replace(/chg_\w+/, ':id')
    .replace(/link\/.+/, 'link/:token')
    .replaceAll(/\/\d+/g, '/:id')

async function registers(email: string, password: string): Promise<Visitor> {
  const visitor = browser(email === MEMBER ? 'member' : 'other')
  await visitor.post('/register', { email })
  await followLink(visitor, email, { name: email === MEMBER ? 'Marina Plantada' : 'Rita', password })
  return visitor
}

/** Opens the link that was mailed last, and chooses a password there. */
async function followLink(visitor: Visitor, email: string, fields: Record<string, string>) {
  const link = linkIn(await mailTo(email))
  planted['tokens of links']?.push(link.split('/').at(-1) ?? '')
  await visitor.get(link)
  await visitor.post(link, { ...fields, password: 'short' })
  await visitor.post(link, fields)
}

async function registersAndForgets(): Promise<Visitor> {
  const visitor = await registers(MEMBER, PASSWORD)
  await visitor.post('/sign-out')
  for (const email of [MEMBER, STRANGER]) await visitor.post('/sign-in', { email, password: WRONG_PASSWORD })
  await visitor.post('/sign-in', { email: `${MEMBER} <${MEMBER}>`, password: PASSWORD })
  await visitor.post('/reset', { email: STRANGER })
  await visitor.post('/reset', { email: MEMBER })
  await followLink(visitor, MEMBER, { password: SECOND_PASSWORD })
  await visitor.post('/sign-in', { email: MEMBER, password: SECOND_PASSWORD })
  await visitor.post('/account/security/password', { current: WRONG_PASSWORD, next: PASSWORD })
  await visitor.post('/account/security/password', { current: SECOND_PASSWORD, next: PASSWORD })
  await visitor.post('/account/data/erase', { password: WRONG_PASSWORD })
  await visitor.post('/register', { email: MEMBER })
  for (const password of [WRONG_PASSWORD, PASSWORD])
    await visitor.post('/account/details/email', { email: NEW_EMAIL, password })
  const link = linkIn(await mailTo(NEW_EMAIL))
  planted['tokens of links']?.push(link.split('/').at(-1) ?? '')
  await visitor.get(link)
  return visitor
}

const ORDER = { plan: '1', document: DOTTED_CPF, phone: PHONE, card_number: CARD }

async function paysAsGuest(): Promise<Visitor> {
  const visitor = browser('guest')
  const order = { ...ORDER, name: 'Gustavo Plantado', email: GUEST, method: 'pix' }
  await visitor.get('/checkout?plan=1')
  await visitor.post('/checkout', { ...order, document: '111.444.777-36' })
  const address = (await visitor.post('/checkout', order)).headers.get('Location') ?? ''
  for (const page of ['', '/events', '/return', '/card']) await visitor.get(`${address}${page}`)
  const waiting = await (await visitor.get(address)).text()
  planted['PIX code'] = [/<textarea[^>]*>([^<]*)<\/textarea>/.exec(waiting)?.[1] ?? '']
  await visitor.get('/sandbox/bank')
  const bank = await visitor.get(
    `/sandbox/bank?${new URLSearchParams({ code: planted['PIX code'][0] ?? '' })}`,
  )
  await visitor.get(new URL(bank.headers.get('Location') ?? '', 'http://x/sandbox/bank').pathname)
  await happens('pix', 'pay')
  await visitor.get(address)
  for (const email of [`${GUEST}@`, GUEST]) await visitor.post(`${address}/email`, { email })

  const elsewhere = browser('guest')
  await followLink(elsewhere, GUEST, { name: 'Gustavo Plantado', password: PASSWORD })
  return visitor
}

async function paysByCard(member: Visitor) {
  const order = { ...ORDER, name: 'Marina Plantada', email: MEMBER, method: 'credit_card' }
  await member.get('/checkout?plan=1')
  const handoff = (await member.post('/checkout', order)).headers.get('Location') ?? ''
  await member.get(handoff)
  const charge = (await sandbox.ledger()).find(({ method }) => method === 'credit_card')
  const page = `/sandbox/pay/${charge?.id}`
  await member.get(page)
  const card = { card: CARD, number: '4111 1111 1111 1111', cvv: '737', name: 'Marina Plantada' }
  await member.post(page, { ...card, outcome: 'nothing' })
  await member.post(page, { ...card, outcome: 'pay' })
  await settled()
  await member.get(handoff.replace('/card', ''))
  await member.get('/account')
}

async function refunds(member: Visitor) {
  const account = await (await member.get('/account')).text()
  const receipt = /\/account\/payments\/\d+/.exec(account)?.[0] ?? ''
  for (const page of [receipt, `${receipt}/withdraw`]) await member.get(page)
  await member.post(`${receipt}/withdraw`)
}

async function becomesAdmin(): Promise<Visitor> {
  const { link } = await createAdmin(site.deps, ADMIN, new Date())
  planted['tokens of links']?.push(link.split('/').at(-1) ?? '')
  const admin = browser('admin')
  await admin.post(new URL(link).pathname, { password: ADMIN_PASSWORD })
  return admin
}

/** Every table in turn refuses to work, and tells what it was given. */
async function asksForWhatFails() {
  const tables = [
    'users',
    'sessions',
    'checkouts',
    'payments',
    'plans',
    'account_tokens',
    'rate_limits',
    'pgboss.job',
  ]
  for (const table of tables) {
    const [name = '', schema = 'public'] = table.split('.').reverse()
    await database.db.execute(sql.raw(`alter table ${schema}.${name} rename to away`))
    await asksForEverything()
    await database.db.execute(sql.raw(`alter table ${schema}.away rename to ${name}`))
  }
  await database.db.execute(
    sql`alter table checkouts add constraint nobody check (customer_name = 'x') not valid`,
  )
  await database.db.execute(sql`alter table users add constraint no_one check (email = 'x') not valid`)
  await asksForEverything()
  await database.db.execute(sql`alter table checkouts drop constraint nobody`)
  await database.db.execute(sql`alter table users drop constraint no_one`)
  const faults = ['fail after', 'garbage after', 'refuse'] as const
  for (const kind of faults) {
    await sandbox.fault({ calls: [{ on: 'create', kind }] })
    await asksForEverything()
  }
  await sandbox.fault({})
  await reconcile(site.deps, { isForced: true })
}

async function asksForEverything() {
  const visitor = browser('guest')
  await visitor.get('/checkout?plan=1')
  await visitor.post('/checkout', { ...ORDER, name: 'Gustavo Plantado', email: GUEST, method: 'pix' })
  for (const address of ['/register', '/reset', '/sign-in'])
    await visitor.post(address, { email: STRANGER, password: WRONG_PASSWORD })
  await database.db.execute(sql`delete from rate_limits`).catch(() => {})
}

/** The mail server is there, and refuses what it is given, naming it. */
async function mailsThatNobodyTakes() {
  const refusing = await startSmtpSink({ refuses: `450 4.2.1 <${MEMBER}> is over quota` })
  const env = {
    SMTP_URL: `smtp://post:${SMTP_PASSWORD}@127.0.0.1:${refusing.port}`,
    MAIL_FROM: 'hello@films.example.com',
  }
  const deps = { ...site.deps, mail: openMailer(env) }
  const workers = await startWorkers(deps, jobHandlers(deps), scheduleHandlers(deps))
  while (!site.log.some((line) => line.includes('a job failed'))) await delay(20)
  await workers.stop()
  deps.mail?.close()
  await refusing.close()
}

/** Every page there is, with the numbers of this browser’s own things in its address and of others’. */
async function readsEverything(visitor: Visitor) {
  const { rows: orders } = await database.db.execute<{ id: string }>(
    sql`select public_id::text as id from checkouts where status in ('paid', 'refunded', 'pending') order by id`,
  )
  const charges = (await sandbox.ledger()).map(({ id }) => id)
  const pages = new Set(
    site.app.routes.flatMap(({ method, path, handler }) =>
      method === 'GET' && policyOf(handler) !== undefined ? [path] : [],
    ),
  )
  for (const page of pages) {
    const values: Record<string, string[]> = {
      publicId: orders.map(({ id }) => id),
      charge: charges,
      id: ['1', '2', '3'],
      token: planted['tokens of links'] ?? [],
      slug: ['Lagoa'],
    }
    const [, name = ''] = /:(\w+)/.exec(page) ?? []
    for (const value of values[name] ?? ['x'])
      await visitor.get(page.replace(/:\w+(\{(?:[^{}]|\{[^{}]*\})*\})?/, value).replace('*', 'x'))
  }
  for (const { id } of orders) await visitor.get(`/checkout?plan=1&method=pix&order=${id}`)
  await visitor.get('/checkout?plan=1')
  await visitor.get('/api/v1/posts/1', { Accept: 'application/json' })
}

/** The gateway tells what became of the last charge by this method, over the network. */
async function happens(method: string, event: 'pay') {
  const charge = (await sandbox.ledger()).findLast((one) => one.method === method)
  await sandbox.happen(charge?.id ?? '', event)
  await settled()
}

/** Waits for the gateway’s message, and settles what it says. */
async function settled() {
  const waiting = async () =>
    (
      await database.db.execute<{ id: string }>(
        sql`select id::text as id from webhook_events where state = 'received' and charge_status <> 'pending'`,
      )
    ).rows
  while ((await waiting()).length === 0) await delay(20)
  for (const { id } of await waiting()) await settleEvent(site.deps, Number(id))
}

/** The last mail to somebody, sent as workers do. */
async function mailTo(email: string) {
  const mail = openMailer({
    SMTP_URL: `smtp://post:${SMTP_PASSWORD}@127.0.0.1:${smtp.port}`,
    MAIL_FROM: 'hello@films.example.com',
  })
  const deps = { ...site.deps, mail }
  const jobs = await waitingMails(site)
  for (const job of jobs) await sendMail(deps, job, new Date())
  mail?.close()
  const data = smtp.mails.findLast(({ to }) => to.includes(email))?.data ?? ''
  return { text: data.replaceAll('=\r\n', '').replaceAll('=3D', '=') }
}

async function idOf(email: string): Promise<number> {
  const { rows } = await database.db.execute<{ id: number }>(sql`select id from users where email = ${email}`)
  return rows[0]?.id ?? 0
}

test('the story came to everything that it is about', async () => {
  for (const [kind, values] of Object.entries(planted))
    expect([kind, values.length > 0]).toEqual([kind, true])
  expect(planted['PIX code']?.[0]).toMatch(/^000201/)
  expect(planted['tokens of links']?.every((token) => token.length === 43)).toBe(true)
  const { rows } = await database.db.execute(sql`
    select status, payment_method from checkouts where status in ('paid', 'refunded') order by 1`)
  expect(rows).toEqual([
    { status: 'paid', payment_method: 'pix' },
    { status: 'refunded', payment_method: 'credit_card' },
  ])
  expect(answers.filter(({ status }) => status >= 500).length).toBeGreaterThan(10)
  expect(site.log.filter((line) => line.includes('"level":"error"')).length).toBeGreaterThan(10)
})

test('a value is found however it is written', () => {
  const find = finderOf({ name: ['Ana & “Bia” Souza'] })
  const name = Buffer.from('Ana & “Bia” Souza')
  const texts = [
    `<b>Ana &amp; “Bia” Souza</b>`,
    `q=${encodeURIComponent(name.toString())}`,
    `\\x00${name.toString('hex')}`,
    JSON.stringify(JSON.stringify({ name: name.toString() })),
    ...['', 'a', 'ab', 'abc'].flatMap((before) =>
      (['base64', 'base64url'] as const).map((how) => Buffer.from(`${before}${name}z`).toString(how)),
    ),
  ]
  for (const text of texts) expect([text, find(text)]).toEqual([text, ['name']])
  expect(find('Ana & Bia Souza')).toEqual([])
})

test('the log tells none of them, and nothing else is printed', () => {
  expect(site.log.length).toBeGreaterThan(500)
  expect(site.log.filter((line) => kindsIn(line).length > 0)).toEqual([])
  expect(printed).toEqual([])
})

test('pages tell them to those whose they are, and to nobody else', () => {
  const misplaced = answers.flatMap(({ who, place, text }) =>
    kindsIn(text)
      .filter((kind) => !OUTBOX.test(place) && !isOwn(kind, who, place))
      .map((kind) => `${kind}: to ${who} at ${place}`),
  )
  expect([...new Set(misplaced)]).toEqual([])
  expect(answers.length).toBeGreaterThan(500)
})

function isOwn(kind: string, who: string, place: string) {
  const { to, at } = CLEAR_ON_PAGES[kind] ?? { to: [], at: [] }
  const route = place.split(' ')[1] ?? ''
  const isThere = (page: string) =>
    page.endsWith('*') ? route.startsWith(page.slice(0, -1)) : route === page
  return to.includes(who) && at.some(isThere)
}

test('the outbox shows mails to admins to admins alone, and what mails may say', () => {
  const shown = answers.filter(({ place }) => OUTBOX.test(place)).map(({ text }) => kindsIn(text))
  expect(new Set(shown.flat())).toEqual(new Set(['member’s e-mail']))
})

test('mails hold the name and the link of their reader, and nothing else', () => {
  const readers: Record<string, string[]> = {
    [MEMBER]: ['member’s e-mail', 'member’s name', 'tokens of links'],
    [NEW_EMAIL]: ['member’s new e-mail', 'tokens of links'],
    [GUEST]: ['guest’s e-mail', 'guest’s name', 'tokens of links'],
  }
  expect(smtp.mails.length).toBeGreaterThan(5)
  for (const { to, data } of smtp.mails) {
    const text = data.replaceAll('=\r\n', '').replaceAll('=3D', '=')
    const own = readers[to[0] ?? ''] ?? ['tokens of links']
    expect(kindsIn(text).filter((kind) => !own.includes(kind))).toEqual([])
  }
})

test('no column holds one that the list does not allow there', async () => {
  const columns = await everyColumn(database.db)
  expect(columns.length).toBeGreaterThan(150)
  const found = columns.flatMap(({ column, text }) => kindsIn(text).map((kind) => ({ kind, column })))
  expect(found.filter(({ kind, column }) => !CLEAR_IN_DATABASE[kind]?.includes(column))).toEqual([])
  // The search finds what is there.
  expect(found).toContainEqual({ kind: 'guest’s e-mail', column: 'checkouts.customer_email' })
  expect(found.some(({ kind }) => kind === 'phone')).toBe(false)
})

const isAllowedSomewhere = (kind: string) => kind in CLEAR_IN_DATABASE && kind !== 'phone'

test.skipIf(!onServer())('a dump holds none that has no place in the database', async () => {
  const dump = await dumpDatabase(ground.DATABASE_URL ?? '')
  expect(dump).toContain(GUEST)
  expect(kindsIn(dump).filter((kind) => !isAllowedSomewhere(kind))).toEqual([])
})

// There is no pg_dump of the embedded database: its very files are searched, its journal among them.
test.skipIf(onServer())('the files of the embedded database hold none that has no place in it', async () => {
  const files = await everyFile(ground.DATA_DIR)
  expect(files.some(({ text }) => text.includes(GUEST))).toBe(true)
  const found = files.map(({ file, text }) => [
    file,
    kindsIn(text).filter((kind) => !isAllowedSomewhere(kind)),
  ])
  expect(found.filter(([, kinds]) => kinds?.length)).toEqual([])
})

test('the ledger of the sandbox holds what a gateway holds, charges and their PIX codes, and nobody’s name', async () => {
  const ledger = (await everyFile(sandbox.folder)).map(({ text }) => text).join('\n')
  expect(kindsIn(ledger)).toEqual(['PIX code'])
})

test('what the owner is shown of a gateway is four characters of each secret', async () => {
  const [gateway] = await listGateways(site.deps)
  expect(kindsIn(JSON.stringify(gateway))).toEqual([])
  expect(gateway?.secrets.apiKey).toBe(`…${sandbox.secrets.apiKey.slice(-4)}`)
})

test('SECURITY.md has the list', async () => {
  const text = await readFile('SECURITY.md', 'utf8')
  const [, list = ''] = text.split('## Where clear values may stand')
  const columns = [...list.matchAll(/`(\w+\.\w+)`/g)].map(([, column]) => column)
  expect(new Set(columns)).toEqual(new Set(Object.values(CLEAR_IN_DATABASE).flat()))
})
