import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Database } from '#src/db/index.ts'
import type { Jobs, MailTemplate } from '#src/jobs/job-queue.ts'
import type { Message } from '#src/mail/mailer.ts'
import { writeSetting } from '#src/services/settings/settings.ts'
import { openTestSite, type TestSite } from '#test/support/app.ts'
import { openTestDatabase } from '#test/support/database.ts'
import { sendMail } from './send-mail.ts'

const NOW = new Date('2030-06-15T12:00:00Z')

let database: Database
let site: TestSite

beforeAll(async () => {
  database = await openTestDatabase()
  site = await openTestSite(database, { env: { BASE_URL: 'https://films.example.com' } })
  await writeSetting(database.db, 'site_name', 'Estúdio Mar')
})
beforeEach(async () => {
  await writeSetting(database.db, 'language', 'pt-BR')
  await database.db.execute(
    sql`truncate users, plans, payment_gateways, account_tokens restart identity cascade`,
  )
  for (const statement of ROWS) await database.db.execute(sql.raw(statement))
})
afterAll(async () => {
  await site.close()
  await database.close()
})

/** Ana has claimed her account, Bia has bought as a guest and has not. */
const ROWS = [
  `insert into users (email, name, password, claimed_at, language) values
    ('ana@example.com', 'Ana', '!', now(), null), ('bia@example.com', 'Bia <b>& filhas</b>', '!', null, 'en')`,
  `insert into plans (name, price, duration) values ('Mês', 2990, 30)`,
  `insert into payment_gateways (name) values ('test')`,
  ...[1, 2].flatMap((user) => [
    `insert into checkouts (user_id, plan_id, status, payment_method, order_bump, total_amount, plan_name, plan_cents,
      plan_days, bump_name, bump_cents) values (${user}, 1, 'paid', 'pix', true, 3480, 'Mês', 2990, 30, 'Bastidores', 490)`,
    `insert into payments (checkout_id, gateway_id, method, idempotency_key, status, amount_cents, currency, paid_at)
      values (${user}, 1, 'pix', 'key ${user}', 'paid', 3480, 'BRL', '2030-06-15T12:00:00Z')`,
    `insert into subscriptions (user_id, plan_id, status, start_date, end_date)
      values (${user}, 1, 'active', '2030-06-15T12:00:00Z', '2030-07-15T12:00:00Z')`,
    `insert into terms (user_id, subscription_id, plan_id, source, checkout_id, payment_id, days, plan_cents,
      amount_cents, currency, granted_at, starts_at, ends_at) values (${user}, ${user}, 1, 'charge', ${user}, ${user}, 30,
      2990, 3480, 'BRL', '2030-06-15T12:00:00Z', '2030-06-15T12:00:00Z', '2030-07-15T12:00:00Z')`,
  ]),
]
const ANA = 1
const BIA = 2

async function sent(job: Jobs['mail']): Promise<Message | undefined> {
  const messages: Message[] = []
  const mail = { send: async (message: Message) => void messages.push(message), close: () => {} }
  await sendMail({ ...site.deps, mail }, job, NOW)
  return messages[0]
}

const TEMPLATES: Array<[MailTemplate, string, string]> = [
  ['claim', 'Estúdio Mar: você já tem uma conta', 'Your account at Estúdio Mar'],
  ['reset', 'Estúdio Mar: nova senha', 'Your account at Estúdio Mar'],
  ['already-registered', 'Estúdio Mar: você já tem uma conta', 'You have an account at Estúdio Mar already'],
  ['password-changed', 'Estúdio Mar: sua senha foi trocada', 'Your password at Estúdio Mar was changed'],
  [
    'receipt',
    'Estúdio Mar: Mês, pagamento de 15 de junho de 2030',
    'Estúdio Mar: Mês, paid on June 15, 2030',
  ],
  [
    'reminder',
    'Estúdio Mar: seu acesso termina em 15 de julho de 2030',
    'Your access to Estúdio Mar ends on July 15, 2030',
  ],
  ['refunded', 'Estúdio Mar: seu reembolso', 'Your refund at Estúdio Mar'],
]

test.each(TEMPLATES)(
  '%s is written in the language of the site, or of its reader',
  async (template, site, reader) => {
    const ofSite = await sent({ template, userId: ANA, about: ANA })
    expect(ofSite).toMatchObject({ to: 'ana@example.com', subject: site, senderName: 'Estúdio Mar' })
    expect(ofSite?.html).toContain('<html lang="pt-BR">')
    const ofReader = await sent({ template, userId: BIA, about: BIA })
    expect(ofReader).toMatchObject({ to: 'bia@example.com', subject: reader })
    expect(ofReader?.html).toContain('<html lang="en">')
    for (const { text, html } of [ofSite, ofReader].filter((mail) => mail !== undefined)) {
      expect(`${text}${html}`).not.toMatch(/undefined|null|NaN|Invalid|\[object/)
      expect(text).toContain('https://films.example.com/')
      expect(html).not.toContain('<b>')
    }
  },
)

describe('of an e-mail that is changed', () => {
  const SUBJECTS: Array<[MailTemplate, string, string, string]> = [
    ['confirm-email', 'new', 'Estúdio Mar: confirme seu novo e-mail', 'Your new e-mail at Estúdio Mar'],
    [
      'email-change-asked',
      'former',
      'Estúdio Mar: pedido de troca do seu e-mail',
      'Another e-mail for your account at Estúdio Mar',
    ],
    [
      'email-changed',
      'former',
      'Estúdio Mar: seu e-mail foi trocado',
      'Your e-mail at Estúdio Mar was changed',
    ],
  ]

  test.each(SUBJECTS)(
    '%s goes to the %s address, in the language of its reader',
    async (template, to, pt, en) => {
      await database.db.execute(sql`
      insert into account_tokens (user_id, purpose, new_email, former_email, token_hash, expires_at)
      select id, 'change_email', 'new-' || email, 'former-' || email, email, '2040-01-01Z' from users order by id`)
      const toAna = await sent({ template, userId: ANA, about: ANA })
      expect(toAna).toMatchObject({ to: `${to}-ana@example.com`, subject: pt })
      expect(/\/account\/link\/[\w-]{43}\n/.test(toAna?.text ?? '')).toBe(to === 'new')
      expect(await sent({ template, userId: BIA, about: BIA })).toMatchObject({
        to: `${to}-bia@example.com`,
        subject: en,
      })
      // Of another's change nothing is told.
      expect(await sent({ template, userId: ANA, about: BIA })).toBeUndefined()
    },
  )

  test('of a link whose mail is sent twice the last one works', async () => {
    await database.db.execute(sql`
      insert into account_tokens (user_id, purpose, new_email, former_email, token_hash, expires_at)
      values (${ANA}, 'change_email', 'new@example.com', 'ana@example.com', 'hash', '2040-01-01Z')`)
    const links = []
    for (let times = 0; times < 2; times++) {
      const mail = await sent({ template: 'confirm-email', userId: ANA, about: 1 })
      links.push(/\/account\/link\/[\w-]{43}/.exec(mail?.text ?? '')?.[0] ?? '')
    }
    site.deps.now = () => NOW
    const statuses = []
    for (const link of links) statuses.push((await site.page(link)).status)
    expect(statuses).toEqual([410, 200])
  })
})

test('who had an order until now is told that it was another’s', async () => {
  await database.db.execute(sql`update checkouts set user_id = ${BIA} where id = 1`)
  const mail = await sent({ template: 'order-moved', userId: ANA, about: 1 })
  expect(mail?.subject).toBe('Estúdio Mar: um pagamento que não era seu')
  expect(mail?.text).toContain('O plano Mês, pago em 15 de junho de 2030,')
  expect(mail?.text).not.toContain('bia')
  expect(await sent({ template: 'order-moved', userId: BIA, about: 1 })).toBeUndefined()
})

test('a site in English writes in English', async () => {
  await writeSetting(database.db, 'language', 'en')
  expect((await sent({ template: 'reset', userId: ANA }))?.subject).toBe('A new password at Estúdio Mar')
})

test('a receipt tells what was paid, how, and until when it lasts', async () => {
  const mail = await sent({ template: 'receipt', userId: ANA, about: 1 })
  const spaced = mail?.text.replaceAll('\u00a0', ' ')
  expect(spaced).toContain('Mês: R$ 29,90\nBastidores: R$ 4,90\nTotal: R$ 34,80')
  expect(spaced).toContain('Pago em: 15 de junho de 2030, por Pix\nAcesso até: 15 de julho de 2030')
  expect(spaced).toContain('https://films.example.com/account\n')
  expect(spaced).not.toContain('/account/link/')
})

test('money that a bank has taken back is called no refund', async () => {
  await database.db.execute(sql`update payments set status = 'charged_back'`)
  expect((await sent({ template: 'refunded', userId: ANA, about: 1 }))?.subject).toBe(
    'Estúdio Mar: seu banco estornou um pagamento',
  )
  expect((await sent({ template: 'refunded', userId: BIA, about: 2 }))?.subject).toBe(
    'Your bank took back a payment to Estúdio Mar',
  )
})

test('the receipt of a guest carries the link by which the account is claimed', async () => {
  const mail = await sent({ template: 'receipt', userId: BIA, about: 2 })
  expect(mail?.text).toMatch(/choose a password:\n\nChoose a password:\nhttps:/)
  const link = /films\.example\.com(\/account\/link\/[\w-]{43})/.exec(mail?.text ?? '')?.[1] ?? ''
  site.deps.now = () => NOW
  expect(await (await site.page(link)).text()).toContain('bia@example.com')
})

test('whoever pays for the e-mail of somebody else has no name of their making in its mails', async () => {
  for (const template of ['receipt', 'refunded', 'reminder'] as const) {
    const mail = await sent({ template, userId: BIA, about: 2 })
    expect(mail?.text).toContain('Hello!')
    expect(`${mail?.text}${mail?.html}`).not.toContain('filhas')
  }
})

test('a name made of markup is text in the mails of its owner', async () => {
  await database.db.execute(sql`update users set claimed_at = now()`)
  const mail = await sent({ template: 'receipt', userId: BIA, about: 2 })
  expect(mail?.text).toContain('Hello, Bia <b>& filhas</b>!')
  expect(mail?.html).toContain('Hello, Bia &lt;b&gt;&amp; filhas&lt;/b&gt;!')
})

describe('nothing is written', () => {
  const NOTHING: Array<[string, Jobs['mail'], string?]> = [
    ['to nobody', { template: 'reset', userId: 0 }],
    [
      'to who was erased',
      { template: 'receipt', userId: ANA, about: 1 },
      `update users set erased_at = now()`,
    ],
    [
      'about signing in, to an account that is shut',
      { template: 'reset', userId: ANA },
      `update users set disabled_at = now()`,
    ],
    ['about the payment of another', { template: 'receipt', userId: ANA, about: 2 }],
    ['about a payment that is not there', { template: 'refunded', userId: ANA, about: 99 }],
    ['about the subscription of another', { template: 'reminder', userId: ANA, about: 2 }],
    [
      'to who has said not to be reminded',
      { template: 'reminder', userId: ANA, about: 1 },
      `update subscriptions set status = 'canceled'`,
    ],
    [
      'after the end',
      { template: 'reminder', userId: ANA, about: 1 },
      `update subscriptions set start_date = null, end_date = '2030-06-15T11:59:59Z'`,
    ],
  ]
  test.each(NOTHING)('%s', async (_, job, statement) => {
    if (statement) await database.db.execute(sql.raw(statement))
    expect(await sent(job)).toBeUndefined()
    expect((await database.db.execute(sql`select id from account_tokens`)).rows).toEqual([])
  })
})

test('an account that is shut still gets the papers of its money', async () => {
  await database.db.execute(sql`update users set disabled_at = now()`)
  expect((await sent({ template: 'receipt', userId: ANA, about: 1 }))?.to).toBe('ana@example.com')
})

test('a name with line breaks makes no header of its own', async () => {
  await writeSetting(database.db, 'site_name', 'Mar')
  await database.db.execute(sql`update admin_settings set value = 'Mar' where key = 'site_name'`)
  await database.db.execute(sql`update users set name = E'Ana\\r\\nBcc: eva@example.com'`)
  const mail = await sent({ template: 'receipt', userId: ANA, about: 1 })
  expect(mail?.subject).not.toMatch(/[\r\n]/)
  await writeSetting(database.db, 'site_name', 'Estúdio Mar')
})
