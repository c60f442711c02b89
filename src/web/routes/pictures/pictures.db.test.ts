import { mkdir, rm, utimes, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { eq, sql } from 'drizzle-orm'
import sharp from 'sharp'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Database } from '#src/db/index.ts'
import { mediaDetails, unreadableObjects } from '#src/db/media-tables.ts'
import { models, whitelabelMedia, whitelabelModels, whitelabelPosts } from '#src/db/schema.ts'
import { GUEST } from '#src/services/access/viewer.ts'
import { type PictureSize, pictureLinks, type Variant } from '#src/services/derivatives/picture-links.ts'
import { listUnreadable } from '#src/services/derivatives/queries/unreadable-objects.ts'
import { sweepDerivatives } from '#src/services/derivatives/sweep.ts'
import { encodeKey } from '#src/storage/object-key.ts'
import { createApp } from '#src/web/app.tsx'
import { openTestSite, PICTURE_KEY, type TestSite } from '#test/support/app.ts'
import { openTestDatabase } from '#test/support/database.ts'
import { hasFfmpeg, makeStream, makeVariants } from '#test/support/hls.ts'
import { animation, claimedSize, photo, photoFromPhone, stripes, video } from '#test/support/pictures.ts'

const LINK_SECONDS = 1_800

let database: Database
let site: TestSite
let creators = 0

beforeAll(async () => {
  database = await openTestDatabase()
  site = await openTestSite(database)
})
afterAll(async () => {
  await site.close()
  await database.close()
})

const linksAt = (now: Date) => pictureLinks({ pictureKey: PICTURE_KEY, linkSeconds: LINK_SECONDS })(now)
const signed = (key: string, size: PictureSize) => linksAt(new Date()).signed(encodeKey(key), size)
const lasting = (key: string, variant: Variant) => linksAt(new Date()).lasting(encodeKey(key), variant)

/** A published creator with one post of one file. */
async function given(file: string, bytes: Uint8Array): Promise<string> {
  const creator = `creator ${++creators}`
  await site.addCreator(creator, { post: { [file]: bytes } })
  return `${creator}/post/${file}`
}

/** As the next sync would, after the file was replaced. */
async function replace(key: string, bytes: Uint8Array, etag: string) {
  await writeFile(path.join(site.mediaRoot, key), bytes)
  await database.db.update(whitelabelMedia).set({ etag }).where(eq(whitelabelMedia.s3Key, key))
}

/** As a sync knows a folder with a playlist: one video. */
async function givenStream(playlist: string, content: string) {
  const key = await given(playlist, Buffer.from(content))
  await database.db.update(whitelabelMedia).set({ type: 'video' }).where(eq(whitelabelMedia.s3Key, key))
  return key
}

const ask = (link: string, headers: Record<string, string> = {}) => site.app.request(link, { headers })
const statusOf = async (link: string, headers?: Record<string, string>) => (await ask(link, headers)).status
const pictureAt = async (link: string) => Buffer.from(await (await ask(link)).arrayBuffer())
const sizeAt = async (link: string) => {
  const { format, width, height } = await sharp(await pictureAt(link)).metadata()
  return { format, width, height }
}
const detailsOf = async (key: string) =>
  (await database.db.select().from(mediaDetails).where(eq(mediaDetails.objectKey, key)))[0]
const onTheList = async (key: string) => (await listUnreadable(database.db)).find((one) => one.key === key)

describe('a photo', () => {
  test('is sent upright, without the place where it was taken', async () => {
    const original = await photoFromPhone({ width: 1_200, height: 800 })
    expect(original.includes('Exif')).toBe(true)
    const key = await given('1.jpg', original)

    const card = await pictureAt(signed(key, 'card'))
    const { format, width, height, exif, orientation, icc } = await sharp(card).metadata()
    expect({ format, width, height, exif, orientation, icc }).toEqual({
      format: 'webp',
      width: 640,
      height: 960,
    })
    expect(await detailsOf(key)).toMatchObject({
      width: 800,
      height: 1_200,
      durationMs: null,
      thumbhash: expect.stringMatching(/^[A-Za-z0-9+/]{20,}=*$/),
    })
  })

  test('is sent as wide as the page asks for, and never enlarged', async () => {
    const key = await given('1.jpg', await photo({ width: 1_000, height: 500 }))
    expect(await sizeAt(signed(key, 'thumb'))).toEqual({ format: 'webp', width: 320, height: 160 })
    expect(await sizeAt(signed(key, 'full'))).toEqual({ format: 'webp', width: 1_000, height: 500 })
  })

  test('is a fog in its teaser, and in what other sites show of it', async () => {
    const key = await given('1.png', await stripes({ width: 1_000, height: 500 }))
    expect(await sizeAt(lasting(key, 'teaser'))).toEqual({ format: 'webp', width: 400, height: 200 })
    expect(await sizeAt(lasting(key, 'share'))).toEqual({ format: 'jpeg', width: 1_200, height: 630 })
    for (const variant of ['teaser', 'share'] as const) {
      const { channels } = await sharp(await pictureAt(lasting(key, variant))).stats()
      expect(channels[0]?.stdev, variant).toBeLessThan(12)
    }
    expect((await sharp(await pictureAt(signed(key, 'page'))).stats()).channels[0]?.stdev).toBeGreaterThan(
      100,
    )
  })

  test.each(['png', 'webp', 'avif', 'gif'] as const)('may be a %s, whatever it is named', async (format) => {
    const picture = await sharp(await photo())
      .toFormat(format)
      .toBuffer()
    expect(await statusOf(signed(await given('1.jpg', picture), 'thumb'))).toBe(200)
  })

  test('that breaks off shows as far as it goes', async () => {
    const whole = await sharp(await stripes({ width: 1_200, height: 900 }))
      .jpeg()
      .toBuffer()
    const key = await given('1.jpg', whole.subarray(0, whole.length / 2))
    expect(await sizeAt(signed(key, 'thumb'))).toMatchObject({ width: 320, height: 240 })
  })

  test('of 2,000 frames shows the first', async () => {
    const key = await given('1.gif', await animation(2_000))
    expect(await sizeAt(signed(key, 'thumb'))).toEqual({ format: 'webp', width: 8, height: 8 })
  })

  test('with a hard name is found by it', async () => {
    const key = await given('né #1 (100%)?.jpg', await photo())
    expect(await statusOf(signed(key, 'thumb'))).toBe(200)
  })
})

describe('a file that is no good picture', () => {
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'

  test.each([
    ['words', 'not a picture', async () => Buffer.from('not a picture at all')],
    ['nothing', 'not a picture', async () => Buffer.alloc(0)],
    ['an SVG', 'not a picture', async () => Buffer.from(svg)],
    ['a PDF', 'not a picture', async () => Buffer.from('%PDF-1.7\n1 0 obj')],
    ['30,000 × 30,000 pixels', 'too large', () => claimedSize({ width: 30_000, height: 30_000 })],
  ])('but %s ends in the list as %s, is read once, and harms nobody', async (_, reason, bytes) => {
    const key = await given('1.jpg', await bytes())
    const made = vi.spyOn(site.deps.imaging, 'ofPicture')
    for (let time = 0; time < 20; time++) {
      const response = await ask(signed(key, 'card'))
      expect(response.status).toBe(404)
      expect(response.headers.get('cache-control')).toBe('private, max-age=60')
      expect(await response.json()).toMatchObject({ type: '/problems/no-picture' })
    }
    expect(made).toHaveBeenCalledTimes(1)
    expect(await onTheList(key)).toMatchObject({ reason, times: 20 })
    expect(await statusOf(signed(await given('1.jpg', await photo()), 'card'))).toBe(200)
  })

  test('is tried again when its content has changed, and leaves the list', async () => {
    const key = await given('1.jpg', Buffer.from('soon'))
    expect(await statusOf(signed(key, 'thumb'))).toBe(404)
    await replace(key, await photo(), 'the good one')
    expect(await statusOf(signed(key, 'thumb'))).toBe(200)
    expect(await onTheList(key)).toBeUndefined()
  })

  test('but is not there is counted, looked for once a minute, and shown when it is back', async () => {
    const key = await given('1.jpg', await photo())
    await database.db.update(whitelabelMedia).set({ etag: 'known' }).where(eq(whitelabelMedia.s3Key, key))
    await rm(path.join(site.mediaRoot, key))
    const looked = vi.spyOn(site.deps.media, 'locate')
    for (let time = 0; time < 3; time++) expect(await statusOf(signed(key, 'thumb'))).toBe(404)
    expect(looked).toHaveBeenCalledTimes(1)
    expect(await onTheList(key)).toMatchObject({ reason: 'missing', times: 3 })

    await writeFile(path.join(site.mediaRoot, key), await photo())
    expect(await statusOf(signed(key, 'thumb'))).toBe(404)
    await aMinuteLater(key)
    expect(await statusOf(signed(key, 'thumb'))).toBe(200)
    expect(await onTheList(key)).toBeUndefined()
  })

  test('or is not there, unknown to any sync, is found a minute after it came', async () => {
    const key = await given('1.jpg', await photo())
    await rm(path.join(site.mediaRoot, key))
    expect([await statusOf(signed(key, 'thumb')), await statusOf(signed(key, 'thumb'))]).toEqual([404, 404])
    expect(await onTheList(key)).toMatchObject({ reason: 'missing', times: 2 })
    await writeFile(path.join(site.mediaRoot, key), await photo())
    await aMinuteLater(key)
    expect(await statusOf(signed(key, 'thumb'))).toBe(200)
  })

  const aMinuteLater = (key: string) =>
    database.db
      .update(unreadableObjects)
      .set({ lastNoticedAt: sql`now() - interval '61 seconds'` })
      .where(eq(unreadableObjects.objectKey, key))
})

describe('making', () => {
  test('is done once for fifty who ask at the same moment', async () => {
    const key = await given('1.jpg', await photo({ width: 3_000, height: 2_000 }))
    const made = vi.spyOn(site.deps.imaging, 'ofPicture')
    const answers = await Promise.all(Array.from({ length: 50 }, () => statusOf(signed(key, 'card'))))
    expect(new Set(answers)).toEqual(new Set([200]))
    expect(made).toHaveBeenCalledTimes(1)
  })

  test('is done once for all nodes', async () => {
    const key = await given('1.jpg', await photo({ width: 3_000, height: 2_000 }))
    const other = await openTestSite(database, {
      mediaRoot: site.mediaRoot,
      env: { APP_STORAGE: path.join(site.mediaRoot, 'storage') },
    })
    const made = [site, other].map(({ deps }) => vi.spyOn(deps.imaging, 'ofPicture'))
    const link = signed(key, 'page')
    const answers = await Promise.all([site, other].map(({ app }) => app.request(link)))
    expect(answers.map(({ status }) => status)).toEqual([200, 200])
    // The embedded database has one process, and so one node.
    const calls = made.reduce((count, { mock }) => count + mock.calls.length, 0)
    if (database.kind === 'server') expect(calls).toBe(1)
    await other.close()
  })

  test('is not done again for what is kept', async () => {
    const key = await given('1.jpg', await photo())
    const first = await pictureAt(signed(key, 'card'))
    const made = vi.spyOn(site.deps.imaging, 'ofPicture')
    expect((await pictureAt(signed(key, 'card'))).equals(first)).toBe(true)
    expect(made).not.toHaveBeenCalled()
  })

  test('is done anew when the content has changed, and what was made of the old one goes', async () => {
    const key = await given('1.jpg', await photo({ width: 400, height: 200 }))
    await replace(key, await photo({ width: 400, height: 200 }), 'old')
    const old = await ask(signed(key, 'thumb'))
    const removed = vi.spyOn(site.deps.appStorage, 'removeAll')
    await replace(key, await photo({ width: 200, height: 400 }), 'new')
    const anew = await ask(signed(key, 'thumb'))
    expect(anew.headers.get('etag')).not.toBe(old.headers.get('etag'))
    expect(await detailsOf(key)).toMatchObject({ width: 200, height: 400, etag: 'new' })
    expect(removed).toHaveBeenCalledTimes(1)
  })

  describe('that takes too many at once', () => {
    let busy: TestSite
    let links: string[]
    let finish: () => void

    beforeEach(async () => {
      busy = await openTestSite(database, { mediaRoot: site.mediaRoot })
      const finished = new Promise<never>((_, reject) => {
        finish = () => reject(new Error('the test is over'))
      })
      finished.catch(() => {})
      vi.spyOn(busy.deps.imaging, 'ofPicture').mockReturnValue(finished)
      const creator = `busy ${++creators}`
      const files = Array.from({ length: 203 }, (_, index) => `${index}.jpg`)
      await site.addCreator(creator, {
        post: Object.fromEntries(files.map((file) => [file, Buffer.from('x')])),
      })
      links = files.map((file) => signed(`${creator}/post/${file}`, 'thumb'))
    })
    afterEach(() => busy.close())

    const isRefused = ({ status, headers }: Response) => [status, headers.get('retry-after')]

    test('is refused with the time to come again', async () => {
      let asker = 0
      const app = createApp(busy.deps, { viewerOf: () => ({ ...GUEST, limitKey: `${asker++}` }) })
      const asked = links.map((link) => app.request(link))
      expect(isRefused(await Promise.race(asked))).toEqual([503, '5'])
      finish()
      await Promise.all(asked)
    })

    test('is refused to who asks for half of it, and not to others', async () => {
      const app = createApp(busy.deps, {
        viewerOf: (c) => ({ ...GUEST, limitKey: c.req.header('X-Asker') ?? '' }),
      })
      const ask = (asker: string) => (link: string) => app.request(link, { headers: { 'X-Asker': asker } })
      const greedy = links.slice(0, 101).map(ask('greedy'))
      expect(isRefused(await Promise.race(greedy))).toEqual([503, '5'])
      const modest = links.slice(101, 121).map(ask('modest'))
      const moment = new Promise((resolve) => setTimeout(resolve, 300, 'they wait'))
      expect(await Promise.race([...modest, moment])).toBe('they wait')
      finish()
      await Promise.all([...greedy, ...modest])
    })
  })
})

if (!hasFfmpeg) test.skip('ffmpeg is not here (npm run test:setup brings it): videos were left out')

describe.skipIf(!hasFfmpeg)('a video', () => {
  test('gets a poster, its size and its length', async () => {
    const key = await given('film.mp4', await video({ width: 320, height: 180 }, 2))
    expect(await sizeAt(signed(key, 'card'))).toEqual({ format: 'webp', width: 320, height: 180 })
    expect(await detailsOf(key)).toMatchObject({ width: 320, height: 180, durationMs: 2_000 })
    expect((await detailsOf(key))?.thumbhash).not.toBeNull()
  })

  test('that no browser plays gets one too', async () => {
    const key = await given('film.avi', await video({ width: 320, height: 180 }, 1, 'avi'))
    expect(await statusOf(lasting(key, 'teaser'))).toBe(200)
  })

  test('is read once for all its pictures', async () => {
    const key = await given('film.mp4', await video({ width: 320, height: 180 }, 1))
    const made = vi.spyOn(site.deps.imaging, 'ofVideo')
    const links = [signed(key, 'card'), signed(key, 'page'), lasting(key, 'teaser'), lasting(key, 'share')]
    expect(await Promise.all(links.map((link) => statusOf(link)))).toEqual([200, 200, 200, 200])
    expect(made).toHaveBeenCalledTimes(1)
  })

  test.each([
    ['in one playlist', makeStream, 'index.m3u8'],
    ['in variants, each of its own playlist', makeVariants, 'master.m3u8'],
  ])('that is a stream %s gets a poster, its size and its length', async (_, makeFiles, playlist) => {
    const key = await givenStream(playlist, 'replaced below')
    await makeFiles(path.join(site.mediaRoot, path.dirname(key)))
    expect(await sizeAt(signed(key, 'card'))).toEqual({ format: 'webp', width: 64, height: 36 })
    expect(await detailsOf(key)).toMatchObject({ width: 64, height: 36, durationMs: 4_000 })
  })

  test.each([
    ['names a file of another folder', '#EXTM3U\n#EXTINF:9,\n../../other/1.ts\n#EXT-X-ENDLIST\n', 'damaged'],
    ['names an address elsewhere', '#EXTM3U\n#EXTINF:9,\nhttp://127.0.0.1:9/1.ts\n', 'damaged'],
    [
      'is sealed with a key',
      '#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI="k"\n#EXTINF:9,\n1.ts\n',
      'not a picture',
    ],
    ['has no segments', '#EXTM3U\n#EXT-X-ENDLIST\n', 'not a picture'],
    ['is no playlist', 'words', 'damaged'],
  ])('that is a stream and %s has none', async (_, content, reason) => {
    const key = await givenStream('index.m3u8', content)
    expect(await statusOf(signed(key, 'card'))).toBe(404)
    expect(await onTheList(key)).toMatchObject({ reason })
  })

  test.each([
    ['is a playlist', '#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n/etc/passwd\n#EXT-X-ENDLIST\n'],
    ['joins others', "ffconcat version 1.0\nfile '/etc/passwd'\n"],
    ['is none', 'words'],
    ['is empty', ''],
  ])('that %s has none, and is on the list', async (_, content) => {
    const key = await given('film.mp4', Buffer.from(content))
    expect(await statusOf(signed(key, 'card'))).toBe(404)
    expect(await onTheList(key)).toMatchObject({ reason: 'not a picture' })
  })

  test('has no picture where ffmpeg is not installed, and nothing fails', async () => {
    const key = await given('film.mp4', Buffer.from('any'))
    vi.stubEnv('PATH', '')
    const bare = await openTestSite(database, { mediaRoot: site.mediaRoot })
    expect((await bare.app.request(signed(key, 'card'))).status).toBe(404)
    expect(await onTheList(key)).toBeUndefined()
    await bare.close()
  })
})

describe('a link', () => {
  test.each(['signed', 'sealed'] as const)(
    '%s to one variant gives no other, nor when it was changed',
    async (kind) => {
      const key = await given('1.jpg', await photo())
      const link = linksAt(new Date())[kind](encodeKey(key), 'thumb')
      expect(await statusOf(link)).toBe(200)
      const flipped = [18, 36, link.length - 20].map(
        (at) => link.slice(0, at) + (link[at] === 'A' ? 'B' : 'A') + link.slice(at + 1),
      )
      for (const forged of [
        link.replace('/thumb/', '/full/'),
        link.replace('/thumb/', '/huge/'),
        link.slice(0, -1),
        `${link}.`,
        ...flipped,
        `/pictures/thumb/${encodeURIComponent(key)}`,
        lasting(key, 'teaser').replace('/teaser/', '/full/'),
      ])
        expect(await statusOf(forged), forged).toBe(403)
    },
  )

  test('cannot be put together out of two others, nor live longer', async () => {
    const [one, other] = [await given('1.jpg', await photo()), await given('2.jpg', await photo())]
    const parts = (key: string) => signed(key, 'thumb').split('/').at(-1)?.split('.') ?? []
    const [expires = '', key = '', signature = ''] = parts(one)
    const [, otherKey = '', otherSignature = ''] = parts(other)
    const later = String(Number(expires) + 3_600)
    for (const token of [
      [expires, otherKey, signature],
      [expires, key, otherSignature],
      [later, key, signature],
      [expires, key],
      [expires, key, ''],
      [expires, key, signature, signature],
      ['', key, signature],
    ])
      expect(await statusOf(`/pictures/thumb/${token.join('.')}`), token.join('.')).toBe(403)
  })

  test('for who may not watch does not tell the key of the original', async () => {
    const key = await given('1.jpg', await photo())
    const encodedKey = encodeKey(key)
    const links = linksAt(new Date())
    const told = (link: string) =>
      (link.split('/').at(-1) ?? '')
        .split('.')
        .map((part) => Buffer.from(part, 'base64url').toString('latin1'))
    expect(told(links.signed(encodedKey, 'thumb'))).toContain(encodedKey)
    for (const link of [links.sealed(encodedKey, 'thumb'), links.lasting(encodedKey, 'teaser')]) {
      expect(told(link).join()).not.toContain('1.jpg')
      expect(await statusOf(link)).toBe(200)
    }
  })

  test('that has ended is refused, and says so', async () => {
    const key = await given('1.jpg', await photo())
    const twoWindowsAgo = new Date(Date.now() - 2 * LINK_SECONDS * 1_000)
    const response = await ask(linksAt(twoWindowsAgo).signed(encodeKey(key), 'card'))
    expect(response.status).toBe(403)
    expect(await response.text()).toContain('expired')
  })

  test('without an end is good for art and for fog alone', async () => {
    const key = await given('1.jpg', await photo())
    expect(await statusOf(lasting(key, 'teaser'))).toBe(200)
    for (const size of ['thumb', 'card', 'page', 'full'] as const)
      expect(await statusOf(lasting(key, size)), size).toBe(404)
  })

  test.each([
    ['whose photo was taken down', (key: string) => hide(whitelabelMedia, eq(whitelabelMedia.s3Key, key))],
    ['whose post was taken down', () => hide(whitelabelPosts, sql`true`)],
    ['whose creator is not published', () => database.db.update(whitelabelModels).set({ status: 'hidden' })],
  ])('%s shows nothing from then on', async (_, takeDown) => {
    const key = await given('1.jpg', await photo())
    const links = [signed(key, 'card'), lasting(key, 'teaser'), lasting(key, 'share')]
    for (const link of links) expect(await statusOf(link)).toBe(200)
    await takeDown(key)
    for (const link of links) expect(await statusOf(link)).toBe(404)
    await showEverything()
    for (const link of links) expect(await statusOf(link)).toBe(200)
  })

  const hide = (table: typeof whitelabelMedia | typeof whitelabelPosts, which: ReturnType<typeof sql>) =>
    database.db.update(table).set({ hiddenAt: new Date() }).where(which)
  async function showEverything() {
    await database.db.update(whitelabelMedia).set({ hiddenAt: null })
    await database.db.update(whitelabelPosts).set({ hiddenAt: null })
    await database.db.update(whitelabelModels).set({ status: 'active' })
  }
})

describe('the art of a creator', () => {
  test('may be seen by everybody, as long as the creator is public', async () => {
    const key = await givenArt('profile/icon.jpg', 'active')
    expect(await statusOf(lasting(key, 'card'))).toBe(200)
    expect(await statusOf(lasting(await givenArt('profile/icon.jpg', 'new'), 'card'))).toBe(404)
    expect(await statusOf(lasting(key.replace('icon', 'other'), 'card'))).toBe(404)
  })

  test('is that of a creator made by hand too', async () => {
    await put('uploads/ana.jpg', await photo())
    await database.db.insert(models).values({ name: 'Ana', iconUrl: 'uploads/ana.jpg' })
    expect(await statusOf(lasting('uploads/ana.jpg', 'thumb'))).toBe(200)
  })

  async function givenArt(file: string, status: 'active' | 'new') {
    const folderName = `artist ${++creators}`
    const key = `${folderName}/${file}`
    await put(key, await photo())
    await database.db.insert(whitelabelModels).values({ folderName, status, iconUrl: encodeKey(key) })
    return key
  }
})

async function put(key: string, bytes: Uint8Array) {
  const file = path.join(site.mediaRoot, key)
  await mkdir(path.dirname(file), { recursive: true })
  await writeFile(file, bytes)
  await utimes(file, new Date(0), new Date(0))
}

describe('the answer', () => {
  test('may be kept as long as its link lives, runs nothing, and is sent once', async () => {
    const key = await given('1.jpg', await photo())
    const { status, headers } = await ask(signed(key, 'card'))
    expect(status).toBe(200)
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': 'image/webp',
      'content-length': expect.stringMatching(/^\d+$/),
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': expect.stringMatching(/^private, max-age=(1[89]|2\d|3[0-6])\d\d$/),
    })
    const again = await ask(signed(key, 'card'), { 'If-None-Match': headers.get('etag') ?? '' })
    expect([again.status, await again.text()]).toEqual([304, ''])
  })

  test('of a link without an end may be kept for an hour by everybody', async () => {
    const key = await given('1.jpg', await photo())
    const teaser = await ask(lasting(key, 'teaser'))
    expect(teaser.headers.get('cache-control')).toBe('public, max-age=3600')
  })

  test('is for our own pages, but for what link previews show', async () => {
    const key = await given('1.jpg', await photo())
    for (const destination of ['image', 'video', 'empty']) {
      const headers = { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Dest': destination }
      expect(await statusOf(signed(key, 'card'), headers), destination).toBe(403)
      expect(await statusOf(lasting(key, 'teaser'), headers), destination).toBe(403)
      expect(await statusOf(lasting(key, 'share'), headers), destination).toBe(200)
    }
    const share = await ask(lasting(key, 'share'))
    expect(share.headers.get('cross-origin-resource-policy')).toBe('cross-origin')
    const own = { 'Sec-Fetch-Site': 'same-origin', 'Sec-Fetch-Dest': 'image' }
    expect(await statusOf(signed(key, 'card'), own)).toBe(200)
  })
})

test('after a sync nothing is known and kept of what left, and everything of what stayed', async () => {
  const [gone, bad, stayed] = [
    await given('1.jpg', await photo()),
    await given('1.jpg', Buffer.from('no picture')),
    await given('1.jpg', await photo()),
  ]
  for (const key of [gone, bad, stayed]) await ask(signed(key, 'thumb'))
  const removed = vi.spyOn(site.deps.appStorage, 'removeAll')
  await database.db.delete(whitelabelMedia).where(sql`s3_key in (${gone}, ${bad})`)
  await sweepDerivatives(site.deps)
  expect(await detailsOf(gone)).toBeUndefined()
  expect(await onTheList(bad)).toBeUndefined()
  expect(await detailsOf(stayed)).toBeDefined()
  expect(removed).toHaveBeenCalledTimes(1)
  const made = vi.spyOn(site.deps.imaging, 'ofPicture')
  expect(await statusOf(signed(stayed, 'thumb'))).toBe(200)
  expect(made).not.toHaveBeenCalled()
})
