import { mkdir, mkdtemp, readdir, readlink, rm, utimes, writeFile } from 'node:fs/promises'
import { type ClientRequest, get, type IncomingMessage } from 'node:http'
import os from 'node:os'
import path from 'node:path'
import { Hono } from 'hono'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { AppError } from '#src/errors.ts'
import { openFolderStore } from '#src/storage/folder-store.ts'
import type { MediaStore } from '#src/storage/media-store.ts'
import { encodeKey } from '#src/storage/object-key.ts'
import { HARD_KEYS } from '#test/support/hard-keys.ts'
import type { AppEnv } from '../../app-env.ts'
import { startServer } from '../../server.ts'
import { mediaRoutes } from './media.ts'

const LINK_KEY = Buffer.alloc(32, 1)
const LINK_SECONDS = 1800
const MODIFIED = new Date('2024-05-01T12:00:00Z')

let root: string
let now: Date
let media: MediaStore
let app: Hono<AppEnv>

beforeEach(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'media-route-'))
  now = new Date('2026-03-01T10:45:00Z')
  open()
})
afterEach(() => rm(root, { recursive: true, force: true }))

function open(env: { MEDIA_BASE_URL?: string } = {}) {
  const links = { linkKey: LINK_KEY, linkSeconds: LINK_SECONDS, baseUrl: env.MEDIA_BASE_URL }
  media = openFolderStore({ root, ...links })
  app = new Hono<AppEnv>()
    .route(
      '/',
      mediaRoutes({
        env: { MEDIA_BASE_URL: env.MEDIA_BASE_URL, BASE_URL: 'https://films.example' },
        media,
        linkKey: LINK_KEY,
        now: () => now,
      }),
    )
    .onError((error, c) => {
      if (!(error instanceof AppError)) throw error
      return c.text(error.message, error.status as 403)
    })
}

describe('a link', () => {
  test('gives the bytes, their type and how long they may be kept', async () => {
    const response = await fetchKey('lia/2024/1.jpg', { content: 'picture' })

    expect(response.status).toBe(200)
    expect(await response.text()).toBe('picture')
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'image/jpeg',
      'content-length': '7',
      'content-disposition': 'inline',
      'cache-control': 'private, max-age=2700',
      'accept-ranges': 'bytes',
      'last-modified': 'Wed, 01 May 2024 12:00:00 GMT',
      etag: expect.stringMatching(/^"[^"]+"$/),
      'content-security-policy': expect.stringContaining('sandbox'),
      'cross-origin-resource-policy': 'same-origin',
    })
  })

  test('reaches hard names byte for byte', async () => {
    const onDisk = HARD_KEYS.filter((key) =>
      key.split('/').every((segment) => segment !== '' && Buffer.byteLength(segment) <= 255),
    )
    for (const key of onDisk) {
      const response = await fetchKey(key)
      expect(response.status, key).toBe(200)
      expect(Buffer.from(await response.arrayBuffer()).toString()).toBe(key)
    }
  })

  test('works until it expires and not a second longer', async () => {
    const link = await linkTo('lia/2024/1.jpg')
    now = new Date('2026-03-01T11:29:59Z')
    expect((await app.request(link)).status).toBe(200)
    now = new Date('2026-03-01T11:30:00Z')
    const response = await app.request(link)
    expect(response.status).toBe(403)
    expect(await response.text()).toContain('expired')
  })

  test.each([
    ['of another key', (link: string) => link.replace('1.jpg', '2.jpg')],
    ['with a later expiry', (link: string) => link.replace(/e=\d+/, 'e=9999999999')],
    ['without a signature', (link: string) => link.replace(/&s=.*/, '')],
    ['with another signature', (link: string) => link.replace(/s=./, 's=_')],
    ['without a query', (link: string) => link.replace(/\?.*/, '')],
    ['spelled differently', (link: string) => link.replace('1.jpg', '%31.jpg')],
    ['under a prefix spelled differently', (link: string) => link.replace('/media/', '/%6dedia/')],
    ['that climbs out', (link: string) => link.replace('lia/', '..%2Flia/')],
    ['that is malformed', (link: string) => link.replace('1.jpg', '%zz')],
  ])('%s is refused', async (_, tamper) => {
    const link = await linkTo('lia/2024/1.jpg')
    await put('lia/2024/2.jpg')
    expect((await app.request(tamper(link))).status).toBe(403)
  })

  test('to a file that is gone finds nothing', async () => {
    const link = await linkTo('lia/2024/1.jpg')
    await rm(path.join(root, 'lia/2024/1.jpg'))
    expect((await app.request(link)).status).toBe(404)
  })

  test('behind a CDN may be used by pages of the other origin', async () => {
    open({ MEDIA_BASE_URL: 'https://cdn.example' })
    const response = await app.request(new URL(await linkTo('lia/2024/1.jpg')).href)
    expect(response.headers.get('cross-origin-resource-policy')).toBe('cross-origin')
  })
})

describe('on a page of another site, a link', () => {
  const elsewhere = { 'Sec-Fetch-Site': 'cross-site' }

  test('shows nothing', async () => {
    for (const destination of ['image', 'video', 'empty']) {
      const headers = { ...elsewhere, 'Sec-Fetch-Dest': destination }
      expect((await fetchKey('lia/2024/1.jpg', { headers })).status, destination).toBe(403)
    }
  })

  test('may be followed', async () => {
    const headers = { ...elsewhere, 'Sec-Fetch-Dest': 'document' }
    expect((await fetchKey('lia/2024/1.jpg', { headers })).status).toBe(200)
  })

  test('through a CDN shows something only where it is our own page that says so, or none', async () => {
    open({ MEDIA_BASE_URL: 'https://cdn.example' })
    const shown = { ...elsewhere, 'Sec-Fetch-Dest': 'image' }
    const link = new URL(await linkTo('lia/2024/1.jpg')).href
    const status = async (headers: Record<string, string>) => (await app.request(link, { headers })).status
    expect(await status({ ...shown, Referer: 'https://films.example/posts/1' })).toBe(200)
    expect(await status(shown)).toBe(200)
    expect(await status({ ...shown, Referer: 'https://elsewhere.example/' })).toBe(403)
    expect(await status({ ...shown, Referer: 'no address' })).toBe(403)
  })
})

describe('types', () => {
  test.each([
    ['a/b/1.mp4', 'video/mp4', 'inline'],
    ['a/b/1.mkv', 'video/x-matroska', "attachment; filename*=UTF-8''1.mkv"],
    [
      'a/b/né "1"\'(x).avi',
      'video/x-msvideo',
      "attachment; filename*=UTF-8''n%C3%A9%20%221%22%27%28x%29.avi",
    ],
    ['a/b/page.html', 'application/octet-stream', "attachment; filename*=UTF-8''page.html"],
  ])('%s is sent as %s, %s', async (key, contentType, disposition) => {
    const { headers } = await fetchKey(key)
    expect(headers.get('content-type')).toBe(contentType)
    expect(headers.get('content-disposition')).toBe(disposition)
  })
})

describe('parts', () => {
  test.each([
    ['bytes=2-4', '234', 'bytes 2-4/10'],
    ['bytes=7-', '789', 'bytes 7-9/10'],
    ['bytes=-2', '89', 'bytes 8-9/10'],
    ['bytes=0-99', '0123456789', 'bytes 0-9/10'],
  ])('%s is answered with %s', async (range, part, contentRange) => {
    const response = await fetchKey('a/b/1.mp4', { content: '0123456789', headers: { Range: range } })
    expect(response.status).toBe(206)
    expect(await response.text()).toBe(part)
    expect(response.headers.get('content-range')).toBe(contentRange)
    expect(response.headers.get('content-length')).toBe(String(part.length))
  })

  test('beyond the end are refused with the size', async () => {
    const response = await fetchKey('a/b/1.mp4', { content: '0123456789', headers: { Range: 'bytes=10-' } })
    expect(response.status).toBe(416)
    expect(response.headers.get('content-range')).toBe('bytes */10')
    expect(await response.text()).toBe('')
  })

  test('several at once are answered with the whole', async () => {
    const response = await fetchKey('a/b/1.mp4', {
      content: '0123456789',
      headers: { Range: 'bytes=0-1,4-5' },
    })
    expect(response.status).toBe(200)
    expect(await response.text()).toBe('0123456789')
  })

  test('of a file that has changed since are answered with the whole new one', async () => {
    const first = await fetchKey('a/b/1.mp4', { content: '0123456789' })
    const headers = { Range: 'bytes=5-', 'If-Range': first.headers.get('etag') ?? '' }
    expect((await fetchKey('a/b/1.mp4', { content: '0123456789', headers })).status).toBe(206)
    const changed = await fetchKey('a/b/1.mp4', { content: 'abcdefghijkl', headers })
    expect(changed.status).toBe(200)
    expect(await changed.text()).toBe('abcdefghijkl')
  })
})

test('who has the file already is sent nothing again', async () => {
  const first = await fetchKey('a/b/1.jpg')
  const etag = first.headers.get('etag') ?? ''
  const again = await fetchKey('a/b/1.jpg', { headers: { 'If-None-Match': etag, Range: 'bytes=0-1' } })
  expect(again.status).toBe(304)
  expect(again.headers.get('etag')).toBe(etag)
  expect(again.headers.get('content-length')).toBeNull()
  expect((await fetchKey('a/b/1.jpg', { headers: { 'If-Match': '"other"' } })).status).toBe(412)
})

test('an empty file is sent as one', async () => {
  const response = await fetchKey('a/b/1.jpg', { content: '' })
  expect(response.status).toBe(200)
  expect(response.headers.get('content-length')).toBe('0')
  expect(await response.text()).toBe('')
})

describe('over a connection', () => {
  const BIG = 32 * 1024 * 1024

  test('HEAD tells the size and opens nothing', async () => {
    const link = await linkTo('a/b/1.mp4', 'x'.repeat(1000))
    await whileServing(async (url) => {
      const response = await fetch(url + link, { method: 'HEAD', headers: { Range: 'bytes=0-1' } })
      expect(response.status).toBe(200)
      expect(response.headers.get('content-length')).toBe('1000')
      expect(await openFiles()).toEqual([])
    })
  })

  test('a large file comes whole', async () => {
    const link = await linkTo('a/b/1.mp4', Buffer.alloc(BIG, 7))
    await whileServing(async (url) => {
      const bytes = Buffer.from(await (await fetch(url + link)).arrayBuffer())
      expect(bytes.equals(Buffer.alloc(BIG, 7))).toBe(true)
    })
    expect(await openFiles()).toEqual([])
  })

  test('a client that does not read holds back the reading of the file', async () => {
    const link = await linkTo('a/b/1.mp4', Buffer.alloc(BIG))
    const read = vi.spyOn(media, 'read')
    await whileServing(async (url) => {
      const { request } = await answered(url + link)
      const stream = await read.mock.results[0]?.value
      await vi.waitFor(() => expect(stream.readableFlowing).toBe(false))
      expect(stream.bytesRead).toBeLessThan(BIG / 2)
      request.destroy()
    })
  })

  test('a client that goes away leaves no file open', async () => {
    const link = await linkTo('a/b/1.mp4', Buffer.alloc(BIG))
    await whileServing(async (url) => {
      const clients = await Promise.all(Array.from({ length: 20 }, () => answered(url + link)))
      expect(await openFiles()).toHaveLength(20)
      for (const { request } of clients) request.destroy()
      await vi.waitFor(async () => expect(await openFiles()).toEqual([]))
    })
  })

  async function whileServing(story: (url: string) => Promise<void>) {
    const server = await startServer(app, { port: 0, host: '127.0.0.1' })
    try {
      await story(server.url)
    } finally {
      await server.close()
    }
  }

  /** Has the head of the answer, and reads no further. */
  function answered(url: string) {
    return new Promise<{ request: ClientRequest; response: IncomingMessage }>((resolve, reject) => {
      const request = get(url, { agent: false }, (response) => resolve({ request, response }))
      request.on('error', reject)
    })
  }

  /** The files under `root` that this process has open. */
  async function openFiles() {
    const descriptors = await readdir('/proc/self/fd')
    const targets = await Promise.all(
      descriptors.map((name) => readlink(`/proc/self/fd/${name}`).catch(() => '')),
    )
    return targets.filter((target) => target.startsWith(root))
  }
})

interface FetchOptions {
  content?: string
  headers?: Record<string, string>
}

async function fetchKey(key: string, { content = key, headers = {} }: FetchOptions = {}) {
  return app.request(await linkTo(key, content), { headers })
}

async function linkTo(key: string, content: string | Buffer = key) {
  await put(key, content)
  return media.signer(now)(encodeKey(key))
}

async function put(key: string, content: string | Buffer = key) {
  const file = path.join(root, key)
  await mkdir(path.dirname(file), { recursive: true })
  await writeFile(file, content)
  await utimes(file, MODIFIED, MODIFIED)
}
