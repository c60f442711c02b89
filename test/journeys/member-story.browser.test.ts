import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type RunningSite, removeFolder, run, start, workFolder } from '#src/cli/drill/creatorflix.ts'
import { openBrowser, openPage } from '#test/support/browser.ts'
import { freePort } from '#test/support/free-port.ts'

/** A buyer's whole life on the program as an owner starts it, with its own sandbox, on a phone. */

const SAMPLE_LIBRARY = fileURLToPath(new URL('../../sample', import.meta.url))
const PHONE = { width: 360, height: 740 }
const EMAIL = 'maria@example.com'
const PASSWORD = 'sol da meia-noite 7'

const words = {
  name: 'Nome completo',
  document: 'CPF ou CNPJ',
  password: 'Senha',
  thanks: /Obrigado/,
  month: 'Mês',
}

let folder: string
let variables: Record<string, string>
let site: RunningSite
let browser: Browser

beforeAll(async () => {
  folder = await workFolder()
  const port = String(await freePort())
  variables = { PORT: port, MEDIA_DIR: SAMPLE_LIBRARY }
  site = await start(folder, variables)
  await site.process.says(/"msg":"sync"/)
  await run(folder, ['creators', 'publish', '--all'], variables)
  browser = await openBrowser()
})
afterAll(async () => {
  await browser.close()
  await site.process.stop()
  await removeFolder(folder)
})

const device = (locale = 'pt-BR') => openPage(browser, { baseURL: site.address, viewport: PHONE, locale })

/** The original of a picture, which members alone get a link to. */
async function mayWatch(page: Page): Promise<boolean> {
  await page.goto('/creators')
  await page.locator('main a[href^="/creators/"]').first().click()
  await page.locator('a[href^="/posts/"]').first().click()
  await page.waitForURL(/\/posts\//)
  return (await page.content()).includes('/media/')
}

async function orderPlan(page: Page, plan: string) {
  await page.goto('/plans')
  await page
    .locator('li, article, section')
    .filter({ has: page.getByRole('heading', { name: plan, exact: true }) })
    .locator('a[href^="/checkout"]')
    .last()
    .click()
  await page.waitForURL(/\/checkout\?plan=/)
}

async function payByPix(page: Page) {
  await page.locator('form.checkout button[type="submit"]').click()
  await page.waitForURL(/\/checkout\/[0-9a-f-]{36}$/)
  const bank = await page.context().newPage()
  await bank.goto((await page.locator('a[href*="/sandbox/"]').first().getAttribute('href')) ?? '')
  await bank.locator('form button').first().click()
  await bank.close()
  await page.getByRole('heading', { name: words.thanks }).waitFor()
}

test('a guest pays with PIX and watches; by the mailed link on another device, renews, cancels, and gives back', async () => {
  const phone = await device()
  expect(await mayWatch(phone.page)).toBe(false)

  await orderPlan(phone.page, words.month)
  await phone.page.getByLabel(words.name).fill('Maria da Silva')
  await phone.page.getByLabel('E-mail').fill(EMAIL)
  await phone.page.getByLabel(words.document).fill('52998224725')
  await payByPix(phone.page)
  expect(await mayWatch(phone.page)).toBe(true)

  // Whoever knows the e-mail alone gets nothing.
  const other = await device()
  expect(await mayWatch(other.page)).toBe(false)

  await other.page.goto(await mailedLink(phone.page))
  await other.page.getByLabel(words.password).first().fill(PASSWORD)
  await other.page.locator('main form button[type="submit"]').first().click()
  await other.page.waitForURL(/\/account/)
  expect(await mayWatch(other.page)).toBe(true)

  const first = await accessEnd(other.page)
  await orderPlan(other.page, words.month)
  await other.page.getByLabel(words.name).fill('Maria da Silva')
  await other.page.getByLabel(words.document).fill('52998224725')
  await payByPix(other.page)
  const renewed = await accessEnd(other.page)
  expect((renewed.getTime() - first.getTime()) / 86_400_000).toBeCloseTo(30, 0)

  await other.page.goto('/account')
  await other.page.locator('form[action$="/subscription/cancel"] button').click()
  await other.page.locator('form[action$="/subscription/resume"] button').waitFor()
  expect(await mayWatch(other.page)).toBe(true)

  for (let left = 2; left > 0; left--) {
    await other.page.goto('/account')
    await other.page.locator('main a[href$="/withdraw"]').first().click()
    await other.page.locator('form[action$="/withdraw"] button').click()
    await other.page.waitForURL(/done=withdrawn/)
  }
  expect(await mayWatch(other.page)).toBe(false)
  expect(await mayWatch(phone.page)).toBe(false)
  await phone.close()
  await other.close()
}, 120_000)

test('a guest pays by card in English and watches; when the owner gives the money back, no longer', async () => {
  const { page, close } = await device('en-US')
  await orderPlan(page, 'Semana')
  await page.getByLabel('Full name').fill('John Doe')
  await page.getByLabel('E-mail').fill('john@example.com')
  await page.locator('input[name="method"][value="credit_card"]').check({ force: true })
  await page.locator('form.checkout button[type="submit"]').click()
  await page.waitForURL(/\/sandbox\/pay\//)
  await page.locator('form button').first().click()
  await page.getByRole('heading', { name: /Thank you/ }).waitFor()
  expect(await mayWatch(page)).toBe(true)

  const { stdout } = await run(folder, ['members', 'show', 'john@example.com', '--json'], variables)
  const [payment] = JSON.parse(stdout).payments
  const refund = await run(folder, ['members', 'refund', String(payment.id)], variables)
  expect(refund.code).toBe(0)
  expect(await mayWatch(page)).toBe(false)
  await close()
}, 120_000)

/** In the outbox of a site without SMTP: the receipt's. */
const mailedLink = (page: Page): Promise<string> =>
  vi.waitFor(async () => {
    await page.goto('/outbox')
    await page.locator('main a').filter({ hasText: EMAIL }).first().click({ timeout: 500 })
    await page.waitForLoadState()
    const [link] = /\/account\/link\/[\w-]{43}/.exec(await page.content()) ?? []
    if (link === undefined) throw new Error('The mail has no link.')
    return link
  }, 20_000)

async function accessEnd(page: Page): Promise<Date> {
  await page.goto('/account')
  const written = await page.locator('main time').first().getAttribute('datetime')
  return new Date(written ?? '')
}
