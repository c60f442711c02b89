import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openBrowser, openPage } from '#test/support/browser.ts'
import { isAccessible } from '#test/support/looks.ts'
import { anOrder, openTestSandbox, type TestSandbox } from '#test/support/sandbox.ts'

const WIDTHS = [360, 1440]

let sandbox: TestSandbox
let browser: Browser
beforeAll(async () => {
  sandbox = await openTestSandbox()
  browser = await openBrowser()
})
afterAll(async () => {
  await browser.close()
  await sandbox.close()
})

const order = (method: 'pix' | 'credit_card') =>
  sandbox.gateway.createCharge(anOrder(method, { returnUrl: `${sandbox.url}/bank` }))

const PAGES: Record<string, () => Promise<string>> = {
  'the page for cards': async () => `/pay/${(await order('credit_card')).externalId}`,
  'a card that was declined': async () => {
    const { externalId } = await order('credit_card')
    await sandbox.happen(externalId, 'decline')
    return `/pay/${externalId}`
  },
  'the bank': async () => '/bank',
  'the bank with a code that is none': async () => '/bank?code=0002010102',
  'a PIX charge': async () => `/charges/${(await order('pix')).externalId}`,
  'a PIX charge that has expired': async () => {
    const { externalId } = await order('pix')
    await sandbox.happen(externalId, 'expire')
    return `/charges/${externalId}`
  },
  'a PIX charge that was paid': async () => {
    const { externalId } = await order('pix')
    await sandbox.happen(externalId, 'pay')
    return `/charges/${externalId}`
  },
  'a charge that is not there': async () => '/pay/nothing',
}

test.each(Object.keys(PAGES))('%s fits every screen, in both languages and colours', async (name) => {
  const address = `${sandbox.url}${await PAGES[name]?.()}`
  const visitors = [
    { colorScheme: 'light', locale: 'pt-BR' },
    { colorScheme: 'dark', locale: 'en-US' },
  ] as const
  for (const visitor of visitors) {
    const { page, complaints, close } = await openPage(browser, visitor)
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 800 })
      await page.goto(address)
      for (const summary of await page.locator('summary').all()) await summary.click()
      const isWide = await page.evaluate('document.documentElement.scrollWidth > innerWidth')
      expect([name, width, isWide]).toEqual([name, width, false])
    }
    await isAccessible(page, name)
    // The one that is missing is said to be so.
    expect(complaints.filter((one) => !/status of (404|422)/.test(one))).toEqual([])
    await close()
  }
})

test('a card is paid by one press, with the keyboard too', async () => {
  const { externalId } = await order('credit_card')
  const { page, close } = await openPage(browser)
  await page.goto(`${sandbox.url}/pay/${externalId}`)
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/bank$/)
  expect((await sandbox.gateway.fetchCharge(externalId))?.status).toBe('paid')
  await close()
})

test('a PIX code is pasted into the bank and paid', async () => {
  const { externalId, pixCode } = await order('pix')
  const { page, close } = await openPage(browser)
  await page.goto(`${sandbox.url}/bank`)
  await page.getByLabel('PIX code').fill(pixCode ?? '')
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByRole('button', { name: 'Pay R$29.90' }).click()
  await page.getByText('Paid', { exact: true }).waitFor()
  expect((await sandbox.gateway.fetchCharge(externalId))?.status).toBe('paid')
  await close()
})
