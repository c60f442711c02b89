import { createHash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { eq } from 'drizzle-orm'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from '#src/db/index.ts'
import { whitelabelCaptions } from '#src/db/media-tables.ts'
import { whitelabelMedia, whitelabelModels, whitelabelPosts } from '#src/db/schema.ts'
import { GUEST, type Viewer } from '#src/services/access/viewer.ts'
import { writeSetting } from '#src/services/settings/settings.ts'
import { createApp } from '#src/web/app.tsx'
import { openTestSite, type TestSite } from './support/app.ts'
import { openTestDatabase } from './support/database.ts'

/**
 * Surface × viewer × visibility: every route of the app is asked by every kind of viewer, every link in its answers is
 * followed, and no byte of an original comes to who may not watch, nor anything at all of what is not public.
 */

const HOUR_MS = 3_600_000
/** Accounts without rows of their own: what is theirs alone has tests of its own. */
const USER: Viewer = { ...GUEST, role: 'user', userId: 1 }
const VIEWERS: Record<string, Viewer> = {
  guest: GUEST,
  'who never paid': USER,
  lapsed: { ...USER, accessUntil: new Date(Date.now() - 1_000) },
  member: { ...USER, accessUntil: new Date(Date.now() + HOUR_MS) },
  admin: { ...USER, role: 'admin' },
}
const WATCH = ['member', 'admin']

/** The public creator's one public post, and what nobody may find. */
const SHOWN = ['shown/beach/1.jpg', 'shown/beach/2.jpg', 'shown/beach/film.mp4']
/** Parts of a stream and captions, which are no media of their own and come with one. */
const PARTS = ['shown/beach/film.pt-BR.vtt', 'shown/beach/stream/part-1.ts', 'shown/beach/stream/part-2.ts']
const EVERYTHING = [...SHOWN, ...PARTS].sort()
const UNSEEN = [
  'shown/beach/taken-down.jpg',
  'shown/hidden-post/1.jpg',
  'fresh-creator/unpublished/1.jpg',
  'hidden-creator/withdrawn/1.jpg',
]
const UNSEEN_WORDS = /taken-down|hidden-post|fresh-creator|unpublished|hidden-creator|withdrawn/

let database: Database
let site: TestSite
let app: ReturnType<typeof createApp>
const originals = new Map<string, string>()
let unseenPosts: number[]

beforeAll(async () => {
  database = await openTestDatabase()
  site = await openTestSite(database, { access: 'members' })
  await addLibrary()
  app = createApp(site.deps, { viewerOf: (c) => VIEWERS[c.req.header('X-Viewer') ?? ''] ?? GUEST })
})
afterAll(async () => {
  await site.close()
  await database.close()
})

async function addLibrary() {
  const folders: Record<string, Record<string, Record<string, Uint8Array>>> = {}
  for (const [index, key] of [...SHOWN, ...UNSEEN].entries()) {
    const [creator = '', post = '', file = ''] = key.split('/')
    const bytes = key.endsWith('.jpg') ? await picture(index) : Buffer.from(`film ${index}`.repeat(100))
    originals.set(digest(bytes), key)
    folders[creator] ??= {}
    folders[creator][post] = { ...folders[creator][post], [file]: bytes }
  }
  for (const [creator, posts] of Object.entries(folders)) await site.addCreator(creator, posts)
  await addStream()

  const { db } = database
  const status = (name: string, status: 'new' | 'hidden') =>
    db.update(whitelabelModels).set({ status }).where(eq(whitelabelModels.folderName, name))
  await status('fresh-creator', 'new')
  await status('hidden-creator', 'hidden')
  await db
    .update(whitelabelPosts)
    .set({ hiddenAt: new Date() })
    .where(eq(whitelabelPosts.folderName, 'hidden-post'))
  await db
    .update(whitelabelMedia)
    .set({ hiddenAt: new Date() })
    .where(eq(whitelabelMedia.s3Key, 'shown/beach/taken-down.jpg'))
  const posts = await db.select().from(whitelabelPosts)
  unseenPosts = posts.filter(({ folderName }) => folderName !== 'beach').map(({ id }) => id)
}

/** A playlist with its parts, and captions beside the film. */
async function addStream() {
  const write = async (key: string, text: string) => {
    const file = path.join(site.mediaRoot, key)
    await mkdir(path.dirname(file), { recursive: true })
    await writeFile(file, text)
  }
  for (const [index, key] of PARTS.entries()) {
    const text = `WEBVTT\n\npart ${index}\n`
    originals.set(digest(Buffer.from(text)), key)
    await write(key, text)
  }
  const playlist = [
    '#EXTM3U',
    '#EXT-X-TARGETDURATION:4',
    '#EXTINF:4,',
    'part-1.ts',
    '#EXTINF:4,',
    'part-2.ts',
    '#EXT-X-ENDLIST',
    '',
  ]
  await write('shown/beach/stream/index.m3u8', playlist.join('\n'))

  const { db } = database
  const [film] = await db
    .select()
    .from(whitelabelMedia)
    .where(eq(whitelabelMedia.s3Key, 'shown/beach/film.mp4'))
  const postId = film?.whitelabelPostId ?? 0
  const key = 'shown/beach/stream/index.m3u8'
  await db.insert(whitelabelMedia).values({ whitelabelPostId: postId, s3Key: key, url: key, type: 'video' })
  const captions = 'shown/beach/film.pt-BR.vtt'
  await db
    .insert(whitelabelCaptions)
    .values({ whitelabelMediaId: film?.id ?? 0, language: 'pt-BR', s3Key: captions, url: captions })
}

/** A picture of its own for each, large enough that every size is smaller than the original. */
const picture = (seed: number) =>
  sharp({ create: { width: 900, height: 600, channels: 3, background: { r: seed * 30, g: 90, b: 140 } } })
    .jpeg({ quality: 95 })
    .toBuffer()

const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

const NO_ORDER = '2f1b7a54-0000-4000-8000-000000000000'
const NO_CHARGE = `chg_${'0'.repeat(32)}`

/** How each route is tried: addresses for its pattern. A route that is not here fails the test. */
const TRIES: Record<string, () => string[]> = {
  '/': () => ['/', '/?lang=en'],
  '/creators': () => [
    '/creators',
    '/creators?order=biggest',
    '/creators?q=shown',
    '/creators?q=taken',
    '/creators?q=unpublished',
  ],
  '/search/suggestions': () => ['shown', 'taken', 'unpublished'].map((q) => `/search/suggestions?q=${q}`),
  '/offline': () => ['/offline'],
  '/sw.js': () => ['/sw.js'],
  '/creators/:slug/posts': () => creators().map((slug) => `/creators/${slug}/posts`),
  '/creators/:slug': () => creators().map((slug) => `/creators/${slug}`),
  '/posts/:id': () => posts().map((id) => `/posts/${id}`),
  '/api/v1/models': () => ['/api/v1/models', '/api/v1/models?q=shown', '/api/v1/models?q=withdrawn'],
  '/api/v1/models/:slug': () => creators().map((slug) => `/api/v1/models/${slug}`),
  '/api/v1/models/:slug/posts': () => creators().map((slug) => `/api/v1/models/${slug}/posts`),
  '/api/v1/posts/:id': () => posts().map((id) => `/api/v1/posts/${id}`),
  '/api/openapi.json': () => ['/api/openapi.json'],
  '/media/*': () =>
    [...EVERYTHING, ...UNSEEN].flatMap((key) => [`/media/${key}`, `/media/${key}?e=9999999999&s=forged`]),
  '/assets/:name': () => ['/assets/../../package.json', '/assets/nothing.js'],
  '/favicon.ico': () => ['/favicon.ico'],
  '/robots.txt': () => ['/robots.txt'],
  '/pictures/:variant/:token': () => ['/pictures/page/forged', '/pictures/full/AAAA', '/pictures/teaser/'],
  '/hls/*': () => [
    '/hls/shown/beach/stream/index.m3u8',
    '/hls/shown/beach/stream/index.m3u8?e=9999999999&s=forged',
  ],
  '/captions/*': () => [
    '/captions/shown/beach/film.pt-BR.vtt',
    '/captions/shown/beach/1.jpg?e=9999999999&s=forged',
  ],
  '/:name{brand\\.[0-9a-f]+\\.css}': () => ['/brand.0.css'],
  '/:name{logo\\.[0-9a-f]+\\.[a-z]+}': () => ['/logo.0.png'],
  '/manifest.webmanifest': () => ['/manifest.webmanifest'],
  '/terms': () => ['/terms'],
  '/privacy': () => ['/privacy'],
  '/plans': () => ['/plans'],
  '/checkout': () => ['/checkout', '/checkout?plan=1', '/checkout?plan=x'],
  '/checkout/:publicId': () => [`/checkout/${NO_ORDER}`],
  '/checkout/:publicId/card': () => [`/checkout/${NO_ORDER}/card`],
  '/checkout/:publicId/return': () => [`/checkout/${NO_ORDER}/return`],
  '/checkout/:publicId/events': () => [`/checkout/${NO_ORDER}/events`],
  '/account/payments/:id{[1-9][0-9]{0,8}}': () => ['/account/payments/1'],
  '/account/payments/:id{[1-9][0-9]{0,8}}/withdraw': () => ['/account/payments/1/withdraw'],
  '/sandbox/style.css': () => ['/sandbox/style.css'],
  '/sandbox/bank': () => ['/sandbox/bank'],
  '/sandbox/pay/:charge{chg_[0-9a-f]{32}}': () => [`/sandbox/pay/${NO_CHARGE}`],
  '/sandbox/charges/:charge{chg_[0-9a-f]{32}}': () => [`/sandbox/charges/${NO_CHARGE}`],
  '/sitemap.xml': () => ['/sitemap.xml'],
  '/sitemaps/:name': () => ['/sitemaps/creators-1.xml', '/sitemaps/posts-1.xml', '/sitemaps/posts-2.xml'],
  '/creators/:slug/feed.xml': () => creators().map((slug) => `/creators/${slug}/feed.xml`),
  '/sign-in': () => ['/sign-in', '/sign-in?to=/posts/1'],
  '/register': () => ['/register'],
  '/reset': () => ['/reset'],
  '/account/link/:token': () => ['/account/link/forged'],
  '/account': () => ['/account'],
  '/account/security': () => ['/account/security'],
  '/account/details': () => ['/account/details'],
  '/account/data': () => ['/account/data'],
  '/account/data/export': () => ['/account/data/export'],
  '/outbox': () => ['/outbox'],
  '/outbox/:id': () => ['/outbox/1'],
  '/health/live': () => ['/health/live'],
  '/health/ready': () => ['/health/ready'],
}

const creators = () => ['shown', 'fresh-creator', 'hidden-creator', 'h1', 'nobody~h1']
const posts = () => Array.from({ length: 8 }, (_, index) => String(index + 1))

const routes = () => [
  ...new Set(
    app.routes.filter(({ method, path }) => method === 'GET' && path !== '/*').map(({ path }) => path),
  ),
]

test('every route of the app is tried', () => {
  expect(routes().filter((route) => !(route in TRIES))).toEqual([])
})

test.each(Object.keys(VIEWERS))(
  '%s gets what is theirs to see at every address, and nothing else',
  async (viewer) => {
    const { answers, bytes } = await crawl(viewer)
    const seen = new Set(bytes.map((body) => originals.get(digest(body))).filter((key) => key !== undefined))
    expect([...seen].sort()).toEqual(WATCH.includes(viewer) ? EVERYTHING : [])

    for (const { address, text } of answers) {
      expect(text, address).not.toMatch(UNSEEN_WORDS)
      // Who may not watch is not even told the keys.
      if (!WATCH.includes(viewer))
        expect(text, address).not.toMatch(/beach\/|film\.|\/(media|hls|captions)\/shown/)
    }
    for (const id of unseenPosts)
      expect(answers.find(({ address }) => address === `/posts/${id}`)?.status).toBe(404)
    expect(answers.filter(({ status }) => status >= 500)).toEqual([])
  },
)

test('on a free site everybody sees the originals of what is public, and no more', async () => {
  await writeSetting(database.db, 'access', 'open')
  const { bytes } = await crawl('guest')
  await writeSetting(database.db, 'access', 'members')
  const seen = new Set(bytes.map((body) => originals.get(digest(body))).filter((key) => key !== undefined))
  expect([...seen].sort()).toEqual(EVERYTHING)
})

interface Answer {
  address: string
  status: number
  text: string
}

/** Asks every route, then follows the links in the answers, whole and by ranges. */
async function crawl(viewer: string) {
  const answers: Answer[] = []
  const bytes: Buffer[] = []
  const visited = new Set<string>()
  const waiting = routes().flatMap((route) => TRIES[route]?.() ?? [])
  for (let address = waiting.shift(); address !== undefined; address = waiting.shift()) {
    if (visited.has(address)) continue
    visited.add(address)
    const { status, type, body } = await ask(viewer, address)
    bytes.push(body)
    if (!/^(text|application)\/.*(html|json|xml|text|mpegurl|css)/.test(type)) continue
    const text = body.toString()
    waiting.push(...linksIn(text))
    answers.push({ address, status, text: withoutItself(text, address) })
  }
  return { answers, bytes }
}

async function ask(viewer: string, address: string) {
  const headers = { Accept: 'text/html', 'Accept-Language': 'en', 'X-Viewer': viewer }
  const response = await app.request(address, { headers })
  const body = Buffer.from(await response.arrayBuffer())
  const ranged = await app.request(address, { headers: { ...headers, Range: 'bytes=0-' } })
  const part = Buffer.from(await ranged.arrayBuffer())
  return {
    status: response.status,
    type: response.headers.get('Content-Type') ?? '',
    body: originals.has(digest(part)) ? part : body,
  }
}

/** A page repeats the address it was asked by, in its canonical link and for its other language. */
function withoutItself(text: string, address: string) {
  const { pathname, searchParams } = new URL(address, 'http://site.invalid')
  // The way to sign in leads back here.
  const back = encodeURIComponent(`${pathname}${new URL(address, 'http://site.invalid').search}`)
  const words = [back, encodeURIComponent(pathname), pathname, ...searchParams.values()]
  return words.reduce((left, word) => (word === '/' ? left : left.replaceAll(word, '')), text)
}

/** Of our own site, in markup, JSON, XML, style sheets or playlists. */
function linksIn(text: string): string[] {
  const plain = text.replaceAll('&amp;', '&').replaceAll('\\/', '/')
  const found = plain.matchAll(/(?:https?:\/\/localhost(?::\d+)?)?(\/(?!\/)[^\s"'<>\\,)]*)/g)
  // That one leads back to where it stands.
  return [...found].flatMap(([, link]) => (link && !link.startsWith('/sign-in?') ? [link] : []))
}
