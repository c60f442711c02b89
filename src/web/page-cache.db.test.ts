import { type SQL, sql } from 'drizzle-orm'
import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Database } from '#src/db/index.ts'
import { mediaDetails } from '#src/db/media-tables.ts'
import { writeSetting } from '#src/services/settings/settings.ts'
import { openTestSite, type TestSite } from '#test/support/app.ts'
import { openTestDatabase } from '#test/support/database.ts'

let database: Database
let site: TestSite

beforeEach(async () => {
  database ??= await openTestDatabase()
  await database.db.execute(sql`truncate whitelabel_models cascade`)
  await database.db.execute(sql`truncate admin_settings, media_details`)
  site = await openTestSite(database, { access: 'members' })
  await site.addCreator('ana', { beach: ['1.jpg'] })
})
afterEach(() => site.close())
afterAll(() => database.close())

test('a page is kept under the rights it was rendered with, whatever the owner changes meanwhile', async () => {
  const { reader } = site.deps.database
  const execute = reader.execute.bind(reader)
  const opening = vi.spyOn(reader, 'execute').mockImplementation((async (query: SQL) => {
    const result = await execute(query)
    if (JSON.stringify(query).includes('revision')) await writeSetting(database.db, 'access', 'open')
    return result
  }) as unknown as typeof reader.execute)
  await site.page('/creators/ana')
  expect(opening).toHaveBeenCalled()
  opening.mockRestore()
  await writeSetting(database.db, 'access', 'members')

  const forGuests = await (await site.page('/creators/ana')).text()
  expect(forGuests).toContain('/pictures/teaser/')
  expect(forGuests).not.toContain('/pictures/card/')
})

test('a page that ten ask for at once is made once', async () => {
  const { reader } = site.deps.database
  const execute = vi.spyOn(reader, 'execute')
  const statementsOf = async (visits: number) => {
    execute.mockClear()
    const answers = await Promise.all(Array.from({ length: visits }, () => site.page('/')))
    expect(new Set(answers.map(({ headers }) => headers.get('ETag'))).size).toBe(1)
    return execute.mock.calls.length
  }
  await statementsOf(1)
  const known = await statementsOf(1)
  await site.addCreator('bia', { city: ['1.jpg'] })
  const made = await statementsOf(1)
  await site.addCreator('eva', { lake: ['1.jpg'] })

  expect(made).toBeGreaterThan(known)
  expect(await statementsOf(10)).toBe(made + 9 * known)
})

test.each([
  ['page', '/creators/ana'],
  ['answer', '/api/v1/models/ana/posts'],
])('a client that has the %s is told so, on every node', async (_, address) => {
  const etag = (await site.page(address)).headers.get('etag') ?? ''
  const other = await openTestSite(database, { mediaRoot: site.mediaRoot, access: 'members' })
  expect((await other.page(address, { 'If-None-Match': etag })).status).toBe(304)
  await other.close()
})

test('a page that shows more of a picture than the one a browser has is sent anew', async () => {
  const before = await site.page('/creators/ana')
  const size = { width: 40, height: 30, thumbhash: 'AAAA' }
  await database.db.insert(mediaDetails).values({ objectKey: 'ana/beach/1.jpg', etag: 'known', ...size })

  const other = await openTestSite(database, { mediaRoot: site.mediaRoot, access: 'members' })
  const after = await other.page('/creators/ana', { 'If-None-Match': before.headers.get('etag') ?? '' })
  expect(after.status).toBe(200)
  expect(await after.text()).toContain('width="40"')
  await other.close()
})
