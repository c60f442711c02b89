import { once } from 'node:events'
import http from 'node:http'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ListingIncomplete } from '#src/storage/listing-incomplete.ts'
import type { MediaStore } from '#src/storage/media-store.ts'
import { compareKeys, encodeKey } from '#src/storage/object-key.ts'
import { openS3Store, type S3StoreSettings } from '#src/storage/s3-store.ts'
import { HARD_KEYS } from '#test/support/hard-keys.ts'
import { type S3Server, startS3Server } from '#test/support/s3-server.ts'

let s3: S3Server
const opened: MediaStore[] = []

beforeAll(async () => {
  s3 = await startS3Server()
  await s3.createBucket('hard-keys')
  await inParallel(10, HARD_KEYS, (key) => s3.put('hard-keys', key, key))
}, 120_000)
afterAll(async () => {
  await Promise.all(opened.map((store) => store.close()))
  await s3.close()
})

describe('hard keys', () => {
  test('are listed byte for byte', async () => {
    const store = await openedStore()
    expect(await listedKeys(store)).toEqual(HARD_KEYS.toSorted(compareKeys))
  })

  test('can each be asked for and read', async () => {
    const store = await openedStore()
    await inParallel(10, HARD_KEYS, async (key) => {
      expect(await store.head(key), JSON.stringify(key)).toMatchObject({ key, size: Buffer.byteLength(key) })
      expect(await content(store, key), JSON.stringify(key)).toBe(key)
    })
  })

  test('are each behind their own signed link', async () => {
    const sign = (await openedStore()).signer(new Date())
    await inParallel(10, HARD_KEYS, async (key) => {
      expect(await fetched(sign(encodeKey(key)))).toEqual([200, key])
    })
  })

  test('are listed by a page at a time below a prefix that is hard itself', async () => {
    await s3.createBucket('hard-prefix')
    const keys = HARD_KEYS.slice(0, 30)
    await inParallel(10, keys, (key) => s3.put('hard-prefix', `acervo são+%2F/${key}`, key))
    await s3.put('hard-prefix', 'acervo são+%2F.jpg', 'a neighbour')
    const store = await openedStore({ bucket: 'hard-prefix', prefix: 'acervo são+%2F/' })

    expect(await listedKeys(store)).toEqual(keys.toSorted(compareKeys))
    for (const key of keys) {
      expect(await fetched(store.signer(new Date())(encodeKey(key)))).toEqual([200, key])
      expect(await store.head(key)).toMatchObject({ key })
    }
  })
})

describe('a signed link', () => {
  const keys = ['lia/2024 são/1+1.jpg', 'lia/post/2.jpg', 'one-segment.jpg']
  let links: string[]

  beforeAll(async () => {
    await s3.createBucket('signed-links')
    await s3.createBucket('other-bucket')
    for (const key of [...keys, 'lia/post/secret.jpg']) {
      await s3.put('signed-links', key, key)
      await s3.put('other-bucket', key, key)
    }
    const store = await openedStore({ bucket: 'signed-links' })
    links = keys.map(encodeKey).map(store.signer(new Date()))
  })

  test('opens its object, and spans of it', async () => {
    for (const [index, link] of links.entries()) expect(await fetched(link)).toEqual([200, keys[index]])
    const writtenAnew = new URL(links[0] ?? '')
    parameter('X-Amz-Expires', (seconds) => seconds)(writtenAnew)
    expect(await fetched(writtenAnew.href)).toEqual([200, keys[0]])
    const span = await fetch(links[1] ?? '', { headers: { range: 'bytes=4-7' } })
    expect([span.status, await span.text()]).toEqual([206, 'post'])
  })

  test('opens its object where the bucket is part of the host name', async () => {
    const endpoint = s3.endpoint.replace('127.0.0.1', 'localhost')
    const store = await openedStore({ bucket: 'signed-links', endpoint, forcePathStyle: false })
    const link = new URL(store.signer(new Date())('lia/post/2.jpg'))
    expect(link.hostname).toBe('signed-links.localhost')

    // Not every system resolves names below localhost, so the connection goes to the address and names the host.
    const { host, port, pathname, search } = link
    const request = http.get({ host: '127.0.0.1', port, path: pathname + search, headers: { host } })
    const [answer] = (await once(request, 'response')) as [http.IncomingMessage]
    expect([answer.statusCode, (await buffer(answer)).toString()]).toEqual([200, 'lia/post/2.jpg'])
  })

  const parameter = (name: string, change: (value: string) => string) => (link: URL) =>
    link.searchParams.set(name, change(link.searchParams.get(name) ?? ''))
  const withoutParameter = (name: string) => (link: URL) => link.searchParams.delete(name)
  const anotherDigit = (text: string, at: number) =>
    text.slice(0, at) + (text[at] === '0' ? '1' : '0') + text.slice(at + 1)
  const later = (time: string) => time.replace(/\d\d(?=Z$)/, (seconds) => (seconds === '00' ? '01' : '00'))

  const listingOfBucket = (link: URL) => {
    link.pathname = '/signed-links/'
    link.searchParams.set('list-type', '2')
  }

  const changes: [what: string, change: (link: URL) => void][] = [
    ['another key', (link) => (link.pathname = '/signed-links/lia/post/secret.jpg')],
    ['a longer key', (link) => (link.pathname += '.jpg')],
    ['a key in another case', (link) => (link.pathname = link.pathname.replace('.jpg', '.JPG'))],
    ['another bucket', (link) => (link.pathname = link.pathname.replace('signed-links', 'other-bucket'))],
    ['the bucket itself', (link) => (link.pathname = '/signed-links')],
    ['the listing of the bucket', listingOfBucket],
    ['another host', (link) => (link.hostname = 'localhost')],
    ['a longer life', parameter('X-Amz-Expires', (seconds) => `${Number(seconds) + 1}`)],
    ['the longest life', parameter('X-Amz-Expires', () => '604800')],
    ['an endless life', parameter('X-Amz-Expires', () => '99999999999')],
    ['a negative life', parameter('X-Amz-Expires', () => '-1')],
    ['no end', withoutParameter('X-Amz-Expires')],
    ['a later start', parameter('X-Amz-Date', later)],
    ['no start', withoutParameter('X-Amz-Date')],
    [
      'another day in the scope',
      parameter('X-Amz-Credential', (scope) => scope.replace(/\d{8}/, '20200101')),
    ],
    ['another region', parameter('X-Amz-Credential', (scope) => scope.replace('us-east-1', 'eu-west-1'))],
    ['another service', parameter('X-Amz-Credential', (scope) => scope.replace('/s3/', '/sts/'))],
    ['another access key', parameter('X-Amz-Credential', (scope) => scope.replace('TESTKEY', 'OTHERKEY'))],
    ['no credential', withoutParameter('X-Amz-Credential')],
    ['more headers signed', parameter('X-Amz-SignedHeaders', () => 'accept;host')],
    ['no headers signed', parameter('X-Amz-SignedHeaders', () => '')],
    ['another algorithm', parameter('X-Amz-Algorithm', () => 'AWS4-HMAC-SHA1')],
    ['no algorithm', withoutParameter('X-Amz-Algorithm')],
    ['an empty signature', parameter('X-Amz-Signature', () => '')],
    ['half a signature', parameter('X-Amz-Signature', (signature) => signature.slice(0, 32))],
    ['a signature of zeros', parameter('X-Amz-Signature', () => '0'.repeat(64))],
    ['a signature in capitals', parameter('X-Amz-Signature', (signature) => signature.toUpperCase())],
    ['no signature', withoutParameter('X-Amz-Signature')],
    ['nothing but its address', (link) => (link.search = '')],
    ['a word about the answer', (link) => link.searchParams.set('response-content-type', 'text/html')],
    ['a version', (link) => link.searchParams.set('versionId', 'null')],
    ...[0, 1, 31, 62, 63].map((at): [string, (link: URL) => void] => [
      `another digit at ${at} of the signature`,
      parameter('X-Amz-Signature', (signature) => anotherDigit(signature, at)),
    ]),
  ]

  test.each(changes)('is refused with %s', async (_, change) => {
    for (const link of links) {
      const changed = new URL(link)
      change(changed)
      const [status] = await fetched(changed.href)
      expect([400, 403], changed.href).toContain(status)
    }
  })

  test.each(['HEAD', 'PUT', 'POST', 'DELETE'])('is refused for %s', async (method) => {
    for (const link of links) expect((await fetch(link, { method })).status).toBe(403)
  })

  test('is refused once it has expired', async () => {
    const store = await openedStore({ bucket: 'signed-links', linkSeconds: 60 })
    const threeWindowsAgo = new Date(Date.now() - 180_000)
    const [status, body] = await fetched(store.signer(threeWindowsAgo)('lia/post/2.jpg'))
    expect(status).toBe(403)
    expect(body).toContain('AccessDenied')
  })

  test('is refused when made with another secret', async () => {
    const store = await openedStore({ bucket: 'signed-links', secretAccessKey: 'OTHERSECRET' })
    const [status, body] = await fetched(store.signer(new Date())('lia/post/2.jpg'))
    expect(status).toBe(403)
    expect(body).toContain('SignatureDoesNotMatch')
  })
})

test('a library of several thousand objects is listed whole, each object once', async () => {
  await s3.createBucket('several-thousand')
  const keys = Array.from({ length: 2_600 }, (_, index) => {
    const creator = index < 1_300 ? 'biggest' : `creator-${index % 40}`
    return `library/${creator}/post-${index % 9}/${index}.jpg`
  })
  await inParallel(20, keys, (key) => s3.put('several-thousand', key, key))

  expect(await listedKeys(await openedStore({ bucket: 'several-thousand' }))).toEqual(
    keys.toSorted(compareKeys),
  )
  const below = await listedKeys(await openedStore({ bucket: 'several-thousand', prefix: 'library/' }))
  expect(below).toEqual(keys.map((key) => key.slice('library/'.length)).toSorted(compareKeys))
})

test('an object that goes away or changes is seen so', async () => {
  await s3.createBucket('changing')
  const store = await openedStore({ bucket: 'changing' })
  expect(await store.head('lia/1.jpg')).toBeNull()
  await s3.put('changing', 'lia/1.jpg', 'one')
  const [[before] = []] = await collect(store.list())
  expect(await store.head('lia/1.jpg')).toMatchObject({ etag: before?.etag, size: 3 })

  await s3.put('changing', 'lia/1.jpg', 'two')
  expect((await store.head('lia/1.jpg'))?.etag).not.toBe(before?.etag)
  await s3.remove('changing', 'lia/1.jpg')
  expect(await store.head('lia/1.jpg')).toBeNull()
  expect(await store.read('lia/1.jpg')).toBeNull()
  expect(await collect(store.list())).toEqual([])
})

describe('what is set up wrongly is told apart:', () => {
  test.each<[string, Partial<S3StoreSettings>, string]>([
    ['the access key', { accessKeyId: 'OTHERKEY' }, 'does not know the access key. Check S3_ACCESS_KEY_ID.'],
    [
      'the secret',
      { secretAccessKey: 'OTHERSECRET' },
      'does not accept the signature. Check S3_SECRET_ACCESS_KEY.',
    ],
    ['the bucket', { bucket: 'no-such-bucket' }, 'There is no bucket "no-such-bucket" at'],
  ])('%s', async (_, settings, words) => {
    const store = await openedStore(settings)
    await expect(listedKeys(store)).rejects.toThrow(ListingIncomplete)
    await expect(listedKeys(store)).rejects.toThrow(words)
    await expect(store.ping()).rejects.toThrow(words)
    await expect(store.read('lia/1.jpg')).rejects.toThrow(words)
  })
})

async function openedStore(settings: Partial<S3StoreSettings> = {}): Promise<MediaStore> {
  const { endpoint, accessKeyId, secretAccessKey } = s3
  const store = await openS3Store({
    bucket: 'hard-keys',
    region: 'us-east-1',
    endpoint,
    accessKeyId,
    secretAccessKey,
    prefix: '',
    linkSeconds: 1800,
    ...settings,
  })
  opened.push(store)
  return store
}

async function listedKeys(store: MediaStore) {
  const objects = (await collect(store.list())).flat()
  return objects.map(({ key }) => key).toSorted(compareKeys)
}

async function collect<T>(items: AsyncIterable<T>) {
  const collected: T[] = []
  for await (const item of items) collected.push(item)
  return collected
}

async function content(store: MediaStore, key: string) {
  const stream = await store.read(key)
  return stream && (await buffer(stream)).toString()
}

/** Decoded by hand: `text()` would drop a byte order mark. */
async function fetched(link: string): Promise<[status: number, body: string]> {
  const answer = await fetch(link)
  return [answer.status, Buffer.from(await answer.arrayBuffer()).toString()]
}

async function inParallel<T>(lanes: number, items: readonly T[], task: (item: T) => Promise<void>) {
  const waiting = items.values()
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      for (const item of waiting) await task(item)
    }),
  )
}
