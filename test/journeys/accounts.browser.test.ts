import { sql } from 'drizzle-orm'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Database } from '#src/db/index.ts'
import { sendMail } from '#src/services/mail/send-mail.ts'
import { type RunningServer, startServer } from '#src/web/server.ts'
import { openTestSite, type TestSite } from '#test/support/app.ts'
import { openBrowser } from '#test/support/browser.ts'
import { openTestDatabase } from '#test/support/database.ts'
import { looksRight } from '#test/support/looks.ts'
import { isFocused } from '#test/support/page-measures.ts'
import { PASSWORD, registered, visitorOf, waitingMails } from '#test/support/visitor.ts'
import { type Visit, visitsTo } from '#test/support/visits.ts'

const WIDTHS = { phone: 360, tablet: 768 }

let database: Database
let site: TestSite
let server: RunningServer
let browser: Browser
let visit: Visit

beforeAll(async () => {
  database = await openTestDatabase()
  site = await openTestSite(database)
  server = await startServer(site.app, { port: 0, host: '127.0.0.1' })
  browser = await openBrowser()
  visit = visitsTo(browser, server)
})
beforeEach(() => database.db.execute(sql`truncate users, rate_limits, account_tokens, sessions cascade`))
afterAll(async () => {
  await browser.close()
  await server.close()
  await site.close()
  await database.close()
})

async function deliver() {
  for (const job of await waitingMails(site)) await sendMail(site.deps, job, new Date())
}

async function openMail(page: Page) {
  await deliver()
  await page.getByRole('link', { name: 'Open the outbox of this trial site' }).click()
  await page.locator('main ul a').first().click()
  await page.locator('main article a[href^="/account/link/"]').click()
}

async function signIn(page: Page, email = 'ana@example.com') {
  await page.goto('/sign-in')
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

describe.each([true, false])('with scripts: %s', (javaScriptEnabled) => {
  test('a visitor makes an account, signs out and in again, and erases it', async () => {
    await visit('/', { javaScriptEnabled, viewport: { width: 360, height: 740 } }, async (page) => {
      await page.getByRole('link', { name: 'Sign in' }).click()
      await page.getByRole('link', { name: 'Create an account' }).click()
      await page.getByLabel('E-mail').fill('ana@example.com')
      await page.getByRole('button', { name: 'Send me the link' }).click()
      await openMail(page)

      await page.getByLabel('Name').fill('Ana Souza')
      await page.getByLabel('New password').fill(PASSWORD)
      await page.getByRole('button', { name: 'Save and sign in' }).click()
      expect(await page.getByRole('main').textContent()).toContain('Ana Souza')

      await page.getByRole('button', { name: 'Sign out' }).click()
      await page.getByRole('link', { name: 'Sign in' }).click()
      await page.getByLabel('E-mail').fill('ana@example.com')
      await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
      await page.keyboard.press('Enter')
      await page.getByRole('link', { name: 'Your data' }).click()
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('link', { name: 'Download my data' }).click(),
      ])
      expect(download.suggestedFilename()).toBe('my-data.json')
      await page.getByLabel('Current password').fill(PASSWORD)
      await page.getByRole('button', { name: 'Erase my account for good' }).click()
      await page.getByText('Your account is erased.').waitFor()
    })
  })
})

test('who comes from a page is back on it after signing in', async () => {
  await registered(site, 'ana@example.com')
  await visit('/creators?order=name', {}, async (page) => {
    await page.getByRole('link', { name: 'Sign in' }).click()
    await page.getByLabel('E-mail').fill('ana@example.com')
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
    await page.keyboard.press('Enter')
    await page.waitForURL('**/creators?order=name')
    await page.getByRole('link', { name: 'Account' }).waitFor()
  })
})

test('a page of an account is not shown again by the back button after signing out', async () => {
  await registered(site, 'ana@example.com')
  await visit('/sign-in', {}, async (page) => {
    await signIn(page)
    await page.getByText('ana@example.com').waitFor()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.waitForURL('**/')
    await page.goBack()
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  })
})

const OPEN_PAGES = ['/sign-in', '/register', '/reset', '/account/link/x', '/outbox']
const OWN_PAGES = ['/account', '/account/details', '/account/security', '/account/data']

const LOOKS = [
  { device: 'phone', colorScheme: 'dark' },
  { device: 'tablet', colorScheme: 'light' },
] as const

test.each(LOOKS)(
  'every page can be read and used on a $device, $colorScheme',
  async ({ device, colorScheme }) => {
    await registered(site, 'ana.maria.de.albuquerque.cavalcanti@a-rather-long-name.example.com')
    const options = { colorScheme, viewport: { width: WIDTHS[device], height: 800 }, locale: 'pt-BR' }
    const context = await browser.newContext({ ...options, baseURL: server.url })
    const page = await context.newPage()
    const visitor = visitorOf(site)
    await visitor.post('/register', { email: 'bia@example.com' })
    await deliver()
    for (const address of OPEN_PAGES) {
      await page.goto(address)
      await looksRight(page)
    }
    await page.locator('main ul a').first().click()
    await looksRight(page, 'a mail')
    await page.locator('main article a[href^="/account/link/"]').click()
    await looksRight(page, 'a link')
    await page.goto('/sign-in')
    await page.getByRole('button', { name: 'Entrar' }).click()
    expect(await isFocused(page.getByLabel('E-mail'))).toBe(true)
    await looksRight(page, '/sign-in with mistakes')

    await page.getByLabel('E-mail').fill('ana.maria.de.albuquerque.cavalcanti@a-rather-long-name.example.com')
    await page.getByLabel('Senha', { exact: true }).fill(PASSWORD)
    await page.getByRole('button', { name: 'Entrar' }).click()
    for (const address of OWN_PAGES) {
      await page.goto(address)
      await looksRight(page)
    }
    await context.close()
  },
)
