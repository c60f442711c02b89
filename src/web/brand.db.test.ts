import sharp from 'sharp'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Database } from '#src/db/index.ts'
import { adminSettings, supportContacts } from '#src/db/schema.ts'
import { logoText } from '#src/services/settings/logo.ts'
import { type SettingKey, writeSetting } from '#src/services/settings/settings.ts'
import { addContact } from '#src/services/support/contacts.ts'
import { openTestSite, type TestSite } from '#test/support/app.ts'
import { openTestDatabase } from '#test/support/database.ts'
import { createApp } from './app.tsx'

let database: Database
let site: TestSite

beforeAll(async () => {
  database = await openTestDatabase()
  site = await openTestSite(database)
  await site.addCreator('Ana', { Summer: ['1.jpg'] })
})
afterEach(async () => {
  await database.db.delete(adminSettings)
  await database.db.delete(supportContacts)
})
afterAll(async () => {
  await site.close()
  await database.close()
})

/** The site as a node shows it that has just read the settings. */
async function page(address = '/', headers: Record<string, string> = {}) {
  const answer = await createApp(site.deps).request(address, {
    headers: { Accept: 'text/html', 'Accept-Language': 'en', ...headers },
  })
  return { status: answer.status, headers: answer.headers, text: await answer.text() }
}

const set = (key: SettingKey, value: string) => writeSetting(database.db, key, value)

describe('the accent colour', () => {
  const link = (html: string) => /<link rel="stylesheet" href="(\/brand\.[^"]+)"/.exec(html)?.[1]

  test('is a stylesheet for ever, of another name for every colour, dark and light', async () => {
    expect(link((await page()).text)).toBeUndefined()
    const addresses = []
    for (const colour of ['#e5484d', '#0090ff', '#ffff00']) {
      await set('accent_color', colour)
      const address = link((await page()).text) ?? ''
      const { status, headers, text } = await page(address)
      expect(status).toBe(200)
      expect(headers.get('content-type')).toBe('text/css; charset=utf-8')
      expect(headers.get('cache-control')).toContain('immutable')
      expect(text).toMatch(/^:root\{--color-accent:#[0-9a-f]{6};/)
      expect(text).toContain('@media (prefers-color-scheme:light){:root:not([data-theme=dark])')
      expect(text).toContain(':root[data-theme=light]{--color-accent:#')
      addresses.push(address)
    }
    expect(new Set(addresses).size).toBe(3)
  })

  test.each(['/brand.e5484d0000000000.css', '/brand.zzz.css', '/brand.e5484d.css', '/brand.css'])(
    'has no stylesheet at %s',
    async (address) => {
      expect((await page(address)).status).toBe(404)
    },
  )

  test('shows within seconds on a node that runs', async () => {
    const app = createApp(site.deps)
    const shown = async () => (await app.request('/')).text()
    expect(link(await shown())).toBeUndefined()
    await set('accent_color', '#e5484d')
    const later = performance.now() + 5_000
    vi.spyOn(performance, 'now').mockReturnValue(later)
    expect(link(await shown())).toBeDefined()
  })
})

describe('the logo', () => {
  const SVG = Buffer.from(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 100"><path d="M0 0h9"/></svg>',
  )

  test('stands in the header and is the icon of the site', async () => {
    await set('logo', logoText(SVG))
    const { text } = await page()
    const address = /<img class="[^"]*" src="(\/logo\.[0-9a-f]{12}\.svg)" alt="" width="96" height="32"/.exec(
      text,
    )?.[1]
    expect(text).toContain(`<link rel="icon" href="${address}" type="image/svg+xml"`)

    const logo = await page(address)
    expect(logo.status).toBe(200)
    expect(logo.headers.get('content-type')).toBe('image/svg+xml')
    expect(logo.headers.get('content-security-policy')).toMatch(/^default-src 'none';.*sandbox$/)
    expect(logo.headers.get('x-content-type-options')).toBe('nosniff')
    expect(logo.text).toBe(SVG.toString())
    expect((await page('/logo.000000000000.svg')).status).toBe(404)
  })

  test('of pixels is served as it is', async () => {
    const bytes = await sharp({ create: { width: 512, height: 512, channels: 4, background: '#e5484d' } })
      .png()
      .toBuffer()
    await set('logo', logoText(bytes))
    const address = /src="(\/logo\.[0-9a-f]+\.png)"/.exec((await page()).text)?.[1] ?? ''
    const answer = await createApp(site.deps).request(address)
    expect(Buffer.from(await answer.arrayBuffer()).equals(bytes)).toBe(true)
  })
})

test('the manifest says the name, the colours and the icons, all of which are there', async () => {
  await set('site_name', 'Fog & Films of the Coast')
  await set('logo', logoText(Buffer.from('<svg viewBox="0 0 9 9"></svg>')))
  const { headers, text } = await page('/manifest.webmanifest')
  expect(headers.get('content-type')).toBe('application/manifest+json')
  const manifest = JSON.parse(text)
  expect(manifest).toMatchObject({
    name: 'Fog & Films of the Coast',
    short_name: 'Fog',
    start_url: '/',
    display: 'standalone',
  })
  expect(manifest.icons.map(({ sizes }: { sizes: string }) => sizes)).toEqual([
    'any',
    '192x192',
    '512x512',
    '512x512',
  ])
  for (const { src, type, sizes } of manifest.icons) {
    const icon = await createApp(site.deps).request(src)
    expect([icon.status, icon.headers.get('content-type')]).toEqual([200, type])
    if (type === 'image/png') {
      const { width, height } = await sharp(await icon.arrayBuffer()).metadata()
      expect(`${width}x${height}`).toBe(sizes)
    }
  }
  const home = (await page()).text
  expect(home).toContain('<link rel="manifest" href="/manifest.webmanifest"')
  const touch = /<link rel="apple-touch-icon" href="([^"]+)"/.exec(home)?.[1] ?? ''
  expect((await page(touch)).headers.get('content-type')).toBe('image/png')
})

test('the owner’s words stand on the pages, as text', async () => {
  await set('hero_title', 'Mar & <b>vento</b>')
  await set('hero_text', 'Todo dia </script> novo')
  await set('footer_text', 'Mar Ltda. <i>')
  await set('meta_description', 'Filmes "de" surfe')
  const { text } = await page()
  expect(text).toMatch(/<h1[^>]*>Mar &amp; &lt;b&gt;vento&lt;\/b&gt;<\/h1>/)
  expect(text).toContain('Todo dia &lt;/script&gt; novo')
  expect(text).toMatch(/<footer.*Mar Ltda\. &lt;i&gt;/s)
  expect(text).toContain('<meta name="description" content="Filmes &quot;de&quot; surfe"/>')
})

describe('the content rating', () => {
  test('is told at the foot, and to programs when it is 18', async () => {
    expect((await page()).text).not.toMatch(/<meta name="rating"|people of/)
    await set('content_rating', '16')
    const { text } = await page()
    expect(text).toContain('For people of 16 and over')
    expect(text).not.toContain('<meta name="rating"')
    await set('content_rating', '18')
    expect((await page()).text).toContain('<meta name="rating" content="adult"/>')
    expect((await page('/', { 'Accept-Language': 'pt' })).text).toContain('Para maiores de 18 anos')
  })
})

describe('terms and privacy', () => {
  test('are not there and not linked until they are written', async () => {
    expect((await page('/terms')).status).toBe(404)
    expect((await page('/privacy')).status).toBe(404)
    expect((await page()).text).not.toMatch(/href="\/(terms|privacy)"/)
  })

  test('are pages of their own then', async () => {
    await set('terms', '# Rules\n\nBe **kind**. <script>alert(1)</script> [x](javascript:alert(1))')
    const { status, text } = await page('/terms')
    expect(status).toBe(200)
    expect(text).toContain('<title>Terms of use · CreatorFlix</title>')
    expect(text).toMatch(/<h1[^>]*>Rules<\/h1>/)
    expect(text).not.toMatch(/<script>|javascript:/)
    expect((await page('/terms', { 'Accept-Language': 'pt-BR' })).text).toContain('Termos de uso')
    const home = (await page()).text
    expect(home).toContain('href="/terms"')
    expect(home).not.toContain('href="/privacy"')
  })
})

describe('support contacts', () => {
  test('are a button that opens without a script, on every page', async () => {
    expect((await page()).text).not.toContain('<details')
    await addContact(database.db, 'WhatsApp', '+55 11 91234-5678')
    await addContact(database.db, 'Ajuda <b>', 'https://films.example/a?b=1&c=2')
    for (const address of ['/', '/creators', '/creators/Ana', '/nothing']) {
      const { text } = await page(address)
      if (address === '/nothing') continue
      expect(text).toMatch(
        /<details[^>]*><summary[^>]*>.*<span class="sr-only">Contact us<\/span><\/summary>/s,
      )
      expect(text).toContain('href="https://wa.me/5511912345678" rel="nofollow noopener noreferrer"')
      expect(text).toContain('href="https://films.example/a?b=1&amp;c=2"')
      expect(text).toContain('Ajuda &lt;b&gt;')
    }
  })

  test('that somebody wrote into the table with a script are not shown', async () => {
    await database.db.insert(supportContacts).values({ platform: 'Site', url: 'javascript:alert(1)' })
    expect((await page()).text).not.toMatch(/javascript:|<details/)
  })
})

test('pages with all of it cost no question more than those without', async () => {
  const questions = async () => {
    let asked = 0
    const counted = new Proxy(database.reader, {
      get(target, name, receiver) {
        const value = Reflect.get(target, name, receiver)
        if (name === 'select' || name === 'execute') asked++
        return value
      },
    })
    const app = createApp({ ...site.deps, database: { ...database, reader: counted } })
    await app.request('/creators/Ana')
    const before = asked
    await app.request('/creators?page=1')
    return asked - before
  }
  const bare = await questions()
  await set('accent_color', '#e5484d')
  await set('terms', '# Rules')
  await set('hero_title', 'Mar')
  await addContact(database.db, 'Telegram', '@films')
  expect(await questions()).toBe(bare)
})
