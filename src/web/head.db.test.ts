import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '#src/db/index.ts'
import { writeSetting } from '#src/services/settings/settings.ts'
import { openTestSite, type TestSite } from '#test/support/app.ts'
import { openTestDatabase } from '#test/support/database.ts'

const ORIGIN = 'https://films.example'
const HOSTILE = '</script><script>alert(1)</script>'

let database: Database
let site: TestSite

beforeAll(async () => {
  database = await openTestDatabase()
  site = await openTestSite(database, { env: { BASE_URL: ORIGIN } })
  const posts = Array.from({ length: 50 }, (_, index) => [`post ${index}`, ['1.jpg']] as const)
  await site.addCreator('Ana', { [HOSTILE]: ['1.jpg', 'film.mp4'], ...Object.fromEntries(posts) })
  await writeSetting(database.db, 'terms', '# Rules')
})
afterAll(async () => {
  await site.close()
  await database.close()
})

const page = async (address: string, headers: Record<string, string> = {}) =>
  (await site.page(address, headers)).text()
const unescaped = (text = '') =>
  text.replaceAll('&amp;', '&').replaceAll('&quot;', '"').replaceAll('&lt;', '<')
const linkOf = (html: string, attributes: string) =>
  unescaped(new RegExp(`<link ${attributes} href="([^"]*)"`).exec(html)?.[1])
const metaOf = (html: string, name: string) =>
  unescaped(new RegExp(`<meta (?:name|property)="${name}" content="([^"]*)"`).exec(html)?.[1])

describe('every page has one absolute address, whatever led to it', () => {
  test.each([
    ['/', '/'],
    ['/?lang=en&utm_source=x&fbclid=y', '/'],
    ['/creators', '/creators'],
    ['/creators?order=biggest&utm_campaign=x', '/creators?order=biggest'],
    ['/creators?has=videos&page=1', '/creators?has=videos'],
    ['/creators/Ana?lang=pt-BR', '/creators/Ana'],
    ['/creators/Ana?page=2&ref=x', '/creators/Ana?page=2'],
    ['/posts/1?x=%22%3E%3Cscript%3E', '/posts/1'],
    ['/terms?lang=en', '/terms'],
  ])('%s is %s', async (address, canonical) => {
    const html = await page(address)
    expect(linkOf(html, 'rel="canonical"')).toBe(`${ORIGIN}${canonical}`)
    expect(metaOf(html, 'og:url')).toBe(`${ORIGIN}${canonical}`)
    const withLanguage = (language: string) =>
      `${ORIGIN}${canonical}${canonical.includes('?') ? '&' : '?'}lang=${language}`
    expect(linkOf(html, 'rel="alternate" hreflang="pt-BR"')).toBe(withLanguage('pt-BR'))
    expect(linkOf(html, 'rel="alternate" hreflang="en"')).toBe(withLanguage('en'))
    expect(linkOf(html, 'rel="alternate" hreflang="x-default"')).toBe(`${ORIGIN}${canonical}`)
    expect(html).not.toContain('"noindex"')
  })
})

test.each(['/creators?q=ana', '/nothing', '/creators/nobody', '/creators/Ana?page=99', '/offline'])(
  '%s is kept out of search engines',
  async (address) => {
    const html = await page(address)
    expect(html).toContain('<meta name="robots" content="noindex"/>')
    expect(html).not.toMatch(/rel="canonical"|hreflang="x-default"|og:url|ld\+json/)
  },
)

test('pages of a list name those before and after', async () => {
  const [first, second, last] = await Promise.all(
    [1, 2, 3].map((number) => page(`/creators/Ana?page=${number}&utm_source=x`)),
  )
  const neighbours = (html = '') => [linkOf(html, 'rel="prev"'), linkOf(html, 'rel="next"')]
  expect(neighbours(first)).toEqual(['', `${ORIGIN}/creators/Ana?page=2`])
  expect(neighbours(second)).toEqual([`${ORIGIN}/creators/Ana`, `${ORIGIN}/creators/Ana?page=3`])
  expect(neighbours(last)).toEqual([`${ORIGIN}/creators/Ana?page=2`, ''])
})

test('a link that is shared shows a title, a sentence and a picture that is no original', async () => {
  for (const access of ['open', 'members'] as const) {
    await writeSetting(database.db, 'access', access)
    for (const [address, type] of [
      ['/', 'website'],
      ['/creators/Ana', 'profile'],
      ['/posts/1', 'video.other'],
      ['/posts/2', 'article'],
    ] as const) {
      const html = await page(address)
      expect(metaOf(html, 'og:type')).toBe(type)
      expect(metaOf(html, 'og:title')).toBeTruthy()
      expect(metaOf(html, 'og:description').length).toBeGreaterThan(10)
      expect(metaOf(html, 'og:locale')).toBe('en_US')
      const image = metaOf(html, 'og:image')
      expect(image).not.toContain('/media/')
      if (address.startsWith('/posts/')) {
        const made = access === 'open' ? 'card' : 'share'
        expect(image).toMatch(new RegExp(`^${ORIGIN}/pictures/${made}/`))
        expect(metaOf(html, 'twitter:card')).toBe('summary_large_image')
      }
    }
  }
  await writeSetting(database.db, 'access', 'open')
})

test('what search engines are told of a page is data that ends no script', async () => {
  for (const address of ['/', '/creators/Ana', '/posts/1', '/posts/2']) {
    const html = await page(address)
    const blocks = [...html.matchAll(/<script type="application\/ld\+json">(.*?)<\/script>/gs)]
    expect(blocks).toHaveLength(1)
    const structured = JSON.parse(blocks[0]?.[1] ?? '')
    expect(structured['@context']).toBe('https://schema.org')
    if (address === '/posts/1') expect(structured['@graph'][0].name).toBe(HOSTILE)
    expect(html).not.toContain('<script>alert')
  }
})

test('the colours of the browser follow the choice of the visitor', async () => {
  expect(await page('/')).toMatch(/<meta name="theme-color" media="\(prefers-color-scheme: light\)"/)
  expect(await page('/', { Cookie: 'theme=dark' })).toMatch(/<meta name="theme-color" content="#[0-9a-f]{6}"/)
})
