import { connect } from 'node:net'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from '#src/db/index.ts'
import type { Mailer } from '#src/mail/mailer.ts'
import { createAdmin } from '#src/services/accounts/admins.ts'
import { sendMail } from '#src/services/mail/send-mail.ts'
import { createApp } from '#src/web/app.tsx'
import { startServer } from '#src/web/server.ts'
import { openTestSite, type TestSite } from '#test/support/app.ts'
import { openTestDatabase } from '#test/support/database.ts'
import { visitorOf, waitingMails } from '#test/support/visitor.ts'

let database: Database
let site: TestSite

beforeAll(async () => {
  database = await openTestDatabase()
  site = await openTestSite(database)
  await visitorOf(site).post('/register', { email: 'ana@example.com' })
  await createAdmin(site.deps, 'owner@example.com', new Date())
  await visitorOf(site).post('/reset', { email: 'owner@example.com' })
  for (const job of await waitingMails(site)) await sendMail(site.deps, job, new Date())
})
afterAll(async () => {
  await site.close()
  await database.close()
})

const page = async (address: string, headers: Record<string, string> = {}) => {
  const response = await visitorOf(site).get(address, headers)
  return { status: response.status, text: await response.text() }
}

test('on a site that is tried, its mails are read in the browser, and their links work there', async () => {
  const { text } = await page('/outbox')
  expect(text).toContain('To ana@example.com')
  const [, address = ''] = /href="(\/outbox\/\d+)"/.exec(text) ?? []
  const mail = await page(address)
  expect(mail.text).toContain('Choose a password')
  const [, link = ''] = /href="(\/account\/link\/[\w-]{43})"/.exec(mail.text) ?? []
  expect((await page(link)).text).toContain('Finish your account')
})

test('who asked for a mail is led to the outbox', async () => {
  const asked = await visitorOf(site).post('/reset', { email: 'somebody@example.com' })
  expect(await asked.text()).toContain('href="/outbox"')
})

test('a phone on the same network reads it too', async () => {
  for (const host of ['192.168.0.10:3000', '10.0.0.2', 'my-laptop.local:3000', '[::1]:3000']) {
    expect((await page('/outbox', { Host: host })).status).toBe(200)
  }
})

test('mails to admins are shown to admins alone', async () => {
  expect((await page('/outbox')).text).not.toContain('owner@example.com')
  const { rows } = await database.db.execute<{ id: number }>(sql`select id from outbox_mails`)
  const statuses = await Promise.all(rows.map(({ id }) => page(`/outbox/${id}`)))
  expect(statuses.map(({ status }) => status).sort()).toEqual([200, 404])
})

test('what a mail says is sealed in the database', async () => {
  const { rows } = await database.db.execute(sql`select outbox_mails::text as row from outbox_mails`)
  expect(JSON.stringify(rows)).not.toMatch(/ana@|CreatorFlix|link/)
})

test('a mail that was put in the place of another is not shown', async () => {
  await database.db.execute(sql`
    insert into outbox_mails (user_id, sealed) select user_id, sealed from outbox_mails order by id limit 1`)
  const { text } = await page('/outbox')
  expect(text.match(/href="\/outbox\/\d+"/g)).toHaveLength(1)
})

test.each<[string, Record<string, string>]>([
  ['to the name of a public site', { Host: 'films.example.com' }],
  ['to a name that merely begins like ours', { Host: 'localhost.films.example.com' }],
  ['to an address that is public', { Host: '203.0.113.7:3000' }],
  ['through a proxy that says whom it asks for', { 'X-Forwarded-For': '203.0.113.7' }],
  ['through a proxy that says so as the standard does', { Forwarded: 'for=203.0.113.7' }],
  ['through a proxy that says what it is', { Via: '1.1 proxy' }],
])('a request that comes %s finds nothing', async (_, headers) => {
  expect((await page('/outbox', headers)).status).toBe(404)
  expect((await page('/outbox/1', headers)).status).toBe(404)
  const asked = await visitorOf(site).post('/reset', { email: 'somebody@example.com' }, headers)
  expect(await asked.text()).not.toContain('/outbox')
})

test('a proxy that says nothing, and speaks HTTP/1.0 as nginx does, finds nothing', async () => {
  const server = await startServer(site.app, { port: 0, host: '127.0.0.1' })
  const ask = async (version: string) => {
    const socket = connect(server.port, '127.0.0.1')
    socket.write(`GET /outbox HTTP/${version}\r\nHost: localhost\r\nConnection: close\r\n\r\n`)
    return (await socket.setEncoding('utf8').toArray()).join('').split('\r\n')[0]
  }
  expect(await ask('1.1')).toContain(' 200 ')
  expect(await ask('1.0')).toContain(' 404 ')
  await server.close()
})

test('a public site has no outbox, whoever asks, and neither has one that sends mail', async () => {
  const mail: Mailer = { send: async () => {}, close: () => {} }
  const env = { ...site.deps.env, BASE_URL: 'https://films.example.com' }
  for (const deps of [
    { ...site.deps, env },
    { ...site.deps, mail },
  ]) {
    const app = createApp(deps)
    for (const address of ['/outbox', '/outbox/1']) {
      expect((await visitorOf(site, { app }).get(address)).status).toBe(404)
    }
  }
})
