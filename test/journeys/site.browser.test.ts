import { fileURLToPath } from 'node:url'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { Database } from '#src/db/index.ts'
import { writeSetting } from '#src/services/settings/settings.ts'
import { runSync } from '#src/services/whitelabel/sync/run-sync.ts'
import { onePostSchema } from '#src/web/routes/api/schemas.ts'
import { type RunningServer, startServer } from '#src/web/server.ts'
import { openTestSite, type TestSite } from '#test/support/app.ts'
import { openBrowser } from '#test/support/browser.ts'
import { openTestDatabase } from '#test/support/database.ts'
import { looksRight } from '#test/support/looks.ts'
import { hasFrames, isFocused, missingPictures, plays, seek } from '#test/support/page-measures.ts'
import { type Visit, visitsTo } from '#test/support/visits.ts'

const SAMPLE_LIBRARY = fileURLToPath(new URL('../../sample', import.meta.url))
const WIDTHS = { phone: 360, tablet: 768, desktop: 1440 }

/** A creator of the sample with a post of videos, and one with a post that no browser plays. */
const DANCERS = '/creators/Companhia%20Vento'
const FILM_SCHOOL = '/creators/Escola%20Luz%20de%20Cinema'

let database: Database
let site: TestSite
let server: RunningServer
let browser: Browser
let visit: Visit

beforeAll(async () => {
  database = await openTestDatabase()
  await writeSetting(database.db, 'auto_publish', 'true')
  site = await openTestSite(database, { mediaRoot: SAMPLE_LIBRARY })
  await runSync(site.deps, { startedBy: 'cli' })
  server = await startServer(site.app, { port: 0, host: '127.0.0.1' })
  browser = await openBrowser()
  visit = visitsTo(browser, server)
})
afterAll(async () => {
  await browser.close()
  await server.close()
  await site.close()
  await database.close()
})

test('a visitor finds a creator, opens a post, plays its video and jumps within it', async () => {
  await visit('/', {}, async (page) => {
    await page.getByRole('link', { name: 'Browse creators' }).click()
    await page.getByRole('link', { name: /Companhia Vento/ }).click()
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Companhia Vento')

    await page.getByRole('link', { name: /Três danças/ }).click()
    const video = page.locator('video').first()
    expect(await plays(video)).toBe(true)
    expect(await seek(video, 3)).toBeCloseTo(3, 0)
  })
})

test('every picture of a post arrives, and opens in full', async () => {
  await visit(`${FILM_SCHOOL}`, {}, async (page) => {
    await page.getByRole('link', { name: /Planos gerais/ }).click()
    expect(await missingPictures(page)).toEqual([])
    await page.getByRole('link', { name: 'Open photo 1 of 3' }).click()
    await page.getByRole('dialog').waitFor()
    expect(await missingPictures(page)).toEqual([])
  })
})

test('a video that no browser plays is offered for download', async () => {
  await visit(FILM_SCHOOL, {}, async (page) => {
    await page.getByRole('link', { name: /super 8/i }).click()
    await page.getByText('Browsers cannot play AVI files').waitFor()
    const download = page.waitForEvent('download')
    await page.getByRole('link', { name: /Download video/ }).click()
    expect((await download).suggestedFilename()).toBe('rolo 14.avi')
  })
})

test('a video opened by itself is shown by the browser as well', async () => {
  const answer = await site.app.request(`/api/v1${await firstPost(DANCERS)}`)
  const { data } = onePostSchema.parse(await answer.json())
  await visit('/', {}, async (page) => {
    await page.goto(data.videos[0] ?? '', { waitUntil: 'commit' })
    await vi.waitFor(async () => expect(await hasFrames(page.locator('video'))).toBe(true), 20_000)
  })
})

test('a search finds creators, and says so when there are none', async () => {
  await visit('/', {}, async (page) => {
    await page.getByLabel('Search creators and posts').fill('vento')
    await page.keyboard.press('Enter')
    await page.waitForURL('**/creators?q=vento')
    await page.getByRole('link', { name: /Companhia Vento/ }).waitFor()
    await page.getByLabel('Search creators and posts').fill('nobody by this name')
    await page.getByRole('button', { name: 'Search' }).click()
    await page.getByText('Nothing found for “nobody by this name”').waitFor()
  })
})

test('a typo finds what was meant, and the page says so', async () => {
  await visit('/creators?q=vemto', {}, async (page) => {
    await page.getByRole('heading', { level: 1, name: 'Results for “vento”' }).waitFor()
    await page.getByText('Nothing was found for “vemto”').waitFor()
    await page.getByRole('link', { name: /Companhia Vento/ }).waitFor()
  })
})

test('the language chosen stays chosen', async () => {
  await visit(DANCERS, {}, async (page) => {
    await page.getByRole('link', { name: 'Português' }).click()
    expect(await page.locator('html').getAttribute('lang')).toBe('pt-BR')
    await page.getByRole('link', { name: 'Criadores' }).click()
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Criadores')
    expect(page.url()).not.toContain('lang=')
  })
})

test('all of it works without JavaScript', async () => {
  await visit(
    '/',
    { javaScriptEnabled: false, viewport: { width: WIDTHS.phone, height: 740 } },
    async (page) => {
      await page.getByRole('link', { name: /Search creators/ }).click()
      expect(await page.locator('button:visible').count()).toBe(1)
      await page.getByRole('searchbox').fill('vento')
      await page.getByRole('button', { name: 'Search' }).click()
      await page.getByRole('link', { name: /Companhia Vento/ }).click()
      await page.getByRole('link', { name: /Três danças/ }).click()
      expect(await page.locator('video').count()).toBeGreaterThan(0)
    },
  )
})

test('the keyboard alone reaches everything, beginning with the way to the content', async () => {
  await visit('/', {}, async (page) => {
    await page.keyboard.press('Tab')
    const skip = page.getByRole('link', { name: 'Skip to content' })
    expect(await isFocused(skip)).toBe(true)
    expect((await skip.boundingBox())?.y).toBeGreaterThanOrEqual(0)
    await page.keyboard.press('Enter')
    await page.keyboard.press('Tab')
    expect(await isFocused(page.getByRole('link', { name: 'Browse creators' }))).toBe(true)

    await page.keyboard.press('Enter')
    await page.waitForURL('**/creators')
    for (let steps = 0; steps < 30; steps++) {
      await page.keyboard.press('Tab')
      if (await isFocused(page.getByRole('link', { name: /Companhia Vento/ }))) break
    }
    await page.keyboard.press('Enter')
    await page.waitForURL('**/Companhia%20Vento')
  })
})

/** Every width, both schemes, both languages. */
const LOOKS = [
  { device: 'phone', colorScheme: 'dark', locale: 'pt-BR' },
  { device: 'tablet', colorScheme: 'light', locale: 'en-US' },
  { device: 'desktop', colorScheme: 'dark', locale: 'en-US' },
] as const

test.each(LOOKS)(
  'every page fits, can be touched, keeps still and is accessible on a $device, $colorScheme and in $locale',
  async ({ device, ...look }) => {
    const options = { ...look, viewport: { width: WIDTHS[device], height: 800 } }
    await visit('/', options, async (page) => {
      for (const address of await addresses()) {
        await page.goto(address, { waitUntil: 'networkidle' })
        await looksRight(page)
      }
    })
    await visit('/nowhere', options, looksRight)
  },
  120_000,
)

test('who may not watch is invited, and every such page fits, is accessible and keeps still', async () => {
  await writeSetting(database.db, 'access', 'members')
  for (const width of [WIDTHS.phone, WIDTHS.desktop]) {
    for (const address of ['/', DANCERS, await firstPost(DANCERS)]) {
      await visit(address, { viewport: { width, height: 800 } }, async (page) => {
        if (address.startsWith('/posts')) await page.getByText('This post is for members').waitFor()
        expect(await missingPictures(page)).toEqual([])
        await looksRight(page)
      })
    }
  }
  await writeSetting(database.db, 'access', 'open')
})

/** One page of each kind that is there. */
async function addresses() {
  const posts = [await firstPost(DANCERS), await lastPost(DANCERS), await lastPost(FILM_SCHOOL)]
  const special = [
    '/offline',
    '/creators?q=vento',
    '/creators?q=nobody',
    '/creators?order=name&has=videos',
    '/creators?page=99',
  ]
  return ['/', '/creators', DANCERS, ...posts, ...special]
}

const firstPost = async (creator: string) => (await postsOf(creator)).at(0) ?? ''
const lastPost = async (creator: string) => (await postsOf(creator)).at(-1) ?? ''

async function postsOf(creator: string) {
  const page = await (await site.page(creator)).text()
  return [...page.matchAll(/href="(\/posts\/\d+)"/g)].map(([, address]) => address)
}
