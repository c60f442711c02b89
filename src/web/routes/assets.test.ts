import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from '#src/db/index.ts'
import { openTestSite, type TestSite } from '#test/support/app.ts'
import { openTestDatabase } from '#test/support/database.ts'

let database: Database
let site: TestSite

beforeAll(async () => {
  database = await openTestDatabase()
  site = await openTestSite(database)
})
afterAll(async () => {
  await site.close()
  await database.close()
})

/** The stylesheet and the script of every page. */
async function assetsOfPage() {
  const page = await (await site.page('/')).text()
  return [...page.matchAll(/"(\/assets\/site\.\w+\.(?:css|js))"/g)].map(([, address = '']) => address)
}

const get = (address: string, encodings: string) =>
  site.app.request(address, { headers: { 'Accept-Encoding': encodings } })

test('a page names one stylesheet and one script of ours, which may be kept for ever', async () => {
  const addresses = await assetsOfPage()
  expect(addresses.map((address) => address.split('.').at(-1)).sort()).toEqual(['css', 'js'])
  for (const address of addresses) {
    const { status, headers } = await get(address, 'identity')
    expect([status, headers.get('Cache-Control')]).toEqual([200, 'public, max-age=31536000, immutable'])
    expect(headers.get('Vary')).toContain('Accept-Encoding')
  }
})

test.each([
  ['gzip, deflate, br, zstd', 'br', brotliDecompressSync],
  ['gzip', 'gzip', gunzipSync],
  ['br;q=0, gzip;q=0.5', 'gzip', gunzipSync],
])('what takes %s gets %s', async (accepted, encoding, decode) => {
  for (const address of await assetsOfPage()) {
    const plain = Buffer.from(await (await get(address, 'identity')).arrayBuffer())
    const packed = await get(address, accepted)
    expect(packed.headers.get('Content-Encoding')).toBe(encoding)
    const bytes = Buffer.from(await packed.arrayBuffer())
    expect(bytes.length).toBeLessThan(plain.length)
    expect(decode(bytes).equals(plain)).toBe(true)
  }
})

test('what takes no compression gets none', async () => {
  const [address = ''] = await assetsOfPage()
  expect((await get(address, '')).headers.get('Content-Encoding')).toBeNull()
})

test('the worker for being offline keeps static files and its page, under another name when the site changes', async () => {
  const worker = async () => (await site.app.request('/sw.js')).text()
  const first = await worker()
  const { version, addresses, offline } = JSON.parse(/self\.KEPT = (\{.*?\});/.exec(first)?.[1] ?? '{}')
  expect(offline).toBe('/offline')
  expect(addresses.filter((address: string) => !address.startsWith('/assets/'))).toEqual([])
  expect(version).toMatch(/^\w{12}$/)
  expect(await worker()).toBe(first)
})
