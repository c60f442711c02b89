import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { expect } from 'vitest'
import type { RunningServer } from '#src/web/server.ts'
import { openPage } from './browser.ts'

export type Visit = (
  address: string,
  options: BrowserContextOptions,
  story: (page: Page) => Promise<unknown> | unknown,
) => Promise<void>

/** Opens an address, tells the story, and expects that the browser had nothing to complain about. */
export const visitsTo =
  (browser: Browser, server: RunningServer): Visit =>
  async (address, options, story) => {
    const { page, complaints, close } = await openPage(browser, { baseURL: server.url, ...options })
    try {
      const response = await page.goto(address)
      await story(page)
      const expected = response?.status() === 404 ? [expect.stringContaining('404')] : []
      expect(complaints).toEqual(expected)
    } finally {
      await close()
    }
  }
