import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Database } from '#src/db/index.ts'
import { streamLinks, streamSigner } from '#src/services/streams/stream-links.ts'
import { hideCreators, publishCreators, showMedia } from '#src/services/whitelabel/publishing.ts'
import { captionsOfMedia } from '#src/services/whitelabel/queries/captions.ts'
import { runSync } from '#src/services/whitelabel/sync/run-sync.ts'
import { encodeKey } from '#src/storage/object-key.ts'
import { createApp } from '#src/web/app.tsx'
import { openTestSite, STREAM_KEY, type TestSite } from '#test/support/app.ts'
import { openTestDatabase, run } from '#test/support/database.ts'
import { hasFfmpeg, linksIn, makeStream, makeVariants } from '#test/support/hls.ts'
import { emptyLibrary } from '#test/support/library.ts'

const WINDOW_SECONDS = 1_800
const PLAYLIST_TYPE = 'application/vnd.apple.mpegurl'

let database: Database
let site: TestSite

beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

beforeEach(async () => {
  await emptyLibrary(database.db)
  site = await openTestSite(database)
})
afterEach(() => site.close())

const playlistLink = (key: string, now = new Date()) =>
  streamLinks({ streamKey: STREAM_KEY, linkSeconds: WINDOW_SECONDS })(now).playlist(encodeKey(key))
const captionsLink = (key: string) =>
  streamLinks({ streamKey: STREAM_KEY, linkSeconds: WINDOW_SECONDS })(new Date()).captions(encodeKey(key))

async function put(files: Record<string, string>) {
  for (const [key, text] of Object.entries(files)) {
    const file = path.join(site.mediaRoot, key)
    await mkdir(path.dirname(file), { recursive: true })
    await writeFile(file, text)
  }
}

async function syncAndPublish() {
  const report = await runSync(site.deps, { startedBy: 'test', allowDeletes: true })
  await publishCreators(database.db, 'all')
  return report
}

const get = (link: string, headers: Record<string, string> = {}) => site.app.request(link, { headers })

/** A library of one stream whose playlist says this. */
async function stream(...lines: string[]) {
  await put({ 'ana/tour/film/index.m3u8': ['#EXTM3U', ...lines].join('\n'), 'ana/tour/1.jpg': 'picture' })
  await syncAndPublish()
}

const warnings = () =>
  site.log.map((line) => JSON.parse(line)).filter(({ level }) => level === 'warn' || level === 40)

describe.skipIf(!hasFfmpeg)('a stream made by ffmpeg', () => {
  test('is one video of its post, and every link in its playlist leads to a segment', async () => {
    await makeStream(path.join(site.mediaRoot, 'ana souza/tour/film #1'))
    expect(await syncAndPublish()).toMatchObject({
      added: { media: 1 },
      ignoredBy: { 'part of a stream': 4 },
    })
    const answered = await get('/api/v1/models/ana%20souza/posts')
    expect(await answered.json()).toMatchObject({ data: [{ imageCount: 0, videoCount: 1 }] })

    const answer = await get(playlistLink('ana souza/tour/film #1/index.m3u8'))
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, PLAYLIST_TYPE])
    expect(answer.headers.get('cache-control')).toMatch(/^private, max-age=\d+$/)
    const playlist = await answer.text()
    expect(playlist).toMatch(/^#EXTM3U\n#EXT-X-VERSION:3\n/)
    const links = linksIn(playlist)
    expect(links).toHaveLength(4)
    for (const link of links) {
      const segment = await get(link)
      const bytes = new Uint8Array(await segment.arrayBuffer())
      expect([segment.status, segment.headers.get('content-type'), bytes[0]]).toEqual([
        200,
        'video/mp2t',
        0x47,
      ])
    }
  })

  test('in variants is one video, whose inner playlists are ours too', async () => {
    await makeVariants(path.join(site.mediaRoot, 'ana/tour/film'))
    expect(await syncAndPublish()).toMatchObject({ added: { media: 1 } })

    const variants = linksIn(await (await get(playlistLink('ana/tour/film/master.m3u8'))).text())
    expect(variants.map((link) => link.split('?')[0])).toEqual([
      '/hls/ana/tour/film/high/index.m3u8',
      '/hls/ana/tour/film/low/index.m3u8',
    ])
    for (const variant of variants) {
      const links = linksIn(await (await get(variant)).text())
      expect(links).toHaveLength(5)
      const types = []
      for (const link of links) types.push((await get(link)).headers.get('content-type'))
      expect(types).toEqual(['video/mp4', ...Array(4).fill('video/iso.segment')])
    }

    await showMedia(database.db, 'ana/tour/film/master.m3u8', false)
    for (const variant of variants) expect((await get(variant)).status).toBe(404)
  })
})

if (!hasFfmpeg) test.skip('ffmpeg is not here (npm run test:setup brings it): the tests above were left out')

describe('a link to a playlist', () => {
  beforeEach(() => stream('#EXTINF:1,', '0.ts'))

  test('ends with its window and no link within outlives it', async () => {
    const made = new Date('2030-01-01T10:29:59Z')
    const link = playlistLink('ana/tour/film/index.m3u8', made)
    const at = (time: string) =>
      createApp({ ...site.deps, now: () => new Date(`2030-01-01T${time}Z`) }).request(link)

    const early = await (await at('10:00:00')).text()
    const late = await at('10:59:50')
    expect(await late.text()).toBe(early)
    expect(late.headers.get('cache-control')).toBe('private, max-age=10')
    expect(linksIn(early)[0]).toContain(`?e=${Date.parse('2030-01-01T11:00:00Z') / 1000}&`)
    expect((await at('11:00:00')).status).toBe(403)
  })

  test('that was changed in any way opens nothing', async () => {
    const link = playlistLink('ana/tour/film/index.m3u8')
    const changed = [
      link.replace('film', 'Film'),
      link.replace('film', '%66ilm'),
      link.replace(/e=\d/, 'e=9'),
      link.replace('?', '?m=ana%2Ftour%2Ffilm%2Findex.m3u8&'),
      link.replace(/s=./, 's=_'),
      link.replace(/&s=.*/, ''),
      link.replace('/hls/', '/captions/'),
      link.replace('/hls/', '/media/'),
      playlistLink('ana/tour/film/index.m3u8', new Date(0)),
    ]
    for (const one of changed) expect([one, (await get(one)).status]).toEqual([one, 403])
    expect((await get(link)).status).toBe(200)
  })

  test.each<[string, () => Promise<unknown>]>([
    ['its post was taken down', () => run(database.db, 'update whitelabel_posts set hidden_at = now()')],
    ['it was taken down itself', () => showMedia(database.db, 'ana/tour/film/index.m3u8', false)],
    ['its creator is no longer public', () => hideCreators(database.db, ['ana'])],
    ['it left the library', () => run(database.db, 'delete from whitelabel_media')],
  ])('shows nothing once %s', async (_, takeDown) => {
    await takeDown()
    const answer = await get(playlistLink('ana/tour/film/index.m3u8'))
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([404, 'no-store'])
  })

  test('is refused to pages of other sites', async () => {
    const elsewhere = { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Dest': 'empty' }
    expect((await get(playlistLink('ana/tour/film/index.m3u8'), elsewhere)).status).toBe(403)
  })

  test('never opens what is no playlist of the library', async () => {
    await put({ 'ana/tour/secret.m3u8x': '#EXTM3U', 'ana/other.m3u8': '#EXTM3U' })
    for (const key of [
      'ana/tour/1.jpg',
      'ana/tour/secret.m3u8x',
      'ana/other.m3u8',
      '../x.m3u8',
      'a%zz.m3u8',
    ]) {
      expect([key, (await get(playlistLink(key))).status]).toEqual([key, 404])
    }
  })
})

describe('a playlist that cannot be played is a calm answer, and a line in the log:', () => {
  test.each<[string, string[], RegExp]>([
    ['it leads out of its folder', ['#EXTINF:1,', '../1.jpg'], /outside of its own folder/],
    ['it leads elsewhere', ['#EXTINF:1,', 'https://elsewhere.example/0.ts'], /elsewhere/],
    ['it is larger than two megabytes', ['# x'.repeat(700_000)], /larger/],
  ])('%s', async (_, lines, reason) => {
    await stream(...lines)
    const answer = await get(playlistLink('ana/tour/film/index.m3u8'))
    expect(answer.status).toBe(422)
    expect(await answer.json()).toMatchObject({
      type: '/problems/broken-stream',
      title: 'Unprocessable Entity',
    })
    expect(warnings()).toMatchObject([
      { msg: 'a video cannot be played', reason: expect.stringMatching(reason) },
    ])
    expect(site.log.join()).not.toContain('ana')
  })

  test.each([
    ['it is none', Buffer.from('<html>')],
    ['it is empty', Buffer.alloc(0)],
    ['it is no UTF-8', Buffer.from([...Buffer.from('#EXTM3U\n'), 0xff])],
  ])('%s', async (_, bytes) => {
    await stream()
    await writeFile(path.join(site.mediaRoot, 'ana/tour/film/index.m3u8'), bytes)
    expect((await get(playlistLink('ana/tour/film/index.m3u8'))).status).toBe(422)
    expect(warnings()).toHaveLength(1)
  })

  test('its file is gone', async () => {
    await stream()
    await writeFile(path.join(site.mediaRoot, 'ana/tour/film/index.m3u8'), '')
    const gone = createApp({ ...site.deps, media: { ...site.deps.media, head: async () => null } })
    expect((await gone.request(playlistLink('ana/tour/film/index.m3u8'))).status).toBe(404)
  })
})

test('an inner playlist that leads out of the stream is refused as well, whatever was signed', async () => {
  await stream('#EXT-X-STREAM-INF:BANDWIDTH=1', 'low/index.m3u8')
  await put({ 'ana/tour/film/low/index.m3u8': '#EXTM3U\n#EXTINF:1,\n../../1.jpg' })
  const [inner = ''] = linksIn(await (await get(playlistLink('ana/tour/film/index.m3u8'))).text())
  expect((await get(inner)).status).toBe(422)
  const expires = new URL(inner, 'http://x').searchParams.get('e') ?? ''
  const sign = streamSigner(Buffer.alloc(32, 9))
  const foreign = sign({ kind: 'hls', encodedKey: 'ana/tour/film/index.m3u8', video: '', expires })
  expect((await get(foreign)).status).toBe(403)
})

test('the playlist of a hand-made post opens too, and closes with the takedown of a synced one', async () => {
  await stream('#EXTINF:1,', '0.ts')
  await put({ 'own/film/index.m3u8': '#EXTM3U\n#EXTINF:1,\n0.ts' })
  await run(
    database.db,
    `insert into models (name) values ('Own');
     insert into posts (model_id, content_url, type) select max(id), 'own/film/index.m3u8', 'video' from models;
     insert into posts (model_id, content_url, type) select max(id), 'ana/tour/film/index.m3u8', 'video' from models`,
  )
  expect((await get(playlistLink('own/film/index.m3u8'))).status).toBe(200)
  await showMedia(database.db, 'ana/tour/film/index.m3u8', false)
  expect((await get(playlistLink('ana/tour/film/index.m3u8'))).status).toBe(404)
})

test('a playlist of three hundred segments is answered quickly', async () => {
  await stream(...Array.from({ length: 300 }, (_, index) => `#EXTINF:6,\n${index}.ts`))
  const link = playlistLink('ana/tour/film/index.m3u8')
  await get(link)
  const started = performance.now()
  expect(linksIn(await (await get(link)).text())).toHaveLength(300)
  expect(performance.now() - started).toBeLessThan(200)
})

describe('captions', () => {
  const WORDS = 'WEBVTT\n\n00:00.000 --> 00:01.000\nOlá\n'

  beforeEach(async () => {
    await put({
      'ana/tour/film.mp4': 'film',
      'ana/tour/film.pt-BR.vtt': WORDS,
      'ana/tour/film.en.vtt': `\uFEFF${WORDS}`,
      'ana/tour/film.vtt': '<script>alert(1)</script>',
    })
    await syncAndPublish()
  })

  test('are found by the key of their video, by language', async () => {
    const found = await captionsOfMedia(database.db, ['ana/tour/film.mp4', 'ana/tour/1.jpg'])
    expect([...found]).toEqual([
      [
        'ana/tour/film.mp4',
        [
          { language: '', url: 'ana/tour/film.vtt' },
          { language: 'en', url: 'ana/tour/film.en.vtt' },
          { language: 'pt-BR', url: 'ana/tour/film.pt-BR.vtt' },
        ],
      ],
    ])
    expect(await captionsOfMedia(database.db, [])).toEqual(new Map())
  })

  test('come from the own origin as captions and as nothing else', async () => {
    for (const key of ['ana/tour/film.pt-BR.vtt', 'ana/tour/film.en.vtt']) {
      const answer = await get(captionsLink(key))
      expect([answer.status, await answer.text()]).toEqual([200, WORDS])
      expect(Object.fromEntries(answer.headers)).toMatchObject({
        'content-type': 'text/vtt; charset=utf-8',
        'x-content-type-options': 'nosniff',
        'content-security-policy': "default-src 'none'; sandbox",
        'cross-origin-resource-policy': 'same-origin',
      })
    }
    expect((await get(captionsLink('ana/tour/film.vtt'))).status).toBe(422)
  })

  test('go with their video, and no link opens what is none', async () => {
    expect((await get(captionsLink('ana/tour/film.mp4'))).status).toBe(404)
    expect((await get(captionsLink('ana/tour/film.en.vtt').replace('en', 'pt-BR'))).status).toBe(403)
    await showMedia(database.db, 'ana/tour/film.mp4', false)
    expect((await get(captionsLink('ana/tour/film.en.vtt'))).status).toBe(404)
  })
})

test('parts of a stream are served as what they are, and never as a page', async () => {
  await put({ 'a/0.ts': '', 'a/0.m4s': '', 'a/0.aac': '', 'a/0.vtt': '', 'a/0.m3u8': '', 'a/0.key': '' })
  const sign = site.deps.media.signer(new Date())
  const answers = []
  for (const extension of ['ts', 'm4s', 'aac', 'vtt', 'm3u8', 'key']) {
    const { headers } = await get(sign(`a/0.${extension}`))
    expect(headers.get('content-security-policy')).toContain('sandbox')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    answers.push([headers.get('content-type'), headers.get('content-disposition')?.split(';')[0]])
  }
  expect(answers).toEqual([
    ['video/mp2t', 'inline'],
    ['video/iso.segment', 'inline'],
    ['audio/aac', 'inline'],
    ['text/vtt; charset=utf-8', 'inline'],
    [PLAYLIST_TYPE, 'inline'],
    ['application/octet-stream', 'attachment'],
  ])
})

test('segments behind an origin of their own may be read by scripts of the site, and of no other', async () => {
  const env = { MEDIA_BASE_URL: 'https://cdn.example', BASE_URL: 'https://films.example' }
  const withCdn = await openTestSite(database, { env, mediaRoot: site.mediaRoot })
  await put({ 'a/0.ts': 'x' })
  const { headers } = await withCdn.app.request(withCdn.deps.media.signer(new Date())('a/0.ts'))
  expect(headers.get('access-control-allow-origin')).toBe('https://films.example')
  expect(
    (await get(site.deps.media.signer(new Date())('a/0.ts'))).headers.has('access-control-allow-origin'),
  ).toBe(false)
})
