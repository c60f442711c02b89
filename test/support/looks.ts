import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { layoutShift, overflow, smallTargets } from './page-measures.ts'

/** Cumulative layout shift that nobody sees. */
const MOST_SHIFT = 0.02

/** What holds for every page, at any width and in any colours: it fits, can be touched, keeps still, is accessible. */
export async function looksRight(page: Page, name = page.url()) {
  expect(await overflow(page), name).toBe(0)
  expect(await smallTargets(page), name).toEqual([])
  expect(await layoutShift(page), name).toBeLessThanOrEqual(MOST_SHIFT)
  await isAccessible(page, name)
}

/** axe finds nothing. Its legacy mode spares a second window, which only frames of other sites would need. */
export async function isAccessible(page: Page, name = page.url()) {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze()
  expect(
    violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]),
    name,
  ).toEqual([])
}
