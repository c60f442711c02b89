import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '#src/db/index.ts'
import { models, posts, whitelabelModels, whitelabelPosts } from '#src/db/schema.ts'
import { writeSetting } from '#src/services/settings/settings.ts'
import { createApp } from '#src/web/app.tsx'
import { openTestSite, type TestSite } from '#test/support/app.ts'
import { openTestDatabase } from '#test/support/database.ts'
import { readXml } from '#test/support/xml.ts'

const ORIGIN = 'https://films.example'
const MANY_POSTS = 120_000

let database: Database
let site: TestSite

beforeAll(async () => {
  database = await openTestDatabase()
  site = await openTestSite(database, { env: { BASE_URL: ORIGIN } })
})
afterAll(async () => {
  await site.close()
  await database.close()
})

const get = (address: string) => site.app.request(address)
const text = async (address: string) => (await get(address)).text()
const addressesIn = (xml: string) => readXml(xml).get('loc') ?? []

test('robots.txt names the sitemap and keeps robots from what is no page', async () => {
  const robots = await text('/robots.txt')
  expect(robots).toContain(`Sitemap: ${ORIGIN}/sitemap.xml`)
  expect(robots).toMatch(/^Disallow: \/api\/$/m)
  expect(robots).toMatch(/^Disallow: \/media\/$/m)
  // Link previews fetch them.
  expect(robots).not.toContain('/pictures')
})

test('without BASE_URL the address of the request counts, as far as it is one', async () => {
  const app = createApp((await openTestSite(database, { mediaRoot: site.mediaRoot })).deps)
  const origin = async (headers: Record<string, string>) =>
    /Sitemap: (.*)\/sitemap.xml/.exec(await (await app.request('/robots.txt', { headers })).text())?.[1]
  expect(await origin({ Host: 'films.example' })).toBe('http://films.example')
  expect(await origin({ Host: 'films.example', 'X-Forwarded-Proto': 'https' })).toBe('https://films.example')
  expect(await origin({ Host: '127.0.0.1:3000' })).toBe('http://127.0.0.1:3000')
  for (const Host of ['a b', 'x"><script>', 'x/y', 'u@x', 'x?y', '']) {
    expect(await origin({ Host })).toMatch(/^http:\/\/localhost$/)
  }
})

describe('sitemaps', () => {
  beforeAll(async () => {
    const [ana, fresh, hidden] = await database.db
      .insert(whitelabelModels)
      .values([
        { folderName: 'Ana & <Bia>', status: 'active' },
        { folderName: 'Fresh', status: 'new' },
        { folderName: 'Hidden', status: 'hidden' },
      ])
      .returning()
    await database.db.execute(sql`
      insert into whitelabel_posts (whitelabel_model_id, folder_name)
      select ${ana?.id}::int, 'p' || n from generate_series(1, ${MANY_POSTS}::int) as n`)
    await database.db.insert(whitelabelPosts).values([
      { whitelabelModelId: fresh?.id ?? 0, folderName: 'unseen' },
      { whitelabelModelId: hidden?.id ?? 0, folderName: 'unseen' },
      { whitelabelModelId: ana?.id ?? 0, folderName: 'taken-down', hiddenAt: new Date() },
    ])
    const [made] = await database.db.insert(models).values({ name: 'Made / by hand' }).returning()
    await database.db
      .insert(posts)
      .values({ modelId: made?.id ?? 0, contentUrl: 'uploads/1.jpg', type: 'image', title: 'Hello' })
  }, 120_000)

  test('list every public page once, in files of a bounded size', async () => {
    const index = addressesIn(await text('/sitemap.xml'))
    expect(index).toEqual([
      `${ORIGIN}/sitemaps/site.xml`,
      `${ORIGIN}/sitemaps/creators-1.xml`,
      `${ORIGIN}/sitemaps/posts-1.xml`,
      `${ORIGIN}/sitemaps/posts-2.xml`,
      `${ORIGIN}/sitemaps/posts-3.xml`,
      `${ORIGIN}/sitemaps/handmade-creators-1.xml`,
      `${ORIGIN}/sitemaps/handmade-posts-1.xml`,
    ])

    const listed = []
    for (const address of index) {
      const body = await text(address.slice(ORIGIN.length))
      expect(body.length).toBeLessThan(50_000_000)
      const addresses = addressesIn(body)
      expect(addresses.length).toBeLessThanOrEqual(50_000)
      listed.push(...addresses)
    }
    expect(new Set(listed).size).toBe(listed.length)
    const { rows } = await database.db.execute<{ id: number }>(sql`
      select id from whitelabel_posts where hidden_at is null
        and whitelabel_model_id = (select id from whitelabel_models where status = 'active')`)
    const expected = rows.map(({ id }) => `${ORIGIN}/posts/${id}`)
    expect(expected).toHaveLength(MANY_POSTS)
    const others = [
      `${ORIGIN}/`,
      `${ORIGIN}/creators`,
      `${ORIGIN}/creators/Ana%20%26%20%3CBia%3E`,
      `${ORIGIN}/creators/Made%20-%20by%20hand~h1`,
      `${ORIGIN}/posts/h1`,
    ]
    expect(listed.sort().join('\n') === [...expected, ...others].sort().join('\n')).toBe(true)
  }, 60_000)

  test('say when a page was made, and that they may be kept for an hour', async () => {
    const answer = await get('/sitemaps/handmade-posts-1.xml')
    expect(answer.headers.get('content-type')).toBe('application/xml; charset=utf-8')
    expect(answer.headers.get('cache-control')).toBe('public, max-age=3600')
    expect(readXml(await answer.text()).get('lastmod')?.[0]).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/)
  })

  test('are sent as they are read, not when they are whole', async () => {
    const reader = (await get('/sitemaps/posts-2.xml')).body?.getReader()
    const pieces = []
    while (true) {
      const piece = await reader?.read()
      if (!piece || piece.done) break
      pieces.push(piece.value.length)
    }
    expect(pieces.length).toBeGreaterThan(20)
    expect(Math.max(...pieces)).toBeLessThan(500_000)
  })

  test('of which somebody reads only the beginning ask for no more', async () => {
    const reader = (await get('/sitemaps/posts-1.xml')).body?.getReader()
    await reader?.read()
    await expect(reader?.cancel()).resolves.toBeUndefined()
  })

  test('that are not there are not there', async () => {
    for (const name of [
      'posts-0.xml',
      'posts-1',
      'posts--1.xml',
      'users-1.xml',
      'posts-9999999.xml',
      '..%2f..',
    ]) {
      expect((await get(`/sitemaps/${name}`)).status).toBe(404)
    }
    expect(addressesIn(await text('/sitemaps/posts-999999.xml'))).toEqual([])
  })

  test('list the legal pages once they are written', async () => {
    await writeSetting(database.db, 'terms', '# Rules')
    const app = createApp(site.deps)
    expect(addressesIn(await (await app.request('/sitemaps/site.xml')).text())).toEqual([
      `${ORIGIN}/`,
      `${ORIGIN}/creators`,
      `${ORIGIN}/terms`,
    ])
  })
})

describe('the feed of a creator', () => {
  const HARD = 'Q&A <1> "quoted" ]]> \u{1F3AC}'

  test('is well-formed RSS of the newest posts and leads to no original', async () => {
    await site.addCreator('Caio & <Duda>', { [HARD]: ['1.jpg', '2.jpg', 'film.mp4'], Plain: ['1.jpg'] })
    for (const access of ['open', 'members'] as const) {
      await writeSetting(database.db, 'access', access)
      const answer = await get('/creators/Caio%20%26%20%3CDuda%3E/feed.xml')
      expect(answer.headers.get('content-type')).toBe('application/rss+xml; charset=utf-8')
      const feed = await answer.text()
      const xml = readXml(feed)
      expect(xml.get('title')).toEqual(['Caio & <Duda> em CreatorFlix', HARD, 'Plain'])
      expect(xml.get('description')?.[1]).toBe('2 fotos e 1 vídeo')
      expect(xml.get('guid')).toEqual(xml.get('link')?.slice(1))
      for (const guid of xml.get('guid') ?? []) expect(guid).toMatch(/^https:\/\/films\.example\/posts\/\d+$/)
      expect(xml.get('pubDate')?.[0]).toBe('Sat, 31 Jan 2026 00:00:00 GMT')
      expect(feed).toMatch(/<media:thumbnail url="https:\/\/films\.example\/pictures\//)
      expect(feed).toContain(
        'href="https://films.example/creators/Caio%20%26%20%3CDuda%3E/feed.xml" rel="self"',
      )
      expect(feed).not.toContain('/media/')
      if (access === 'members') expect(feed).not.toMatch(/\/pictures\/(?!teaser)/)
    }
    await writeSetting(database.db, 'access', 'open')
  })

  test('is announced on the page of the creator', async () => {
    expect(await text('/creators/Caio%20%26%20%3CDuda%3E')).toContain(
      '<link rel="alternate" type="application/rss+xml" href="/creators/Caio%20%26%20%3CDuda%3E/feed.xml"',
    )
  })

  test('holds nothing that XML cannot hold', async () => {
    await database.db
      .insert(models)
      .values({ name: 'Odd \u0001\u001f\ufffe name', description: '\u{1F3AC}\u0008' })
    const { rows } = await database.db.execute<{ id: number }>(sql`select max(id)::int as id from models`)
    const feed = await text(`/creators/x~h${rows[0]?.id}/feed.xml`)
    expect(readXml(feed).get('title')).toEqual(['Odd  name em CreatorFlix'])
  })

  test('of somebody who is not there or not public is not there', async () => {
    for (const slug of ['nobody', 'Fresh', 'Hidden']) {
      expect((await get(`/creators/${slug}/feed.xml`)).status).toBe(404)
    }
  })
})
