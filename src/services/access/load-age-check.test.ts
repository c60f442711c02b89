import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Misconfigured } from '#src/errors.ts'
import type { AgeVisitor } from './age-check.ts'
import { loadAgeCheck } from './load-age-check.ts'
import { GUEST } from './viewer.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'age-check-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function load(name: string, source: string) {
  const file = path.join(folder, `${name}.mjs`)
  await writeFile(file, source)
  return loadAgeCheck({ AGE_CHECK_MODULE: file })
}

const visitor = (cookies: Record<string, string> = {}): AgeVisitor => ({
  viewer: GUEST,
  rating: '18',
  cookie: (name) => cookies[name],
})

test('a module may be the decision alone', async () => {
  const check = await load('alone', `export default ({ cookie }) => (cookie('checked') ? 'passed' : 'ask')`)
  expect(await check?.decide(visitor())).toBe('ask')
  expect(await check?.decide(visitor({ checked: '1' }))).toBe('passed')
  expect(check?.checkAt).toBeUndefined()
})

test('a module may say where visitors are checked', async () => {
  const check = await load(
    'whole',
    `export default { decide: async () => 'ask', checkAt: (to) => 'https://check.example' + to }`,
  )
  expect(await check?.decide(visitor())).toBe('ask')
  expect(check?.checkAt?.('/creators')).toBe('https://check.example/creators')
})

test.each(['true', '1', '"yes"', 'null', 'undefined', '{}'])('an answer of %s is no yes', async (answer) => {
  const check = await load(`answer-${answer.replaceAll(/\W/g, '')}`, `export default () => (${answer})`)
  expect(await check?.decide(visitor())).toBe('ask')
})

test.each([
  ['nothing', 'export const decide = 1'],
  ['text', 'export default "passed"'],
  ['half', 'export default { decide: () => "passed", checkAt: "https://check.example" }'],
  ['broken', 'export default ('],
])('a module that is no check stops the start: %s', async (name, source) => {
  const refusal = await load(name, source).catch((error) => error)
  expect(refusal).toBeInstanceOf(Misconfigured)
  expect(refusal.message).toContain(`AGE_CHECK_MODULE ${folder}`)
})

test('a module that is not there stops the start, and none at all is fine', async () => {
  await expect(loadAgeCheck({ AGE_CHECK_MODULE: path.join(folder, 'gone.mjs') })).rejects.toThrow(
    /cannot be loaded/,
  )
  expect(await loadAgeCheck({ AGE_CHECK_MODULE: undefined })).toBeNull()
})
