import { createRequire } from 'node:module'
import { expect, onTestFinished, test } from 'vitest'
import { readEnv } from '#src/env.ts'
import { openMediaStore, SAMPLE_SOURCE } from '#src/storage/open-store.ts'

const BUCKET = {
  S3_BUCKET: 'films',
  S3_REGION: 'sa-east-1',
  S3_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
  S3_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
}
const NOW = new Date('2026-03-01T10:45:00Z')

test("Amazon's SDK is loaded for a bucket and not for a folder", async () => {
  const { cache } = createRequire(import.meta.url)
  const sdkModules = () => Object.keys(cache).filter((file) => file.includes('/@aws-sdk/'))
  await openedStore({})
  expect(sdkModules()).toEqual([])
  await openedStore(BUCKET)
  expect(sdkModules()).not.toEqual([])
})

test('without any setting the library is the sample in the data folder', async () => {
  const store = await openedStore({ DATA_DIR: '/srv/creatorflix' })
  expect(store.source).toBe(SAMPLE_SOURCE)
  expect(store.signer(NOW)('a.jpg')).toMatch(/^\/media\/a\.jpg\?e=1772364600&s=/)
})

test('MEDIA_DIR names the folder, MEDIA_LINK_SECONDS the window and MEDIA_BASE_URL the origin of its links', async () => {
  const store = await openedStore({
    MEDIA_DIR: '/srv/media',
    MEDIA_LINK_SECONDS: '60',
    MEDIA_BASE_URL: 'https://cdn.example/',
  })
  expect(store.source).toBe('folder /srv/media')
  expect(store.windowEnd(NOW)).toEqual(new Date('2026-03-01T10:46:00Z'))
  expect(store.signer(NOW)('a.jpg')).toMatch(/^https:\/\/cdn\.example\/media\/a\.jpg\?e=1772362020&s=/)
})

test.each([
  ["Amazon's bucket by its region", {}, 'https://films.s3.sa-east-1.amazonaws.com/a.jpg?'],
  ['a region in China', { S3_REGION: 'cn-north-1' }, 'https://films.s3.cn-north-1.amazonaws.com.cn/a.jpg?'],
  [
    'a bucket whose name is no host name',
    { S3_BUCKET: 'my.films' },
    'https://s3.sa-east-1.amazonaws.com/my.films/a.jpg?',
  ],
  [
    'path style on demand',
    { S3_FORCE_PATH_STYLE: 'true' },
    'https://s3.sa-east-1.amazonaws.com/films/a.jpg?',
  ],
  ['another endpoint', { S3_ENDPOINT: 'http://127.0.0.1:9000' }, 'http://127.0.0.1:9000/films/a.jpg?'],
  [
    'another endpoint below a path',
    { S3_ENDPOINT: 'https://a.example/s3/' },
    'https://a.example/s3/films/a.jpg?',
  ],
  [
    'another endpoint with the bucket in the host',
    { S3_ENDPOINT: 'https://a.example', S3_FORCE_PATH_STYLE: 'false' },
    'https://films.a.example/a.jpg?',
  ],
  [
    'a prefix',
    { S3_PREFIX: 'acervo são' },
    'https://films.s3.sa-east-1.amazonaws.com/acervo%20s%C3%A3o/a.jpg?',
  ],
  ['a CDN in front', { MEDIA_BASE_URL: 'https://cdn.example' }, 'https://cdn.example/a.jpg?'],
])('links lead to %s', async (_, settings, start) => {
  const store = await openedStore({ ...BUCKET, ...settings })
  expect(store.signer(NOW)('a.jpg')).toContain(start)
  expect(store.signer(NOW)('a.jpg')).toContain('X-Amz-Date=20260301T103000Z&X-Amz-Expires=3600')
})

test('a bucket is named with its prefix and host', async () => {
  expect((await openedStore(BUCKET)).source).toBe('s3://films/ at s3.sa-east-1.amazonaws.com')
  const elsewhere = { ...BUCKET, S3_PREFIX: 'library', S3_ENDPOINT: 'https://a.example' }
  expect((await openedStore(elsewhere)).source).toBe('s3://films/library/ at a.example')
})

async function openedStore(variables: Record<string, string>) {
  const store = await openMediaStore(readEnv(variables), { linkKey: Buffer.alloc(32, 1) })
  onTestFinished(() => store.close())
  return store
}
