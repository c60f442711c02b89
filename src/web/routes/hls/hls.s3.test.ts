import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { type CORSConfiguration, PutBucketCorsCommand, S3Client } from '@aws-sdk/client-s3'
import type { Hono } from 'hono'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from '#src/db/index.ts'
import { streamLinks } from '#src/services/streams/stream-links.ts'
import { publishCreators } from '#src/services/whitelabel/publishing.ts'
import type { SignLink } from '#src/storage/media-store.ts'
import { openS3Store } from '#src/storage/s3-store.ts'
import { createApp } from '#src/web/app.tsx'
import type { AppEnv } from '#src/web/app-env.ts'
import { openTestSite, STREAM_KEY, type TestSite } from '#test/support/app.ts'
import { openTestDatabase } from '#test/support/database.ts'
import { hasFfmpeg, linksIn, makeStream, makeVariants } from '#test/support/hls.ts'
import { syncFrom } from '#test/support/library.ts'
import { type S3Server, startS3Server } from '#test/support/s3-server.ts'

const BUCKET = 'films'
const links = streamLinks({ streamKey: STREAM_KEY, linkSeconds: 1_800 })

let database: Database
let site: TestSite
let s3: S3Server
let app: Hono<AppEnv>
let folder: string
let signOriginal: SignLink

beforeAll(async () => {
  database = await openTestDatabase()
  site = await openTestSite(database)
  s3 = await startS3Server()
  await s3.createBucket(BUCKET)
  const media = await openS3Store({
    bucket: BUCKET,
    endpoint: s3.endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    accessKeyId: s3.accessKeyId,
    secretAccessKey: s3.secretAccessKey,
    prefix: 'our media/',
    linkSeconds: 1_800,
  })
  signOriginal = media.signer(new Date())
  folder = await mkdtemp(path.join(os.tmpdir(), 'streams-'))
  app = createApp({ ...site.deps, media, env: { ...site.deps.env, S3_BUCKET: BUCKET } })
  if (hasFfmpeg) {
    await makeStream(path.join(folder, 'ana/tour/film #1'))
    await makeVariants(path.join(folder, 'ana/tour/film 2'))
  }
  await upload({ 'ana/tour/film #1/captions.en.vtt': 'WEBVTT\n', 'ana/tour/1.jpg': 'picture' })
  await syncFrom(database, media)
  await publishCreators(database.db, 'all')
})
afterAll(async () => {
  await Promise.all([s3?.close(), site?.close(), database?.close()])
  await rm(folder, { recursive: true, force: true })
})

async function upload(texts: Record<string, string>) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  for (const file of entries.filter((entry) => entry.isFile())) {
    const absolute = path.join(file.parentPath, file.name)
    await s3.put(BUCKET, `our media/${path.relative(folder, absolute)}`, await readFile(absolute))
  }
  for (const [key, text] of Object.entries(texts)) await s3.put(BUCKET, `our media/${key}`, text)
}

const playlist = async (link: string) => {
  const answer = await app.request(link)
  expect([link, answer.status]).toEqual([link, 200])
  return linksIn(await answer.text())
}

test.skipIf(!hasFfmpeg)('segments of a stream in a bucket come from the bucket itself', async () => {
  const segments = await playlist(links(new Date()).playlist('ana/tour/film%20%231/index.m3u8'))
  expect(segments).toHaveLength(4)
  for (const segment of segments) {
    expect(segment.startsWith(`${s3.endpoint}/${BUCKET}/our%20media/ana/`)).toBe(true)
    const answer = await fetch(segment)
    const [first] = new Uint8Array(await answer.arrayBuffer())
    expect([answer.status, first]).toEqual([200, 0x47])
    expect((await fetch(segment.replace(/.$/, (last) => (last === '0' ? '1' : '0')))).status).toBe(403)
  }
  expect(await playlist(links(new Date()).playlist('ana/tour/film%20%231/index.m3u8'))).toEqual(segments)
})

test.skipIf(!hasFfmpeg)(
  'its inner playlists come from the site, and their segments from the bucket',
  async () => {
    const variants = await playlist(links(new Date()).playlist('ana/tour/film%202/master.m3u8'))
    expect(variants).toHaveLength(2)
    for (const variant of variants) {
      const segments = await playlist(variant)
      expect(segments).toHaveLength(5)
      for (const segment of segments) expect((await fetch(segment)).status).toBe(200)
    }
  },
)

test.skipIf(!hasFfmpeg)('captions of a stream in a bucket come from the site', async () => {
  const answer = await app.request(links(new Date()).captions('ana/tour/film%20%231/captions.en.vtt'))
  expect([answer.status, await answer.text()]).toEqual([200, 'WEBVTT\n'])
})

test('the CORS rule of docs/operating.md lets the scripts of the site read a segment, and of no other', async () => {
  const client = new S3Client({
    endpoint: s3.endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId: s3.accessKeyId, secretAccessKey: s3.secretAccessKey },
  })
  await client.send(new PutBucketCorsCommand({ Bucket: BUCKET, CORSConfiguration: await documentedRule() }))
  client.destroy()

  const link = signOriginal('ana/tour/1.jpg')
  const allowed = async (origin: string) => {
    const { status, headers } = await fetch(link, { headers: { Origin: origin, Range: 'bytes=0-3' } })
    return [status, headers.get('access-control-allow-origin')]
  }
  expect(await allowed('https://films.example.com')).toEqual([206, 'https://films.example.com'])
  expect(await allowed('https://elsewhere.example')).toEqual([206, null])
  const asked = await fetch(link, {
    method: 'OPTIONS',
    headers: {
      Origin: 'https://films.example.com',
      'Access-Control-Request-Method': 'GET',
      'Access-Control-Request-Headers': 'range',
    },
  })
  expect([asked.status, asked.headers.get('access-control-allow-headers')?.toLowerCase()]).toEqual([
    200,
    'range',
  ])
})

async function documentedRule(): Promise<CORSConfiguration> {
  const text = await readFile('docs/operating.md', 'utf8')
  return JSON.parse(/cat > cors\.json <<'END'\n(.*?)\nEND/s.exec(text)?.[1] ?? '')
}

if (!hasFfmpeg) test.skip('ffmpeg is not here (npm run test:setup brings it): the tests above were left out')
