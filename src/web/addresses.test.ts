import { Hono } from 'hono'
import { describe, expect, test } from 'vitest'
import { NotFound } from '#src/errors.ts'
import { HARD_KEYS } from '#test/support/hard-keys.ts'
import { creatorAddress, rawPath, searchWords, slugInPath } from './addresses.ts'

const app = new Hono()
  .get('/creators/:slug', (c) => c.json(slugInPath(c, 1)))
  .get('/path/*', (c) => c.text(rawPath(c)))
  .get('/search', (c) => c.json(searchWords(c)))
  .onError((error, c) => c.text(error.message, error instanceof NotFound ? 404 : 500))

const folderNames = [...new Set(HARD_KEYS.map((key) => key.split('/')[0] ?? ''))].filter(
  (name) => name !== '',
)

describe('a creator is reachable by its folder name', () => {
  test.each(folderNames)('%j', async (name) => {
    const response = await app.request(creatorAddress(name))
    expect(await response.json()).toBe(name)
  })
})

test.each(['%', '%zz', '%C3', '%ff%fe', '%00', 'a%00b', '%E0%A4%A'])(
  'no creator has the malformed name %s',
  async (name) => {
    expect((await app.request(`/creators/${name}`)).status).toBe(404)
  },
)

test('one name has no two spellings where the bytes differ', async () => {
  expect(await (await app.request('/creators/a%252Fb')).json()).toBe('a%2Fb')
  expect(await (await app.request('/creators/a%2Fb')).json()).toBe('a/b')
  expect(await (await app.request('/creators/a+b')).json()).toBe('a+b')
})

test('the raw path ends where the query begins and is never decoded', async () => {
  expect(await (await app.request('/path/a%2F%25/%3F?b=%2F')).text()).toBe('/path/a%2F%25/%3F')
})

test.each([
  ['/search', null],
  ['/search?q=', null],
  ['/search?q=+%20', null],
  ['/search?q=%00', null],
  ['/search?q=+ana+b+', 'ana b'],
  ['/search?q=100%25', '100%'],
  ['/search?q=a&q=b', 'a'],
  [`/search?q=${'x'.repeat(5_000)}`, 'x'.repeat(100)],
])('%s searches for %j', async (address, words) => {
  expect(await (await app.request(address)).json()).toBe(words)
})
