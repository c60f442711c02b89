import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from '#src/db/index.ts'
import { writeSetting } from '#src/services/settings/settings.ts'
import { runSync } from '#src/services/whitelabel/sync/run-sync.ts'
import { type RunningServer, startServer } from '#src/web/server.ts'
import { openTestSite, type TestSite } from '#test/support/app.ts'
import { openBrowser, openPage } from '#test/support/browser.ts'
import { openTestDatabase } from '#test/support/database.ts'
import { photo } from '#test/support/pictures.ts'

/** Controls that do nothing, of which there are none: every one on every page is pressed. */

const SAMPLE_LIBRARY = fileURLToPath(new URL('../../sample', import.meta.url))
const PHONE = 360
const DESKTOP = 1440
/** Where a wide screen has buttons that a phone has not. */
const ALSO_WIDE = ['home', 'a post of photos']
/** Enough for another piece of the endless list. */
const POSTS = 30

let folder: string
let database: Database
let site: TestSite
let server: RunningServer
let browser: Browser

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'controls-'))
  database = await openTestDatabase()
  await writeSetting(database.db, 'auto_publish', 'true')
  site = await openTestSite(database, { mediaRoot: SAMPLE_LIBRARY, env: { APP_STORAGE: folder } })
  await runSync(site.deps, { startedBy: 'cli' })
  const posts = Array.from({ length: POSTS }, (_, index) => `post ${index}`)
  const picture = await photo({ width: 60, height: 40 })
  const many = await openTestSite(database, { mediaRoot: folder })
  await many.addCreator('Many', Object.fromEntries(posts.map((post) => [post, { '1.jpg': picture }])))
  await many.close()
  server = await startServer(site.app, { port: 0, host: '127.0.0.1' })
  browser = await openBrowser()
})
afterAll(async () => {
  await browser.close()
  await server.close()
  await site.close()
  await database.close()
  await rm(folder, { recursive: true, force: true })
})

const PAGES: Record<string, () => Promise<string> | string> = {
  home: () => '/',
  creators: () => '/creators',
  'results of a search': () => '/creators?q=vento',
  'no results': () => '/creators?q=nobody',
  'a creator': () => '/creators/Many',
  'a post with a video': () => firstPost('/creators/Ateli%C3%AA%20da%20J%C3%BAlia'),
  'a post of photos': () => lastPost('/creators/Companhia%20Vento'),
  'what does not exist': () => '/nowhere',
  'being offline': () => '/offline',
}

test.each(Object.keys(PAGES))(
  'every button of the page does something: %s',
  async (name) => {
    const address = (await PAGES[name]?.()) ?? ''
    const known = new Set<string>()
    for (const width of ALSO_WIDE.includes(name) ? [PHONE, DESKTOP] : [PHONE]) {
      const labels = await withPage(address, width, buttonLabels)
      // A wide screen is looked at for what it has beside the buttons of a phone.
      const waiting = labels
        .map((label, index) => ({ label, index }))
        .filter(({ label }) => !known.has(label))
      for (const label of labels) known.add(label)
      expect(await idleOf(address, width, waiting), `${address} at ${width}`).toEqual([])
    }
  },
  180_000,
)

test.each(Object.keys(PAGES))('every link of the page leads somewhere: %s', async (name) => {
  const address = (await PAGES[name]?.()) ?? ''
  const links = await withPage(address, DESKTOP, (page) =>
    page.evaluate<string[]>(
      `[...new Set([...document.querySelectorAll('a')].map((link) => link.getAttribute('href')))]`,
    ),
  )
  for (const link of links) {
    expect(link).not.toBe('')
    if (link.startsWith('#')) continue
    const answer = await fetch(new URL(link, `${server.url}${address}`))
    await answer.body?.cancel()
    // The links to other languages lead to the page that is not there.
    if (!(address === '/nowhere' && link.startsWith('/nowhere'))) expect(answer.status, link).toBe(200)
  }
})

/** What nothing came of, pressed one by one on a page of its own, three side by side. */
async function idleOf(address: string, width: number, pressing: Array<{ label: string; index: number }>) {
  const waiting = pressing.values()
  const idle: string[] = []
  const pressAll = async () => {
    for (const { label, index } of waiting) {
      if (await withPage(address, width, (page) => isIdle(page, index))) idle.push(label)
    }
  }
  await Promise.all([pressAll(), pressAll(), pressAll()])
  return idle
}

async function withPage<Result>(address: string, width: number, story: (page: Page) => Promise<Result>) {
  const { page, close } = await openPage(browser, { baseURL: server.url, viewport: { width, height: 800 } })
  try {
    // No control is a picture, and a hundred pages decode many.
    await page.route('**/pictures/**', (route) => route.abort())
    await page.goto(address, { waitUntil: 'networkidle' })
    return await story(page)
  } finally {
    await close()
  }
}

/** The dot of the highlight that is there leads to where one is. */
const buttons = (page: Page) => page.locator('button:visible:enabled:not([aria-current])')
const buttonLabels = (page: Page) =>
  buttons(page).evaluateAll((found) => found.map((one) => one.getAttribute('aria-label') ?? one.textContent))

/** Presses that button. @returns whether nothing at all came of it. */
async function isIdle(page: Page, index: number): Promise<boolean> {
  const button = buttons(page).nth(index)
  if ((await button.count()) === 0) return false
  const before = await state(page)
  let hasNavigated = false
  page.on('framenavigated', () => {
    hasNavigated = true
  })
  page.on('request', (request) => {
    if (request.isNavigationRequest()) hasNavigated = true
  })
  await button.click()
  for (let tries = 0; tries < 30; tries++) {
    await page.waitForTimeout(50)
    if (hasNavigated || (await state(page)) !== before) return false
  }
  return true
}

/** All that can be seen to change. */
const state = (page: Page) =>
  page.evaluate<string>(`JSON.stringify([
    document.documentElement.outerHTML,
    document.activeElement?.id ?? '',
    [...document.querySelectorAll('*')].map(({ scrollLeft, scrollTop }) => [scrollLeft, scrollTop]).flat().join(),
    [...document.querySelectorAll('video')].map(({ paused, muted }) => [paused, muted]),
    [...document.querySelectorAll('[popover]')].map((popover) => popover.matches(':popover-open')),
    document.fullscreenElement !== null,
    document.pictureInPictureElement !== null,
  ])`)

const firstPost = async (creator: string) => (await postsOf(creator)).at(0) ?? ''
const lastPost = async (creator: string) => (await postsOf(creator)).at(-1) ?? ''

async function postsOf(creator: string) {
  const page = await (await site.page(creator)).text()
  return [...page.matchAll(/href="(\/posts\/\d+)"/g)].map(([, address]) => address)
}
