import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Database } from '#src/db/index.ts'
import { adminSettings } from '#src/db/schema.ts'
import type { AgeCheck } from '#src/services/access/age-check.ts'
import { writeSetting } from '#src/services/settings/settings.ts'
import { openTestSite, type TestSite } from '#test/support/app.ts'
import { openTestDatabase } from '#test/support/database.ts'
import { createApp } from './app.tsx'

let database: Database
let site: TestSite

beforeAll(async () => {
  database = await openTestDatabase()
  site = await openTestSite(database)
  await site.addCreator('Ana', { 'Secret garden': ['1.jpg', 'film.mp4'] })
})
beforeEach(async () => {
  await writeSetting(database.db, 'access', 'open')
  await writeSetting(database.db, 'age_check', 'notice')
  await writeSetting(database.db, 'content_rating', '18')
})
afterEach(() => database.db.delete(adminSettings))
afterAll(async () => {
  await site.close()
  await database.close()
})

interface Asking {
  headers?: Record<string, string>
  provider?: AgeCheck
}

async function ask(address: string, { headers = {}, provider }: Asking = {}) {
  const app = createApp(site.deps, { ageCheck: provider ?? null })
  const answer = await app.request(address, {
    headers: { Accept: 'text/html', 'Accept-Language': 'en', ...headers },
  })
  return { status: answer.status, text: await answer.text() }
}

const post = (to: string, headers: Record<string, string> = {}) =>
  createApp(site.deps).request('/age', {
    method: 'POST',
    headers: {
      'Content-Type': 'application/x-www-form-urlencoded',
      'Sec-Fetch-Site': 'same-origin',
      ...headers,
    },
    body: new URLSearchParams({ to }),
  })

const CONTENT = /Ana|Secret garden|\/media\/|\/pictures\//
const PAGES = ['/', '/creators', '/creators?q=ana', '/creators/Ana', '/posts/1']

describe('before the notice is accepted', () => {
  test.each(PAGES)('nothing of %s is in the page', async (address) => {
    const { status, text } = await ask(address)
    expect(status).toBe(200)
    // The address that was asked for is all that may come back.
    const answered = text.replaceAll(/name="to" value="[^"]*"|href="[^"]*[?&]lang=[\w-]+"/g, '')
    expect(answered).not.toMatch(CONTENT)
    expect(text).toContain('Are you 18 or older?')
    expect(text).toContain('lang="pt-BR"')
    expect(text).toContain('<form method="post" action="/age">')
    expect(text).toContain('<meta name="robots" content="noindex"/>')
    expect(text).not.toContain('ld+json')
  })

  test('pieces of pages do not come either', async () => {
    for (const address of ['/creators/Ana/posts', '/search/suggestions?q=ana']) {
      const { status, text } = await ask(address)
      expect(status).toBe(403)
      expect(text).not.toMatch(/Secret garden|\/media\//)
    }
  })

  test('no link to an original comes out of any answer', async () => {
    for (const address of ['/api/v1/models/Ana/posts', '/api/v1/posts/1', '/creators/Ana/feed.xml']) {
      expect((await ask(address)).text).not.toContain('/media/')
    }
  })

  test('every picture that any answer links to is a fog, whatever else guests may see', async () => {
    await writeSetting(database.db, 'locked_preview', 'thumbnail')
    const addresses = ['/api/v1/models', '/api/v1/models/Ana', '/api/v1/models/Ana/posts', '/api/v1/posts/1']
    for (const address of [...addresses, '/creators/Ana/feed.xml']) {
      expect((await ask(address)).text, address).not.toMatch(/\/pictures\/(?!teaser|share)/)
    }
    const crawler = { headers: { 'User-Agent': 'Slackbot 1.0' } }
    for (const address of PAGES) {
      expect((await ask(address, crawler)).text, address).not.toMatch(/\/pictures\/(?!teaser|share)/)
    }
  })

  test('legal texts, assets and errors are open', async () => {
    await writeSetting(database.db, 'terms', '# Rules')
    expect((await ask('/terms')).text).toMatch(/<h1[^>]*>Rules<\/h1>/)
    expect((await ask('/')).text).toContain('href="/terms"')
    expect((await ask('/nothing')).status).toBe(404)
    for (const address of ['/robots.txt', '/sitemap.xml', '/manifest.webmanifest', '/favicon.ico']) {
      expect((await ask(address)).status).toBe(200)
    }
  })

  test('search engines read the page, as who has not passed sees it', async () => {
    const headers = {
      'User-Agent': 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
    }
    const { text } = await ask('/creators/Ana', { headers })
    expect(text).toContain('Secret garden')
    expect(text).not.toContain('/media/')
    expect((await ask('/posts/1', { headers })).text).not.toContain('/media/')
    // What one of them was shown is not kept for people.
    const app = createApp(site.deps)
    await app.request('/creators/Ana', { headers })
    expect(await (await app.request('/creators/Ana')).text()).not.toContain('Secret garden')
  })
})

describe('accepting the notice', () => {
  test('leads back to the page, and is remembered', async () => {
    const { text } = await ask('/creators/Ana?page=1')
    expect(text).toContain('<input type="hidden" name="to" value="/creators/Ana?page=1"/>')
    const answer = await post('/creators/Ana?page=1')
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/creators/Ana?page=1'])
    expect(answer.headers.get('set-cookie')).toBe('age=18; Max-Age=31536000; Path=/; HttpOnly; SameSite=Lax')

    const headers = { Cookie: 'age=18' }
    expect((await ask('/creators/Ana', { headers })).text).toContain('Secret garden')
    expect((await ask('/posts/1', { headers })).text).toContain('/media/')
  })

  test('is a secure cookie where the site has HTTPS', async () => {
    const secure = await openTestSite(database, { env: { BASE_URL: 'https://films.example' } })
    await writeSetting(database.db, 'age_check', 'notice')
    const answer = await secure.app.request('/age', {
      method: 'POST',
      headers: { Origin: 'https://films.example', 'Content-Type': 'application/x-www-form-urlencoded' },
      body: 'to=/',
    })
    expect(answer.headers.get('set-cookie')).toContain('Secure')
    await secure.close()
  })

  test('for a milder rating is not enough for a stricter one', async () => {
    for (const [cookie, isEnough] of [
      ['age=general', false],
      ['age=16', false],
      ['age=18', true],
      ['age=99', false],
      ['age=', false],
      ['age=true', false],
    ] as const) {
      const { text } = await ask('/creators/Ana', { headers: { Cookie: cookie } })
      expect([cookie, text.includes('Secret garden')]).toEqual([cookie, isEnough])
    }
  })

  test.each([
    'https://elsewhere.example/',
    '//elsewhere.example/',
    '/\\elsewhere.example/',
    '\\\\elsewhere.example/',
    '/\t/elsewhere.example/',
    '/%09/elsewhere.example',
    '/.//elsewhere.example',
    '/..//elsewhere.example',
    'javascript:alert(1)',
    'elsewhere',
    '',
  ])('leads nowhere but to this site: %j', async (to) => {
    const location = (await post(to)).headers.get('location') ?? ''
    expect(new URL(location, 'https://films.example/age').host).toBe('films.example')
    expect(location).toMatch(/^\/(?!\/)/)
  })

  test.each([
    ['of another site', { 'Sec-Fetch-Site': 'cross-site' }],
    ['of a sister site', { 'Sec-Fetch-Site': 'same-site' }],
    ['of an old browser on another site', { 'Sec-Fetch-Site': '', Origin: 'https://elsewhere.example' }],
    ['without an origin to tell', { 'Sec-Fetch-Site': '', Origin: 'null' }],
  ])('by a form %s is refused', async (_, headers) => {
    const sent = Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== ''))
    const answer = await createApp(site.deps).request('/age', {
      method: 'POST',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...sent },
      body: 'to=/',
    })
    expect(answer.status).toBe(403)
    expect(answer.headers.get('set-cookie')).toBeNull()
  })
})

describe('a check of the owner’s own', () => {
  const provider: AgeCheck = {
    decide: ({ rating, cookie }) => (cookie('checked') === rating ? 'passed' : 'ask'),
    checkAt: (returnTo) => `https://check.example/?back=${encodeURIComponent(returnTo)}`,
  }
  beforeEach(() => writeSetting(database.db, 'age_check', 'provider'))

  test('decides, and visitors are led to it', async () => {
    const { text } = await ask('/creators/Ana', { provider })
    expect(text).not.toContain('Secret garden')
    expect(text).toContain('href="https://check.example/?back=%2Fcreators%2FAna"')
    expect(text).not.toContain('<form')
    const headers = { Cookie: 'checked=18' }
    expect((await ask('/creators/Ana', { provider, headers })).text).toContain('Secret garden')
  })

  test('is not passed by accepting a notice, nor by calling oneself a search engine', async () => {
    const headers = { Cookie: 'age=18', 'User-Agent': 'Googlebot' }
    expect((await ask('/creators/Ana', { provider, headers })).text).not.toContain('Secret garden')
    expect((await post('/')).headers.get('set-cookie')).toBeNull()
  })

  test('that is not there lets nobody in, and says so', async () => {
    const { text } = await ask('/creators/Ana')
    expect(text).not.toContain('Secret garden')
    expect(text).toContain('Your age cannot be confirmed right now.')
  })
})

test.each([
  ['announced', 'a'.repeat(100_000)],
  ['in pieces', new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(10_000)) })],
])('more than a form holds is refused, %s', async (_, body) => {
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded', 'Sec-Fetch-Site': 'same-origin' }
  const request = new Request('http://localhost/age', {
    method: 'POST',
    headers,
    body,
    duplex: 'half',
  } as RequestInit)
  expect((await createApp(site.deps).request(request)).status).toBe(413)
})

test('a form that is none is refused as such', async () => {
  const answer = await post('/', { 'Content-Type': 'multipart/form-data' })
  expect(answer.status).toBe(400)
})

test('without a check the pages are as they are', async () => {
  await writeSetting(database.db, 'age_check', 'off')
  expect((await ask('/creators/Ana')).text).toContain('Secret garden')
  expect((await post('/creators')).headers.get('set-cookie')).toBeNull()
})
