import sharp from 'sharp'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Database } from '#src/db/index.ts'
import { adminSettings } from '#src/db/schema.ts'
import { InvalidInput } from '#src/errors.ts'
import { openTestDatabase } from '#test/support/database.ts'
import { readIdentity } from './identity.ts'
import { parseLogo } from './logo.ts'
import { readSetting, type SettingKey, shortened, textOfFile, writeSetting } from './settings.ts'

let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
})
beforeEach(() => database.db.delete(adminSettings))
afterAll(() => database.close())

const svg = (content: string, attributes = 'viewBox="0 0 120 40"') =>
  Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" ${attributes}>${content}</svg>`)

describe('what fits is kept as it was given', () => {
  const accepted: Array<[SettingKey, string, string]> = [
    ['accent_color', '#E5484D', '#e5484d'],
    ['accent_color', ' #808080 ', '#808080'],
    ['accent_color', '', ''],
    ['hero_title', 'Cinema & <b>mar</b>', 'Cinema & <b>mar</b>'],
    ['hero_title', '🎬'.repeat(40), '🎬'.repeat(40)],
    ['hero_text', 'x'.repeat(300), 'x'.repeat(300)],
    [
      'footer_text',
      'Estúdio Mar Ltda. · CNPJ 12.345.678/0001-90',
      'Estúdio Mar Ltda. · CNPJ 12.345.678/0001-90',
    ],
    ['meta_description', 'Filmes de surfe', 'Filmes de surfe'],
    ['content_rating', '16', '16'],
    ['age_check', 'notice', 'notice'],
    ['locked_preview', 'thumbnail', 'thumbnail'],
    ['terms', '# Um\n\nDois\t\r\n', '# Um\n\nDois\t\r\n'],
    ['privacy', 'a'.repeat(100_000), 'a'.repeat(100_000)],
    ['logo', '', ''],
  ]
  test.each(accepted)('%s = %j', async (key, text, value) => {
    expect(await writeSetting(database.db, key, text)).toBe(value)
    expect(await readSetting(database.db, key)).toBe(value)
  })

  test('0 links an hour is no limit', async () => {
    await writeSetting(database.db, 'links_per_hour', '0')
    expect(await readSetting(database.db, 'links_per_hour')).toBe(0)
  })
})

describe('what does not fit is refused in words, and nothing is stored', () => {
  const refused: Array<[SettingKey, string, RegExp]> = [
    ['accent_color', 'red', /a colour such as #e5484d; "red" is not/],
    ['accent_color', '#fff', /a colour such as/],
    ['accent_color', '#e5484d;} body{display:none', /a colour such as/],
    ['hero_title', 'x'.repeat(81), /at most 80 characters/],
    ['hero_title', 'two\nlines', /one line/],
    ['hero_text', 'x'.repeat(301), /at most 300 characters/],
    ['footer_text', 'bell\u0007', /one line/],
    ['meta_description', 'x'.repeat(301), /at most 300 characters/],
    ['content_rating', '21', /general, 14, 16 or 18/],
    ['age_check', 'on', /off or notice or provider/],
    ['locked_preview', 'sharp', /blurred or thumbnail/],
    ['links_per_hour', '-5', /whole number/],
    ['links_per_hour', '1000001', /between 0 and 1000000/],
    ['terms', 'é'.repeat(50_001), /at most 100 kB/],
    ['privacy', 'NUL\0', /without control characters/],
    ['logo', 'logo.png', /--file logo\.svg/],
    ['logo', 'data:image/png;base64,AAAA', /--file/],
    ['logo', 'data:text/html;base64,PGI+', /--file/],
  ]
  test.each(refused)('%s', async (key, text, message) => {
    const refusal = await writeSetting(database.db, key, text).catch((error) => error)
    expect(refusal).toBeInstanceOf(InvalidInput)
    expect(refusal.message).toMatch(message)
    expect(refusal.message.length).toBeLessThan(400)
    expect(await database.db.$count(adminSettings)).toBe(0)
  })
})

describe('a logo', () => {
  const picture = sharp({ create: { width: 96, height: 64, channels: 3, background: '#e5484d' } })

  test.each([
    ['png', 'image/png'],
    ['jpeg', 'image/jpeg'],
    ['webp', 'image/webp'],
  ] as const)('may be a %s, whatever its file is named', async (format, contentType) => {
    const bytes = await picture.clone().toFormat(format).toBuffer()
    const text = await writeSetting(database.db, 'logo', textOfFile('logo', bytes))
    expect(parseLogo(text)).toEqual({ contentType, bytes, width: 96, height: 64 })
  })

  test('of WebP is measured in each of its three forms', async () => {
    const clear = sharp({ create: { width: 33, height: 7, channels: 4, background: '#e5484d80' } })
    for (const bytes of [
      await picture.clone().webp({ quality: 50 }).toBuffer(),
      await picture.clone().webp({ lossless: true }).toBuffer(),
    ]) {
      expect(parseLogo(textOfFile('logo', bytes))).toMatchObject({ width: 96, height: 64 })
    }
    const bytes = await clear.webp().toBuffer()
    expect(parseLogo(textOfFile('logo', bytes))).toMatchObject({ width: 33, height: 7 })
  })

  test.each([
    ['a viewBox', svg('<path d="M0 0h9"/>'), { width: 120, height: 40 }],
    ['a size', svg('<g/>', 'width="64px" height=\'32\''), { width: 64, height: 32 }],
    [
      'a declaration and a comment before it',
      Buffer.from(`<?xml version="1.0"?>\n<!-- drawn -->\n${svg('<g/>')}`),
      { width: 120, height: 40 },
    ],
    [
      'gradients and pictures of its own',
      svg(
        '<linearGradient id="a"/><rect fill="url(#a)"/><use href="#a"/><image href="data:image/png;base64,AAAA"/>',
      ),
      { width: 120, height: 40 },
    ],
  ])('may be an SVG with %s', async (_, bytes, size) => {
    const text = await writeSetting(database.db, 'logo', textOfFile('logo', bytes))
    expect(parseLogo(text)).toMatchObject({ contentType: 'image/svg+xml', ...size })
  })

  test.each([
    ['a script', '<script>alert(1)</script>'],
    ['a script in a namespace', '<svg:script xmlns:svg="http://www.w3.org/2000/svg">alert(1)</svg:script>'],
    ['a handler', '<rect onload="alert(1)"/>'],
    ['a handler after a slash', '<rect/onclick=alert(1)>'],
    ['a link that runs', '<a href="javascript:alert(1)"><text>x</text></a>'],
    ['a link that runs, spelled otherwise', '<a href="&#106;avascript:alert(1)"><text>x</text></a>'],
    ['HTML inside', '<foreignObject><body xmlns="http://www.w3.org/1999/xhtml"/></foreignObject>'],
    ['an animation that makes a link', '<set attributeName="href" onbegin="alert(1)"/>'],
    ['a picture of another site', '<image href="https://elsewhere.example/x.png"/>'],
    ['a style of another site', '<style>@import "https://elsewhere.example/x.css";</style>'],
    ['a fill of another site', '<rect fill="url(https://elsewhere.example/x.svg#a)"/>'],
    ['a document as a picture', '<image href="data:text/html,<script>alert(1)</script>"/>'],
    ['a use of another file', '<use xlink:href="other.svg#a"/>'],
    [
      'a style that spells its word otherwise',
      '<style>@\\69mport "https://elsewhere.example/x.css";</style>',
    ],
    ['spaces that would keep the rules busy for minutes', `<image href=${' '.repeat(150_000)}`],
  ])('may not be an SVG with %s', async (_, content) => {
    const refusal = await writeSetting(database.db, 'logo', textOfFile('logo', svg(content))).catch(
      (error) => error,
    )
    expect(refusal).toBeInstanceOf(InvalidInput)
    expect(refusal.message).toMatch(/must be an SVG/)
  })

  test('with entities of its own, without a size, or too large is refused', async () => {
    const refusal = (bytes: Uint8Array) => parseLogo(textOfFile('logo', bytes))
    expect(refusal(Buffer.from('<!DOCTYPE svg [<!ENTITY x "y">]><svg viewBox="0 0 1 1"/>'))).toMatch(/--file/)
    expect(refusal(svg('', ''))).toMatch(/must have a size/)
    expect(refusal(svg('x'.repeat(200_001)))).toMatch(/200 kB/)
    expect(refusal(svg('', 'viewBox="0 0 9000 10"'))).toMatch(/4096/)
    expect(refusal(Buffer.from('GIF89a'))).toMatch(/--file/)
    expect(refusal(Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'))).toMatch(/must have a size/)
    expect(refusal(Buffer.from([0xff, 0xd8, 0xff, 0xe0]))).toMatch(/must have a size/)
    expect(refusal(Buffer.alloc(0))).toMatch(/--file/)
  })
})

test('a text that is no UTF-8 is refused by the name of the setting', () => {
  expect(() => textOfFile('terms', Buffer.from([0xff, 0xfe, 0x00]))).toThrow(/terms must be text in UTF-8/)
  expect(textOfFile('terms', Buffer.from('\uFEFF# Olá'))).toBe('# Olá')
})

test('a long value is shown by its beginning', () => {
  expect(shortened('open')).toBe('open')
  expect(shortened('')).toBe('none')
  expect(shortened(`data:image/svg+xml;base64,${'A'.repeat(4_000)}`)).toBe('image/svg+xml, 4 kB')
  expect(shortened('# Terms\n\nBe kind.')).toBe('# Terms… (17 characters)')
  expect(shortened('x'.repeat(2_000))).toBe(`${'x'.repeat(72)}… (2,000 characters)`)
})

test('pages read what they show in one query, and of long texts only which they are', async () => {
  await writeSetting(database.db, 'site_name', 'Mar')
  await writeSetting(database.db, 'terms', '# Termos')
  await writeSetting(database.db, 'privacy', '')
  const identity = await readIdentity(database.db)
  expect(identity).toMatchObject({
    site_name: 'Mar',
    language: 'pt-BR',
    accent_color: '',
    content_rating: 'general',
    age_check: 'off',
    privacy: null,
    logo: null,
  })
  expect(identity.terms).toMatch(/^[0-9a-f]{12}$/)

  await writeSetting(database.db, 'terms', '# Termos novos')
  expect((await readIdentity(database.db)).terms).not.toBe(identity.terms)
})
