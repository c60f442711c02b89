import { expect, test, vi } from 'vitest'
import { remembered } from './remembered.ts'

const counting = () => {
  let reads = 0
  return async () => ++reads
}

test('an answer is given again until its time is over', async () => {
  const now = vi.spyOn(performance, 'now').mockReturnValue(0)
  const read = remembered(60_000, counting())
  const subject = {}
  expect([await read(subject), await read(subject)]).toEqual([1, 1])
  now.mockReturnValue(59_999)
  expect(await read(subject)).toBe(1)
  now.mockReturnValue(60_000)
  expect(await read(subject)).toBe(2)
})

test('each subject has its own answer', async () => {
  const read = remembered(60_000, counting())
  const [one, other] = [{}, {}]
  expect([await read(one), await read(other), await read(one)]).toEqual([1, 2, 1])
})

test('those who ask at the same moment share one reading', async () => {
  const read = remembered(60_000, counting())
  const subject = {}
  expect(await Promise.all([read(subject), read(subject), read(subject)])).toEqual([1, 1, 1])
})

test('a failure is told and not remembered', async () => {
  let reads = 0
  const read = remembered(60_000, async () => {
    if (++reads === 1) throw new Error('out of order')
    return reads
  })
  const subject = {}
  await expect(read(subject)).rejects.toThrow('out of order')
  expect(await read(subject)).toBe(2)
})

test('what is not worth it is read again', async () => {
  const read = remembered(60_000, counting(), (reads) => reads > 1)
  const subject = {}
  expect([await read(subject), await read(subject), await read(subject)]).toEqual([1, 2, 2])
})
