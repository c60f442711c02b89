import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { type Database, openDatabase } from '#src/db/index.ts'
import { Unavailable } from '#src/errors.ts'
import { openTestSite, type TestSite } from '#test/support/app.ts'
import { openTestDatabase } from '#test/support/database.ts'
import { createApp } from './app.tsx'

let database: Database
let site: TestSite

beforeAll(async () => {
  database = await openTestDatabase()
  site = await openTestSite(database)
  await site.addCreator('Ana & Bia', { 'Summer <tour>': ['1.jpg', 'clip.mp4', 'old.avi'] })
})
afterAll(async () => {
  await site.close()
  await database.close()
})

const text = async (address: string, headers?: Record<string, string>) =>
  (await site.page(address, headers)).text()

describe('headers', () => {
  test.each([
    ['/', 200],
    ['/creators?q=ana', 200],
    ['/creators/Ana%20%26%20Bia', 200],
    ['/creators/nobody', 404],
    ['/nothing', 404],
    ['/api/v1/models', 200],
    ['/api/v1/posts/0', 404],
    ['/api/openapi.json', 200],
    ['/media/forged', 403],
    ['/health/live', 200],
    ['/health/ready', 200],
    ['/robots.txt', 200],
    ['/assets/nothing.css', 404],
  ])('of %s (%i) are strict', async (address, status) => {
    const response = await site.page(address)
    expect(response.status).toBe(status)
    expectStrict(response)
  })

  test('of an unexpected failure are strict', async () => {
    const response = await failing(new Error('boom')).request('/')
    expect(response.status).toBe(500)
    expectStrict(response)
  })

  test('promise HTTPS only where the site has it', async () => {
    expect((await site.page('/health/live')).headers.has('strict-transport-security')).toBe(false)
    const secure = await openTestSite(database, { env: { BASE_URL: 'https://films.example' } })
    const { headers } = await secure.page('/health/live')
    expect(headers.get('strict-transport-security')).toBe('max-age=31536000; includeSubDomains')
    await secure.close()
  })

  test('let media come from where links lead, and from nowhere else', async () => {
    const withCdn = await openTestSite(database, { env: { MEDIA_BASE_URL: 'https://cdn.example' } })
    const policy = (await withCdn.page('/health/live')).headers.get('content-security-policy')
    expect(policy).toContain("img-src 'self' data: https://cdn.example;")
    expect(policy).toContain("media-src 'self' blob: https://cdn.example;")
    expect(policy).toContain("connect-src 'self' https://cdn.example;")
    await withCdn.close()
  })

  function expectStrict({ headers }: Response) {
    const policy = headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toMatch(/unsafe|\*/)
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('referrer-policy')).toBe('same-origin')
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin')
    expect(headers.get('cross-origin-resource-policy')).toBe('same-origin')
    expect(headers.get('permissions-policy')).toContain('camera=()')
    expect(headers.get('cache-control')).toBeTruthy()
    expect(headers.has('x-powered-by')).toBe(false)
  }
})

describe('pages', () => {
  test('lead from the home page to the creator, the post and its media', async () => {
    expect(await text('/')).toContain('href="/creators/Ana%20%26%20Bia"')
    const creator = await text('/creators/Ana%20%26%20Bia')
    const post = /href="(\/posts\/\d+)"/.exec(creator)?.[1] ?? ''
    const page = await text(post)
    const picture = /="(\/media\/[^"]+\.jpg[^"]+)"/.exec(page)?.[1]?.replaceAll('&amp;', '&') ?? ''
    expect(await (await site.app.request(picture)).text()).toBe('1.jpg')
    expect(page).toMatch(/<video[^>]* src="\/media\/[^"]+clip\.mp4/)
  })

  test('show names with markup as text', async () => {
    const page = await text('/creators/Ana%20%26%20Bia')
    expect(page).toContain('Summer &lt;tour&gt;')
    expect(page).not.toContain('<tour>')
  })

  test('say calmly which videos no browser plays, and offer them for download', async () => {
    const post = /href="(\/posts\/\d+)"/.exec(await text('/creators/Ana%20%26%20Bia'))?.[1] ?? ''
    const page = await text(post)
    expect(page).toContain('Browsers cannot play AVI files')
    expect(page).not.toMatch(/<video[^>]*old\.avi/)
    expect(page).toMatch(/<a[^>]* href="[^"]+old\.avi[^"]*"[^>]* download/)
  })

  test('have their scripts and styles in files of their own', async () => {
    for (const address of ['/', '/creators', '/creators/Ana%20%26%20Bia', '/nothing']) {
      const page = await text(address)
      const scripts = page.match(/<script[^>]*>/g) ?? []
      for (const tag of scripts)
        expect(tag).toMatch(/ type="module" src="\/assets\/| type="application\/ld\+json">$/)
      expect(page).not.toMatch(/<style| style=| on\w+="|javascript:/)
    }
  })

  test.each(['page=-1', 'page=abc', 'page=1e9', 'page=%zz', 'q=%25', 'q=_', "q='", `q=${'x'.repeat(9_000)}`])(
    'never fail for %s',
    async (query) => {
      expect((await site.page(`/creators?${query}`)).status).toBe(200)
      expect((await site.page(`/creators/Ana%20%26%20Bia?${query}`)).status).toBe(200)
    },
  )

  test('beyond the last page lead back to the first', async () => {
    const page = await text('/creators?page=9&order=biggest')
    expect(page).toContain('There is nothing on this page')
    expect(page).toContain('href="/creators?order=biggest"')
  })

  test('carry the name that the owner gave the site', async () => {
    await database.db.execute(`insert into admin_settings values ('site_name', 'Fog & Films')`)
    const renamed = await openTestSite(database, { mediaRoot: site.mediaRoot })
    expect(await (await renamed.page('/')).text()).toContain('<title>Fog &amp; Films</title>')
    await database.db.execute(`delete from admin_settings where key = 'site_name'`)
  })

  test('where members pay tell a guest what a post holds and link to no original', async () => {
    const members = await openTestSite(database, { access: 'members', mediaRoot: site.mediaRoot })
    const creator = await (await members.page('/creators/Ana%20%26%20Bia')).text()
    const post = await (await members.page(/href="(\/posts\/\d+)"/.exec(creator)?.[1] ?? '')).text()
    expect(post).toContain('This post is for members')
    expect(post).toContain('1 photo and 2 videos')
    expect(creator + post).not.toContain('/media/')
    await openTestSite(database, { access: 'open', mediaRoot: site.mediaRoot })
  })
})

describe('languages', () => {
  test('are chosen by the browser, else by the site', async () => {
    expect(await text('/', { 'Accept-Language': 'en-GB' })).toContain('<html lang="en">')
    expect(await text('/', { 'Accept-Language': 'fr' })).toContain('<html lang="pt-BR">')
  })

  test('asked for are remembered, and the page keeps one canonical address', async () => {
    const response = await site.page('/creators?lang=pt-BR&page=1')
    expect(response.headers.get('set-cookie')).toBe(
      'lang=pt-BR; Max-Age=31536000; Path=/; HttpOnly; SameSite=Lax',
    )
    const page = await response.text()
    expect(page).toContain('<html lang="pt-BR">')
    expect(page).toContain('<link rel="canonical" href="http://localhost/creators"/>')
    expect(page).toContain('hreflang="en" href="http://localhost/creators?lang=en"')
    expect(await text('/', { Cookie: 'lang=pt-BR' })).toContain('<html lang="pt-BR">')
  })

  test('never lead to another site, whatever the address begins with', async () => {
    const page = await text('http://localhost//elsewhere.example/creators')
    expect(page).toContain('href="/elsewhere.example/creators?lang=en"')
    expect(page).not.toContain('"//')
  })

  test('that nobody speaks are ignored', async () => {
    const response = await site.page('/?lang=%22%3E%3Cscript%3E')
    expect(response.headers.has('set-cookie')).toBe(false)
    expect(await response.text()).not.toContain('<script>')
  })
})

describe('failures', () => {
  test('of our own tell nothing but an id, under which the log tells all', async () => {
    const app = failing(new Error('select * from users at /srv/app'))
    const page = await (await app.request('/', { headers: { Accept: 'text/html' } })).text()
    const id = /[0-9a-f]{16}/.exec(page)?.[0] ?? 'none'
    expect(page).not.toMatch(/select|users|\/srv/)
    expect(site.log.some((line) => line.includes(id) && line.includes('select * from users'))).toBe(true)

    const problem = await (await failing(new Error('select')).request('/api/v1/models')).json()
    expect(problem).toMatchObject({ type: '/problems/internal', status: 500, title: 'Internal Server Error' })
    expect(JSON.stringify(problem)).not.toContain('select')
  })

  test('of the database say when to come back', async () => {
    const app = failing(new Unavailable('The database at 10.1.2.3 does not answer.'))
    for (const [address, accept] of [
      ['/', 'text/html'],
      ['/api/v1/models', '*/*'],
    ] as const) {
      const response = await app.request(address, { headers: { Accept: accept } })
      expect(response.status).toBe(503)
      expect(response.headers.get('retry-after')).toBe('5')
      expect(await response.text()).not.toContain('10.1.2.3')
    }
  })

  test('of a database that is not there say when to come back, and do not keep the site from living', async () => {
    const gone = await openDatabase({
      DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none',
      DATA_DIR: '/nowhere',
    })
    const app = createApp({ ...site.deps, database: gone })
    for (const address of ['/', '/creators?q=a', '/posts/1', '/api/v1/models', '/api/v1/models/a/posts']) {
      expect((await app.request(address, { headers: { Accept: 'text/html' } })).status, address).toBe(503)
    }
    expect((await app.request('/health/ready')).status).toBe(503)
    expect((await app.request('/health/live')).status).toBe(200)
    await gone.close()
  })

  test('of a database that is not there are a page to who is signed in as well, with its headers, and logged', async () => {
    const gone = await openDatabase({
      DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none',
      DATA_DIR: '/nowhere',
    })
    const app = createApp({ ...site.deps, database: gone })
    const headers = { Accept: 'text/html', 'Accept-Language': 'en', Cookie: `session=${'a'.repeat(43)}` }
    site.log.length = 0
    const response = await app.request('/account', { headers })
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5'])
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(await response.text()).toContain('<html')
    expect(site.log.some((line) => line.includes('"status":503'))).toBe(true)
    await gone.close()
  })

  test('to find an address cost no question to the database', async () => {
    const app = failing(new Error('asked'))
    expect((await app.request('/nothing/here', { headers: { Accept: 'text/html' } })).status).toBe(404)
    expect((await app.request('/wp-login.php')).status).toBe(404)
    expect((await app.request('/', { method: 'POST' })).status).toBe(404)
  })
})

test('the log tells the route and never the address, the query or the sender', async () => {
  site.log.length = 0
  await site.page('/creators/Ana%20%26%20Bia?q=private', { Cookie: 'lang=en', 'User-Agent': 'Curious/1.0' })
  expect(site.log).toHaveLength(1)
  expect(JSON.parse(site.log[0] ?? '')).toMatchObject({
    level: 'info',
    method: 'GET',
    route: '/creators/:slug',
    status: 200,
    ms: expect.any(Number),
    requestId: expect.stringMatching(/^[0-9a-f]{16}$/),
  })
  expect(site.log[0]).not.toMatch(/Ana|private|lang|Curious/)
})

test.each([
  ['/assets/none.js', '/assets/:name'],
  ['/media/x', '/media/*'],
  ['/sandbox/bank', '/sandbox/bank'],
  ['/health/ready', '/health/ready'],
  ['/nothing/here', 'none'],
])('the log tells the route of %s, whatever comes after it', async (address, route) => {
  site.log.length = 0
  await site.app.request(address)
  expect(site.log.map((line) => JSON.parse(line).route).filter(Boolean)).toEqual([route])
})

describe('health', () => {
  test('is well when database and media answer', async () => {
    const response = await site.app.request('/health/ready')
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({ status: 'ready', database: 'up', media: 'up' })
  })

  test('tells which part is down, and recovers alone', async () => {
    const ping = vi.fn().mockRejectedValueOnce(new Unavailable('gone')).mockResolvedValue(undefined)
    const app = createApp({ ...site.deps, database: { ...database, ping } })

    const down = await app.request('/health/ready')
    expect(down.status).toBe(503)
    expect(down.headers.get('retry-after')).toBe('1')
    expect(await down.json()).toEqual({ status: 'unavailable', database: 'down', media: 'up' })
    await vi.waitFor(async () => expect((await app.request('/health/ready')).status).toBe(200), 3_000)
  })

  test('is asked of the parts once a second, however many ask', async () => {
    const ping = vi.fn().mockResolvedValue(undefined)
    const app = createApp({ ...site.deps, database: { ...database, ping } })
    await Promise.all(Array.from({ length: 50 }, () => app.request('/health/ready')))
    expect(ping.mock.calls).toHaveLength(1)
  })

  test('of the process needs neither', async () => {
    expect((await failing(new Error('asked')).request('/health/live')).status).toBe(200)
  })
})

test('a stylesheet is kept for ever at an address that names its content', async () => {
  const address = /href="(\/assets\/site\.[0-9a-f]{12}\.css)"/.exec(await text('/'))?.[1] ?? ''
  const response = await site.app.request(address)
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toBe('text/css; charset=utf-8')
  expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
})

test.each([
  '/assets/../app.tsx',
  '/assets/..%2fapp.tsx',
  '/assets/%2e%2e%2fapp.tsx',
  '/assets/..%5capp.tsx',
  '/assets/site.css',
  '/assets/',
  '/.env',
  '/.git/config',
])('%s serves nothing of ours', async (address) => {
  expect((await site.app.request(address)).status).toBe(404)
})

/** The site with a database that fails whoever asks it. */
function failing(error: Error) {
  const fail = () => {
    throw error
  }
  const broken = new Proxy(database.db, { get: () => fail })
  return createApp({ ...site.deps, database: { ...database, db: broken, reader: broken } })
}
