import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { atOnce } from './at-once.ts'

test('no more runs at once than is allowed, and all of it in the order it came', async () => {
  const run = atOnce({ atOnce: 2 })
  const begun: number[] = []
  let running = 0
  let most = 0
  const work = (number: number) => async () => {
    begun.push(number)
    most = Math.max(most, ++running)
    await delay(2)
    running--
    return number
  }
  const done = await Promise.all([1, 2, 3, 4, 5].map((number) => run(work(number))))
  expect([begun, done, most]).toEqual([[1, 2, 3, 4, 5], [1, 2, 3, 4, 5], 2])
})

test('what fails holds up nobody', async () => {
  const run = atOnce({ atOnce: 1 })
  const failed = run(() => Promise.reject(new Error('no')))
  const next = run(async () => 'yes')
  await expect(failed).rejects.toThrow('no')
  expect(await next).toBe('yes')
})

test('more than may wait is refused', async () => {
  const run = atOnce({ atOnce: 1, waiting: 1, full: () => new Error('full') })
  const [first, second] = [run(() => delay(2)), run(() => delay(2))]
  await expect(run(() => delay(2))).rejects.toThrow('full')
  await Promise.all([first, second])
  expect(await run(async () => 'again')).toBe('again')
})
