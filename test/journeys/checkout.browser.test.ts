import { eq } from 'drizzle-orm'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { payments } from '#src/db/billing-tables.ts'
import type { Database } from '#src/db/index.ts'
import { startWorkers, type Workers } from '#src/jobs/workers.ts'
import { jobHandlers, scheduleHandlers } from '#src/services/billing/billing-jobs.ts'
import { writeSetting } from '#src/services/settings/settings.ts'
import { type RunningServer, startServer } from '#src/web/server.ts'
import { openBrowser, openPage } from '#test/support/browser.ts'
import { openTestDatabase } from '#test/support/database.ts'
import { freePort } from '#test/support/free-port.ts'
import { looksRight } from '#test/support/looks.ts'
import { isFocused } from '#test/support/page-measures.ts'
import { photo } from '#test/support/pictures.ts'
import { openSellingSite, type SellingSite } from '#test/support/selling.ts'

const WIDTHS = { phone: 360, desktop: 1440 }
/** What "under a minute" leaves after a person has typed. */
const PATIENCE_MS = 10_000

let database: Database
let site: SellingSite
let server: RunningServer
let workers: Workers
let browser: Browser

beforeAll(async () => {
  database = await openTestDatabase()
  // Where the gateway tells what became of a charge has to be known beforehand.
  const port = await freePort()
  const env = { PORT: String(port), BASE_URL: `http://localhost:${port}` }
  site = await openSellingSite(database, { env })
  await site.addCreator('Lagoa', { praia: { '1.jpg': await photo({ width: 600, height: 400 }) } })
  await writeSetting(database.db, 'bump_name', 'Wallpapers')
  await writeSetting(database.db, 'bump_price', '9.90')
  await writeSetting(database.db, 'bump', 'true')
  server = await startServer(site.app, { port, host: '127.0.0.1' })
  workers = await startWorkers(site.deps, jobHandlers(site.deps), scheduleHandlers(site.deps))
  browser = await openBrowser()
})
afterAll(async () => {
  await browser.close()
  await workers.stop()
  await server.close()
  await site.close()
  await database.close()
})

/** A form that is refused is no fault of the page; anything else that the browser complains of is. */
const REFUSED = /status of 422/

async function visit(
  address: string,
  options: BrowserContextOptions,
  story: (page: Page) => Promise<unknown>,
) {
  const { page, complaints, close } = await openPage(browser, { baseURL: server.url, ...options })
  try {
    await page.goto(address)
    await story(page)
    expect(complaints.filter((complaint) => !REFUSED.test(complaint))).toEqual([])
  } finally {
    await close()
  }
}

/** What helps in the form is fetched after the page. */
const atCheckout = (options: BrowserContextOptions, story: (page: Page) => Promise<unknown>) =>
  visit(`/checkout?plan=${site.plans.month}`, options, async (page) => {
    await page.waitForLoadState('networkidle')
    await story(page)
  })

const payButton = (page: Page) => page.locator('form.checkout button[type="submit"]')
const documentField = (page: Page) => page.getByLabel('CPF or CNPJ')

async function fillIn(page: Page) {
  await page.getByLabel('Full name').fill('Maria da Silva')
  await page.getByLabel('E-mail').fill('maria@example.com')
  await documentField(page).fill('52998224725')
}

const publicIdOf = (page: Page) => /\/checkout\/([0-9a-f-]{36})/.exec(page.url())?.[1] ?? ''

/** On the page of an order that waits for its PIX. */
const atPix = (options: BrowserContextOptions, story: (page: Page) => Promise<unknown>) =>
  atCheckout(options, async (page) => {
    await fillIn(page)
    await payButton(page).click()
    await page.waitForURL(/\/checkout\/[0-9a-f-]{36}$/)
    await story(page)
  })

test('a visitor picks a plan, pays with PIX and watches, and nobody had to reload the page', async () => {
  await visit('/', {}, async (page) => {
    await page.goto('/posts/1')
    await page.getByRole('link', { name: 'See plans' }).click()
    await page.getByRole('link', { name: 'Choose this plan: Month' }).click()
    await fillIn(page)
    await payButton(page).click()
    await page.getByRole('heading', { name: 'Pay R$29.90 with PIX' }).waitFor()

    await site.happen(publicIdOf(page), 'pay')
    const thanks = page.getByRole('heading', { name: 'Thank you, it is paid' })
    await thanks.waitFor({ timeout: PATIENCE_MS })
    expect(await isFocused(thanks)).toBe(true)
    expect(await page.title()).toContain('Thank you')
    await page.getByRole('link', { name: 'Start watching' }).click()
    await page.goto('/posts/1')
    expect(await page.getByText('This post is for members').count()).toBe(0)
  })
})

test('a visitor pays by card on the page of the payment company, and comes back to thanks', async () => {
  await atCheckout({}, async (page) => {
    await page.getByRole('radio', { name: 'Card' }).check()
    expect(await documentField(page).isVisible()).toBe(false)
    await page.getByLabel('Full name').fill('Maria da Silva')
    await page.getByLabel('E-mail').fill('maria@example.com')
    await payButton(page).click()
    await page.waitForURL(/\/sandbox\/pay\//)
    await page.getByRole('button', { name: /Pay/ }).first().click()
    await page.getByRole('heading', { name: 'Thank you, it is paid' }).waitFor({ timeout: PATIENCE_MS })
  })
})

test('the page of the payment company may be anywhere, though our forms may only lead to us', async () => {
  await atCheckout({}, async (page) => {
    const elsewhere = `http://127.0.0.1:${server.port}/plans`
    await page.route('**/checkout?plan=*', async (route) => {
      const answer = await route.fetch({ maxRedirects: 0 })
      await database.db.update(payments).set({ payUrl: elsewhere }).where(eq(payments.method, 'credit_card'))
      await route.fulfill({ response: answer })
    })
    await page.getByRole('radio', { name: 'Card' }).check()
    await page.getByLabel('Full name').fill('Maria da Silva')
    await page.getByLabel('E-mail').fill('maria@example.com')
    await payButton(page).click()
    await page.waitForURL(elsewhere)
  })
})

test('all of it works without JavaScript: totals, mistakes, the code, and the news of the payment', async () => {
  const phone = { javaScriptEnabled: false, viewport: { width: WIDTHS.phone, height: 740 } }
  await atCheckout(phone, async (page) => {
    expect(await payButton(page).innerText()).toBe('Pay R$29.90 with PIX')
    await page.getByRole('checkbox', { name: /Wallpapers/ }).check()
    expect(await payButton(page).innerText()).toBe('Pay R$39.80 with PIX')
    await page.getByRole('radio', { name: 'Card' }).check()
    expect(await payButton(page).innerText()).toBe('Continue to the card: R$39.80')
    await page.getByRole('radio', { name: 'PIX' }).check()

    await fillIn(page)
    await documentField(page).fill('111.111.111-11')
    await payButton(page).click()
    await page.getByText('This CPF does not exist.').waitFor()
    expect(await page.getByLabel('Full name').inputValue()).toBe('Maria da Silva')
    await documentField(page).fill('529.982.247-25')
    await payButton(page).click()
    await page.getByRole('heading', { name: 'Pay R$39.80 with PIX' }).waitFor()
    expect(await page.getByLabel('PIX code').inputValue()).toContain('br.gov.bcb.pix')
    expect(await page.getByRole('button', { name: 'Copy the PIX code' }).count()).toBe(0)

    await site.happen(publicIdOf(page), 'pay')
    // The page reloads every ten seconds.
    await page.getByRole('heading', { name: 'Thank you, it is paid' }).waitFor({ timeout: 15_000 })
  })
})

/** What is typed as a document, and what is seen then. */
const SHOWN = {
  '52998224725': '529.982.247-25',
  '54550752000155': '54.550.752/0001-55',
  '12abc34501de35': '12.ABC.345/01DE-35',
  '529.982': '529.982',
  '1234567890123456': '1234567890123456',
}

describe('the fields', () => {
  test('put the dots and dashes in', async () => {
    await atCheckout({}, async (page) => {
      for (const [typed, shown] of Object.entries(SHOWN)) {
        await documentField(page).fill('')
        await documentField(page).pressSequentially(typed)
        expect(await documentField(page).inputValue()).toBe(shown)
      }
    })
  })

  test('keep the caret where one corrects', async () => {
    await atCheckout({}, async (page) => {
      const field = documentField(page)
      await field.pressSequentially('52998224725')
      await field.press('Home')
      for (let steps = 0; steps < 5; steps++) await field.press('ArrowRight')
      await field.press('Backspace')
      await field.press('8')
      expect(await field.inputValue()).toBe('529.882.247-25')
      expect(await field.evaluate((input: { selectionStart: number }) => input.selectionStart)).toBe(5)
    })
  })

  test('say what is wrong as soon as they are left, and are quiet while it is put right', async () => {
    await atCheckout({}, async (page) => {
      await documentField(page).fill('529.982.247-26')
      await page.getByLabel('E-mail').fill('maria@')
      await page.getByLabel('Full name').focus()
      await page.getByText('This CPF does not exist.').waitFor()
      await page.getByText('This is no e-mail address.').waitFor()
      expect(await documentField(page).getAttribute('aria-invalid')).toBe('true')
      expect(await documentField(page).getAttribute('aria-describedby')).toBe('document-error document-hint')

      await documentField(page).fill('529.982.247-25')
      expect(await page.getByText('This CPF does not exist.').count()).toBe(0)
      expect(await documentField(page).getAttribute('aria-describedby')).toBe('document-hint')
    })
  })

  test('ask whether an e-mail was meant as written, and put it right when told so', async () => {
    await atCheckout({}, async (page) => {
      const field = page.getByLabel('E-mail')
      await field.fill('maria@gmial.com')
      await field.press('Tab')
      await page.getByRole('button', { name: 'Did you mean maria@gmail.com?' }).click()
      expect(await field.inputValue()).toBe('maria@gmail.com')
      expect(await page.getByRole('button', { name: /Did you mean/ }).count()).toBe(0)
    })
  })

  test('with mistakes are not sent, so that the back button shows the form again', async () => {
    await atCheckout({}, async (page) => {
      const sent: string[] = []
      page.on('request', (request) => {
        if (request.method() === 'POST') sent.push(request.url())
      })
      await fillIn(page)
      await documentField(page).fill('11111111111')
      await payButton(page).click()
      await page.getByText('This CPF does not exist.').waitFor()
      expect(await isFocused(documentField(page))).toBe(true)
      expect(sent).toEqual([])

      await documentField(page).fill('52998224725')
      await payButton(page).click()
      await page.waitForURL(/\/checkout\/[0-9a-f-]{36}$/)
      await page.goBack()
      expect(await payButton(page).innerText()).toContain('Pay R$29.90')
    })
  })

  test('have the focus where the first mistake is', async () => {
    await atCheckout({}, async (page) => {
      await fillIn(page)
      await page.getByLabel('E-mail').fill('')
      await payButton(page).click()
      await page.getByText('Please fill this in.').waitFor()
      expect(await isFocused(page.getByLabel('E-mail'))).toBe(true)
      expect(await documentField(page).inputValue()).toBe('529.982.247-25')
    })
  })
})

test('a double click orders once', async () => {
  await atCheckout({}, async (page) => {
    await fillIn(page)
    const sent: string[] = []
    page.on('request', (request) => {
      if (request.method() === 'POST') sent.push(request.url())
    })
    await payButton(page).dblclick()
    await page.waitForURL(/\/checkout\/[0-9a-f-]{36}$/)
    expect(sent).toHaveLength(1)
    await page.goBack()
    expect(await payButton(page).innerText()).toContain('Pay R$29.90')
  })
})

describe('the PIX code', () => {
  test('is copied with a click, and the page says so', async () => {
    await atPix({ permissions: ['clipboard-read', 'clipboard-write'] }, async (page) => {
      await page.getByRole('button', { name: 'Copy the PIX code' }).click()
      await page.getByText('Copied. Paste it in the app of your bank.').waitFor()
      const copied = await page.evaluate('navigator.clipboard.readText()')
      expect(copied).toBe(await page.getByLabel('PIX code').inputValue())
    })
  })

  test('is copied by the keyboard, and where there is no clipboard it is selected', async () => {
    await atPix({}, async (page) => {
      await page.evaluate(`
        Object.defineProperty(navigator, 'clipboard', { value: undefined })
        document.execCommand = () => false
      `)
      await page.getByRole('button', { name: 'Copy the PIX code' }).focus()
      await page.keyboard.press('Enter')
      await page.getByText('The code is selected').waitFor()
      const code = await page.getByLabel('PIX code').inputValue()
      expect(await page.evaluate('document.activeElement.selectionEnd')).toBe(code.length)
    })
  })

  test('tells how long it is good for, second by second', async () => {
    await atPix({}, async (page) => {
      const time = page.locator('[data-countdown]')
      await vi.waitFor(async () => expect(await time.textContent()).toMatch(/^(29:5\d|30:00)$/), 3_000)
      const before = await time.textContent()
      await vi.waitFor(async () => expect(await time.textContent()).not.toBe(before), 3_000)
    })
  })

  test('is not scanned by who holds it: on a phone the code to copy comes first', async () => {
    await atPix({ viewport: { width: WIDTHS.phone, height: 740 } }, async (page) => {
      const copy = await page.getByRole('button', { name: 'Copy the PIX code' }).boundingBox()
      const picture = await page.getByRole('img', { name: /QR code/ }).boundingBox()
      expect(copy?.y).toBeLessThan(picture?.y ?? 0)
      expect(copy?.y).toBeLessThan(740)
    })
  })
})

describe('the news of the payment', () => {
  test('comes by asking again where events are refused', async () => {
    await atCheckout({}, async (page) => {
      await page.route('**/events', (route) => route.fulfill({ status: 204 }))
      await fillIn(page)
      await payButton(page).click()
      await page.getByText('Waiting for your payment').waitFor()
      await site.happen(publicIdOf(page), 'pay')
      await page.getByRole('heading', { name: 'Thank you, it is paid' }).waitFor({ timeout: PATIENCE_MS })
    })
  })

  test('of an order that the gateway has not answered: nobody can pay twice, then the code is there', async () => {
    await site.sandbox.fault({ calls: [{ on: 'create', kind: 'fail after' }] })
    await atCheckout({}, async (page) => {
      await fillIn(page)
      await payButton(page).click()
      await page.getByRole('heading', { name: 'We are asking the payment company' }).waitFor()
      expect(await page.getByRole('button', { name: /Pay/ }).count()).toBe(0)
      const elsewhere = await page.context().newPage()
      await elsewhere.goto(`${page.url()}/return`)
      await page.getByRole('heading', { name: 'Pay R$29.90 with PIX' }).waitFor({ timeout: PATIENCE_MS })
    })
  })

  test('that it was refused comes as well, with the way to try again', async () => {
    await atPix({}, async (page) => {
      await site.happen(publicIdOf(page), 'expire')
      await page.getByRole('heading', { name: 'The time to pay is over' }).waitFor({ timeout: PATIENCE_MS })
      await page.getByRole('button', { name: 'Get a new PIX code' }).click()
      await page.getByText('Waiting for your payment').waitFor()
    })
  })
})

test('the keyboard alone pays', async () => {
  await atCheckout({}, async (page) => {
    const { keyboard } = page
    await page.getByLabel('Full name').focus()
    await keyboard.type('Maria da Silva')
    await keyboard.press('Tab')
    await keyboard.type('maria@example.com')
    await keyboard.press('Tab')
    await keyboard.type('52998224725')
    await keyboard.press('Tab')
    expect(await isFocused(page.getByRole('radio', { name: 'PIX' }))).toBe(true)
    await keyboard.press('ArrowDown')
    expect(await page.getByRole('radio', { name: 'Card' }).isChecked()).toBe(true)
    await keyboard.press('ArrowUp')
    await keyboard.press('Tab')
    expect(await isFocused(payButton(page))).toBe(true)
    await keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Pay R$29.90 with PIX' }).waitFor()
  })
})

/** One page of each kind, and each state of a checkout that a buyer can bring about. */
const PAGES: Record<string, (page: Page) => Promise<unknown>> = {
  plans: (page) => page.goto('/plans'),
  'a checkout': async () => {},
  'a checkout with mistakes': async (page) => {
    await documentField(page).fill('1')
    await payButton(page).click()
    await page.getByText('Please fill this in.').first().waitFor()
  },
  'a plan that is not sold': (page) => page.goto('/checkout?plan=999'),
  'a code to pay': ordered,
  'a card to pay with': async (page) => {
    await page.getByRole('radio', { name: /Card|Cartão/ }).check()
    await page.locator('#name').fill('Maria da Silva')
    await page.locator('#email').fill('maria@example.com')
    await payButton(page).click()
    await page.waitForURL(/\/sandbox\/pay\//)
    await page.goBack()
    await page.goto('/plans')
  },
  'a code that has expired': async (page) => {
    await ordered(page)
    await site.happen(publicIdOf(page), 'expire')
    await page.goto(`${page.url()}/return`)
  },
  'a paid order': async (page) => {
    await ordered(page)
    await site.happen(publicIdOf(page), 'pay')
    await page.goto(`${page.url()}/return`)
  },
}

async function ordered(page: Page) {
  await page.locator('#name').fill('Maria da Silva')
  await page.locator('#email').fill('maria@example.com')
  await page.locator('#document').fill('52998224725')
  await payButton(page).click()
  await page.waitForURL(/\/checkout\/[0-9a-f-]{36}$/)
}

const LOOKS = [
  { width: WIDTHS.phone, colorScheme: 'dark', locale: 'en-US' },
  { width: WIDTHS.desktop, colorScheme: 'light', locale: 'en-US' },
] as const

describe.each(LOOKS)('at $width pixels, $colorScheme', ({ width, colorScheme, locale }) => {
  test.each(Object.keys(PAGES))('%s fits, can be touched, keeps still and is accessible', async (name) => {
    const { page, close } = await quietPage({ viewport: { width, height: 800 }, colorScheme, locale })
    try {
      await page.goto(`/checkout?plan=${site.plans.month}`)
      await PAGES[name]?.(page)
      await looksRight(page, name)
    } finally {
      await close()
    }
  })
})

/** Answers that are refusals are what is looked at here, so the browser's complaints of them are not. */
async function quietPage(options: BrowserContextOptions) {
  const context = await browser.newContext({ baseURL: server.url, ...options })
  return { page: await context.newPage(), close: () => context.close() }
}
