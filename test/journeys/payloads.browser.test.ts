import { sql } from 'drizzle-orm'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from '#src/db/index.ts'
import { models, posts, supportContacts, whitelabelMedia, whitelabelPosts } from '#src/db/schema.ts'
import { GUEST, type Viewer } from '#src/services/access/viewer.ts'
import { creatorAddress } from '#src/web/addresses.ts'
import { createApp } from '#src/web/app.tsx'
import { type RunningServer, startServer } from '#src/web/server.ts'
import { openTestSite, type TestSite } from '../support/app.ts'
import { openBrowser } from '../support/browser.ts'
import { openTestDatabase } from '../support/database.ts'
import { SCRIPT_PAYLOADS } from '../support/script-payloads.ts'

/**
 * Script in every stored field: on every page, as every viewer, none runs even where the Content-Security-Policy is
 * taken away, and with it the browser has nothing to report.
 */

/** So many payloads stand in one field. */
const TOGETHER = 8
/** Where a script is only heard by the policy, it was heard before without it: a part of the pages is enough. */
const PAGES_WITH_POLICY = 24
const VIEWERS: Record<string, Viewer> = {
  guest: GUEST,
  member: { ...GUEST, role: 'user', accessUntil: new Date(Date.now() + 3_600_000) },
}

let database: Database
let site: TestSite
let server: RunningServer
let browser: Browser
const addresses: string[] = []

beforeAll(async () => {
  database = await openTestDatabase()
  site = await openTestSite(database, { access: 'members' })
  for (const field of fields()) addresses.push(...(await addEverywhere(field)))
  addresses.push('/', '/creators', '/creators?page=2', '/creators?order=biggest')
  const app = createApp(site.deps, { viewerOf: (c) => VIEWERS[c.req.header('X-Viewer') ?? ''] ?? GUEST })
  server = await startServer(app, { port: 0, host: '127.0.0.1' })
  browser = await openBrowser()
})
afterAll(async () => {
  await browser.close()
  await server.close()
  await site.close()
  await database.close()
})

const fields = () =>
  Array.from({ length: Math.ceil(SCRIPT_PAYLOADS.length / TOGETHER) }, (_, index) =>
    SCRIPT_PAYLOADS.slice(index * TOGETHER, (index + 1) * TOGETHER).join(' '),
  )

/** A synced and a hand-made creator with the field wherever text is kept; the addresses of their pages. */
async function addEverywhere(field: string): Promise<string[]> {
  const { db } = database
  const folder = field.replaceAll('/', '∕')
  const syncedId = await site.addCreator(folder)
  const [post] = await db
    .insert(whitelabelPosts)
    .values({ whitelabelModelId: syncedId, folderName: folder, title: field })
    .returning({ id: whitelabelPosts.id })
  await db.insert(whitelabelMedia).values(
    ['jpg', 'mp4', 'avi'].map((extension) => ({
      whitelabelPostId: post?.id ?? 0,
      s3Key: `${folder}/${folder}/${field}.${extension}`,
      url: `${encodeURIComponent(folder)}/x/${encodeURIComponent(field)}.${extension}`,
      type: extension === 'jpg' ? ('image' as const) : ('video' as const),
    })),
  )
  const [model] = await db
    .insert(models)
    .values({
      name: field,
      description: field,
      iconUrl: field,
      bannerUrl: field,
      isFeatured: true,
      isAdvertiser: true,
    })
    .returning({ id: models.id })
  const [handmade] = await db
    .insert(posts)
    .values({ modelId: model?.id ?? 0, title: field, contentUrl: field, type: 'image' })
    .returning({ id: posts.id })
  await db.insert(supportContacts).values({ platform: field, url: field })
  await db.execute(sql`
    insert into admin_settings values ('site_name', ${field.slice(0, 60)})
    on conflict (key) do update set value = excluded.value`)
  return [
    creatorAddress(folder),
    `/posts/${post?.id}`,
    creatorAddress(`x~h${model?.id}`),
    `/posts/h${handmade?.id}`,
    `/creators?q=${encodeURIComponent(field.slice(0, 100))}`,
  ]
}

test.each(Object.keys(VIEWERS))(
  'without the policy, none of 120 scripts runs on any page for a %s',
  async (viewer) => {
    const heard: string[] = []
    await visitAll(viewer, { withPolicy: false }, async (page, address) => {
      page.on('dialog', (dialog) => dialog.dismiss())
      await page.exposeFunction('heard', () => heard.push(address()))
    })
    expect(heard).toEqual([])
  },
)

test.each(Object.keys(VIEWERS))(
  'with the policy, no page for a %s makes the browser report anything',
  async (viewer) => {
    const reports: string[] = []
    await visitAll(viewer, { withPolicy: true }, async (page, address) => {
      page.on('console', (message) => {
        if (/content security policy/i.test(message.text())) reports.push(`${address()}: ${message.text()}`)
      })
    })
    expect(reports).toEqual([])
  },
)

test('the test above hears a script that does run', async () => {
  const { page, close } = await openAs('guest', { withPolicy: false })
  let heard = 0
  await page.exposeFunction('heard', () => heard++)
  await page.goto(`${server.url}/robots.txt`)
  await page.setContent(SCRIPT_PAYLOADS[2] ?? '')
  await expect.poll(() => heard).toBe(1)
  await close()
})

async function visitAll(
  viewer: string,
  options: { withPolicy: boolean },
  listen: (page: Page, address: () => string) => Promise<void>,
) {
  const { page, close } = await openAs(viewer, options)
  let current = ''
  await listen(page, () => current)
  for (const address of options.withPolicy ? addresses.slice(-PAGES_WITH_POLICY) : addresses) {
    current = address
    const response = await page.goto(server.url + address)
    expect(response?.status(), address).toBe(200)
    // What waits for the pointer or the focus gets both.
    await page.mouse.move(180, 300)
    await page.keyboard.press('Tab')
  }
  await close()
}

async function openAs(viewer: string, { withPolicy }: { withPolicy: boolean }) {
  const context = await browser.newContext({
    bypassCSP: !withPolicy,
    extraHTTPHeaders: { 'X-Viewer': viewer },
    locale: 'en-US',
  })
  const page = await context.newPage()
  return { page, close: () => context.close() }
}
