import { sql } from 'drizzle-orm'
import { afterAll, beforeEach, expect, test } from 'vitest'
import type { Database } from '#src/db/index.ts'
import { writeSetting } from '#src/services/settings/settings.ts'
import { openTestSite, type TestSite } from '#test/support/app.ts'
import { openTestDatabase } from '#test/support/database.ts'

let database: Database
let site: TestSite

beforeEach(async () => {
  database ??= await openTestDatabase()
  await database.db.execute(sql`truncate whitelabel_models cascade`)
  await database.db.execute(sql`truncate rate_limits, admin_settings`)
  site = await openTestSite(database, { access: 'open' })
  await site.addCreator('ana', { beach: ['1.jpg', '2.jpg', '3.jpg', '4.jpg'] })
  return () => site.close()
})
afterAll(() => database.close())

/** A page of four links, asked for from this address behind the proxy. */
const fourLinks = async (address: string) =>
  site.app.request('/api/v1/models/ana/posts', { headers: { 'X-Forwarded-For': address } })

const statuses = async (requests: Array<Promise<Response>>) =>
  (await Promise.all(requests)).map((response) => response.status)

test('a free site gives as many links as are asked for', async () => {
  await writeSetting(database.db, 'links_per_hour', '0')
  for (let times = 0; times < 5; times++) expect((await fourLinks('192.0.2.1')).status).toBe(200)
})

test('who opened more than the owner allows waits, and is told how long; others do not wait', async () => {
  await writeSetting(database.db, 'links_per_hour', '10')
  expect((await fourLinks('192.0.2.1')).status).toBe(200)
  expect((await fourLinks('192.0.2.1')).status).toBe(200)

  const refused = await fourLinks('192.0.2.1')
  expect(refused.status).toBe(429)
  expect(Number(refused.headers.get('Retry-After'))).toBeGreaterThan(3_000)
  expect(await refused.text()).not.toContain('/media/')
  expect((await fourLinks('192.0.2.2')).status).toBe(200)
})

test('two nodes count together, and a kept answer is counted for whoever gets it', async () => {
  await writeSetting(database.db, 'links_per_hour', '10')
  const other = await openTestSite(database, { access: 'open', mediaRoot: site.mediaRoot })
  const askOther = async () =>
    other.app.request('/api/v1/models/ana/posts', { headers: { 'X-Forwarded-For': '192.0.2.1' } })
  expect(await statuses([fourLinks('192.0.2.1'), askOther()])).toEqual([200, 200])
  expect(await statuses([fourLinks('192.0.2.1'), askOther()])).toEqual([429, 429])
})

test('an address is the same with a port and as a socket of both kinds writes it, and two are two', async () => {
  await writeSetting(database.db, 'links_per_hour', '7')
  expect((await fourLinks('::ffff:192.0.2.1')).status).toBe(200)
  expect((await fourLinks('192.0.2.1:5555')).status).toBe(429)
  expect((await fourLinks('::ffff:192.0.2.2')).status).toBe(200)
  expect((await fourLinks('[2001:db8::1]:443')).status).toBe(200)
  expect((await fourLinks('2001:db8::2')).status).toBe(429)
})

test('the addresses of one household count as one viewer, and a forged header gives no new one', async () => {
  await writeSetting(database.db, 'links_per_hour', '7')
  expect((await fourLinks('2001:db8:1:2::1')).status).toBe(200)
  expect((await fourLinks('2001:db8:1:2:ffff::9')).status).toBe(429)
  expect((await fourLinks('2001:db8:1:3::1')).status).toBe(200)
  expect((await fourLinks('203.0.113.9, 198.51.100.7')).status).toBe(200)
  expect((await fourLinks('203.0.113.10, 198.51.100.7')).status).toBe(429)
})
