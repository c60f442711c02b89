import { expect, test } from 'vitest'
import { withRetry } from './retry.ts'

const deadlock = () => Object.assign(new Error('deadlock detected'), { code: '40P01' })

test('a transaction that lost a deadlock is run again', async () => {
  let tries = 0
  const answer = await withRetry(async () => {
    if (++tries < 3) throw new Error('Failed query', { cause: deadlock() })
    return 'saved'
  })

  expect([answer, tries]).toEqual(['saved', 3])
})

test('after five tries the error comes through', async () => {
  let tries = 0
  const work = withRetry(async () => {
    tries++
    throw deadlock()
  })

  await expect(work).rejects.toThrow('deadlock detected')
  expect(tries).toBe(5)
})

test('any other error comes through at once', async () => {
  let tries = 0
  const work = withRetry(async () => {
    tries++
    throw Object.assign(new Error('duplicate key'), { code: '23505' })
  })

  await expect(work).rejects.toThrow('duplicate key')
  expect(tries).toBe(1)
})
