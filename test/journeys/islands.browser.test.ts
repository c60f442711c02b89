import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { sql } from 'drizzle-orm'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Database } from '#src/db/index.ts'
import { writeSetting } from '#src/services/settings/settings.ts'
import { runSync } from '#src/services/whitelabel/sync/run-sync.ts'
import { type RunningServer, startServer } from '#src/web/server.ts'
import { openTestSite, type TestSite } from '#test/support/app.ts'
import { openBrowser, openPage } from '#test/support/browser.ts'
import { openTestDatabase } from '#test/support/database.ts'
import { hasFfmpeg, makeStream } from '#test/support/hls.ts'
import { isFocused, overflow, plays, smallTargets } from '#test/support/page-measures.ts'
import { photo } from '#test/support/pictures.ts'
import { type Visit, visitsTo } from '#test/support/visits.ts'

/** What scripts add to pages that work without them. */

/** 5,000 in `npm run test:chaos`. */
const POSTS = Number(process.env.ENDLESS_POSTS ?? 1_500)
const ENDLESS = '/creators/Endless'
/** Elements in the page: what is far from the window is not there. */
const MOST_ELEMENTS = 6_000
/** Compressed, as it comes. */
const MOST_SCRIPT_BYTES = 60 * 1024

let folder: string
let database: Database
let site: TestSite
let server: RunningServer
let browser: Browser
let visit: Visit

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'islands-'))
  await fillLibrary(folder)
  database = await openTestDatabase()
  await writeSetting(database.db, 'auto_publish', 'true')
  site = await openTestSite(database, { mediaRoot: folder })
  await runSync(site.deps, { startedBy: 'cli' })
  await addEndlessCreator()
  server = await startServer(site.app, { port: 0, host: '127.0.0.1' })
  browser = await openBrowser()
  visit = visitsTo(browser, server)
})
afterAll(async () => {
  await browser.close()
  await server.close()
  await site.close()
  await database.close()
  await rm(folder, { recursive: true, force: true })
})

async function fillLibrary(root: string) {
  const photos = path.join(root, 'Ana/2025-03-01 photos')
  await mkdir(photos, { recursive: true })
  for (const [index, colour] of ['teal', 'coral', 'plum', 'olive', 'navy'].entries()) {
    const size = index % 2 === 0 ? { width: 1200, height: 800 } : { width: 800, height: 1200 }
    await writeFile(path.join(photos, `${index + 1}.jpg`), await photo(size, colour))
  }
  if (!hasFfmpeg) return
  await makeStream(path.join(root, 'Ana/2025-01-01 stream/film'))
  await makeFilm(path.join(root, 'Ana/2025-02-01 film'))
}

/** A minute, with captions. */
async function makeFilm(folder: string) {
  await mkdir(folder, { recursive: true })
  const picture = ['-f', 'lavfi', '-i', 'testsrc2=size=128x72:rate=5:duration=60']
  const coding = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '5', '-pix_fmt', 'yuv420p']
  const film = [...picture, ...coding, '-movflags', '+faststart', 'film.mp4']
  await promisify(execFile)('ffmpeg', ['-nostdin', '-loglevel', 'error', ...film], { cwd: folder })
  await writeFile(
    path.join(folder, 'film.en.vtt'),
    'WEBVTT\n\n00:00.000 --> 01:00.000\nHello from the film\n',
  )
}

async function addEndlessCreator() {
  await database.db.execute(sql`
    with model as (insert into whitelabel_models (folder_name, status) values ('Endless', 'active') returning id)
    insert into whitelabel_posts (whitelabel_model_id, folder_name, title, created_at)
    select model.id, 'post ' || number, 'Post ' || number, timestamptz '2026-01-01' - number * interval '1 hour'
    from model, generate_series(1, ${POSTS}::int) as number`)
}

async function addressOfPost(title: string) {
  const { rows } = await database.db.execute<{ id: number }>(
    sql`select id from whitelabel_posts where title ilike ${title}`,
  )
  return `/posts/${rows[0]?.id}`
}

describe(`a creator with ${POSTS} posts`, () => {
  test('all of them come while one scrolls, each once, and the page stays light', async () => {
    await visit(ENDLESS, {}, async (page) => {
      await recordPosts(page)
      let most = 0
      await vi.waitFor(
        async () => {
          await page.mouse.wheel(0, 6_000)
          most = Math.max(most, await page.evaluate<number>('document.querySelectorAll("*").length'))
          expect(await repeatedPosts(page)).toEqual([])
          expect(await page.getByText('You have seen it all').isVisible()).toBe(true)
        },
        { timeout: 80_000, interval: 30 },
      )
      expect(await page.evaluate('window.seenPosts.size')).toBe(POSTS)
      expect(most).toBeLessThan(MOST_ELEMENTS)
    })
  }, 90_000)

  test('the back button returns to the very post one came from', async () => {
    await visit(ENDLESS, {}, async (page) => {
      await scrollTo(page, 'Post 400')
      const place = await page.evaluate<number>('scrollY')
      await page.getByRole('link', { name: /^Post 400\b/ }).click()
      await page.getByRole('heading', { level: 1, name: 'Post 400' }).waitFor()

      await page.goBack()
      await page.getByRole('link', { name: /^Post 400\b/ }).waitFor()
      await vi.waitFor(
        async () => expect(await page.evaluate<number>('scrollY')).toBeCloseTo(place, -2),
        5_000,
      )
      expect(await isInWindow(page, 'Post 400')).toBe(true)
      await page.mouse.wheel(0, -4_000)
      await page.getByRole('link', { name: /^Post 380\b/ }).waitFor()
    })
  })

  test('the button brings more as well, and the keyboard goes on with them', async () => {
    await visit(ENDLESS, { viewport: { width: 1440, height: 300 } }, async (page) => {
      const more = page.getByRole('button', { name: 'Show more posts' })
      await more.focus()
      await page.keyboard.press('Enter')
      await vi.waitFor(
        async () =>
          expect(await page.evaluate<string>('document.activeElement?.href ?? ""')).toContain('/posts/'),
        5_000,
      )
    })
  })

  test('goes on by itself when a broken connection is back', async () => {
    const { page, close } = await openPage(browser, {
      baseURL: server.url,
      viewport: { width: 1440, height: 300 },
    })
    await page.goto(ENDLESS, { waitUntil: 'networkidle' })
    const links = () => page.evaluate<number>('document.querySelectorAll(".post-grid a").length')
    const before = await links()
    await page.context().setOffline(true)
    await page.evaluate('scrollTo(0, document.body.scrollHeight)')
    await page.getByRole('button', { name: 'Try again' }).waitFor()
    await page.context().setOffline(false)
    await vi.waitFor(async () => expect(await links()).toBeGreaterThan(before), 10_000)
    await close()
  })

  test('without a script there are links to its pages', async () => {
    await visit(ENDLESS, { javaScriptEnabled: false }, async (page) => {
      await page.getByRole('link', { name: 'Next' }).click()
      await page.getByRole('link', { name: /^Post 25\b/ }).waitFor()
      expect(await page.getByText('Show more posts').count()).toBe(0)
    })
  })
})

describe('the photos of a post', () => {
  test('open above the page, and the keyboard moves through them and out', async () => {
    await visit(await addressOfPost('photos'), {}, async (page) => {
      const second = page.getByRole('link', { name: 'Open photo 2 of 5' })
      await page.waitForFunction('document.querySelector("[data-gallery]")')
      await page.waitForLoadState('networkidle')
      await second.focus()
      await page.keyboard.press('Enter')
      const viewer = page.getByRole('dialog')
      await page.locator('.pswp--ui-visible').waitFor()
      await vi.waitFor(async () => expect(await isFocused(viewer)).toBe(true))
      expect(await viewer.locator('.pswp__counter').textContent()).toBe('2 of 5')
      await page.keyboard.press('ArrowRight')
      await vi.waitFor(async () =>
        expect(await viewer.locator('.pswp__counter').textContent()).toBe('3 of 5'),
      )
      const original = viewer.getByRole('link', { name: 'Open the original' })
      expect(await original.getAttribute('href')).toContain('/media/')
      await page.keyboard.press('Escape')
      await viewer.waitFor({ state: 'detached' })
      expect(await isFocused(page.getByRole('link', { name: 'Open photo 3 of 5' }))).toBe(true)
    })
  })

  test('the back button closes them and stays on the page', async () => {
    const address = await addressOfPost('photos')
    await visit(address, {}, async (page) => {
      await page.waitForLoadState('networkidle')
      await page.getByRole('link', { name: 'Open photo 1 of 5' }).click()
      await page.getByRole('dialog').waitFor()
      await page.goBack()
      await page.getByRole('dialog').waitFor({ state: 'detached' })
      expect(new URL(page.url()).pathname).toBe(address)
    })
  })
})

describe.skipIf(!hasFfmpeg)('a video', () => {
  test('is led by the keyboard: play, jump, speed, captions, help', async () => {
    await visit(await addressOfPost('film'), {}, async (page) => {
      const player = await openPlayer(page)
      await player.focus()
      await page.keyboard.press('k')
      await vi.waitFor(async () => expect(await videoState(page)).toMatchObject({ paused: false }), 5_000)
      await page.keyboard.press('k')
      await page.keyboard.press('5')
      await vi.waitFor(async () => expect((await videoState(page)).currentTime).toBeCloseTo(30, -1), 5_000)
      await page.keyboard.press('ArrowRight')
      await vi.waitFor(async () => expect((await videoState(page)).currentTime).toBeGreaterThan(36), 5_000)
      await page.keyboard.press('>')
      await vi.waitFor(async () => expect((await videoState(page)).playbackRate).toBe(1.25))
      await page.keyboard.press('<')
      await vi.waitFor(async () => expect((await videoState(page)).playbackRate).toBe(1))
      await page.keyboard.press('m')
      expect((await videoState(page)).muted).toBe(true)

      await page.getByText('Hello from the film').waitFor()
      await page.keyboard.press('c')
      await page.getByText('Hello from the film').waitFor({ state: 'hidden' })

      await page.keyboard.press('?')
      await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor()
      await page.keyboard.press('Escape')
      await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor({ state: 'hidden' })
    })
  })

  test('that its big button started keeps the keys', async () => {
    const address = await addressOfPost('film')
    await visit(address, {}, async (page) => {
      await openPlayer(page)
      await page.locator('.plyr__control--overlaid').click()
      await vi.waitFor(async () => expect(await videoState(page)).toMatchObject({ paused: false }), 5_000)
      const { currentTime } = await videoState(page)
      await page.keyboard.press('ArrowRight')
      await vi.waitFor(
        async () => expect((await videoState(page)).currentTime).toBeGreaterThan(currentTime + 4),
        5_000,
      )
      await page.keyboard.press('Space')
      await vi.waitFor(async () => expect(await videoState(page)).toMatchObject({ paused: true }), 5_000)
      expect(new URL(page.url()).pathname).toBe(address)
    })
  })

  test('plays on a phone when it is tapped in its middle, where its bar begins', async () => {
    await visit(await addressOfPost('film'), { viewport: { width: 360, height: 740 } }, async (page) => {
      await openPlayer(page)
      const box = await page.locator('.plyr').boundingBox()
      if (!box) throw new Error('There is no player.')
      await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2)
      await vi.waitFor(async () => expect(await videoState(page)).toMatchObject({ paused: false }), 5_000)
    })
  })

  test('has menus that stay inside it on a phone', async () => {
    await visit(await addressOfPost('film'), { viewport: { width: 360, height: 740 } }, async (page) => {
      const player = await openPlayer(page)
      await page.getByRole('button', { name: 'Settings' }).click()
      await page.getByRole('menuitem', { name: /Speed/ }).click()
      const menu = page.locator('.plyr__menu__container')
      await vi.waitFor(async () => {
        const [outer, inner] = [await player.boundingBox(), await menu.boundingBox()]
        expect(inner?.y).toBeGreaterThanOrEqual(outer?.y ?? Number.NaN)
      })
      await page.getByRole('menuitemradio', { name: 'Normal' }).click()
    })
  })

  test('goes on where it was left, or starts over', async () => {
    const address = await addressOfPost('film')
    await visit(address, {}, async (page) => {
      await openPlayer(page)
      await page.evaluate('document.querySelector("video").currentTime = 25')
      await page.goto('/')
      await page.goto(address)
      await page.getByText('Goes on where you left: 0:25').waitFor()
      expect((await videoState(page)).currentTime).toBeCloseTo(25, 0)
      await page.getByRole('button', { name: 'Start over' }).click()
      await vi.waitFor(async () => expect((await videoState(page)).currentTime).toBeLessThan(10), 5_000)
    })
  })

  test('whose link has ended goes on with a new one', async () => {
    await visit(await addressOfPost('film'), {}, async (page) => {
      await openPlayer(page)
      await page.evaluate(`{
        const video = document.querySelector('video')
        video.currentTime = 20
        video.dispatchEvent(new Event('error'))
      }`)
      await vi.waitFor(async () => {
        expect(await videoState(page)).toMatchObject({ readyState: 4 })
        expect((await videoState(page)).currentTime).toBeCloseTo(20, 0)
      }, 10_000)
    })
  })

  test.each([
    ['by the browser, where it can', '', 'browser'],
    ['by hls.js, where it cannot', 'HTMLMediaElement.prototype.canPlayType = () => ""', 'hls.js'],
  ])('in segments is played %s', async (_, disable, playedBy) => {
    const address = await addressOfPost('stream')
    await visit('/', {}, async (page) => {
      if (disable) await page.addInitScript(disable)
      await page.goto(address)
      await openPlayer(page)
      const video = page.locator('video')
      await vi.waitFor(async () => expect(await video.getAttribute('data-played-by')).toBe(playedBy), 5_000)
      expect(await plays(video)).toBe(true)
    })
  })
})

test('the arrow keys lead to the newer and the older post', async () => {
  const photos = await addressOfPost('photos')
  await visit(ENDLESS, {}, async (page) => {
    await page.getByRole('link', { name: /^Post 2\b/ }).click()
    await page.waitForLoadState('networkidle')
    await page.keyboard.press('ArrowRight')
    await page.getByRole('heading', { level: 1, name: 'Post 3' }).waitFor()
    await page.goto(photos)
  })
})

test('suggestions come while one types, and the keyboard chooses among them', async () => {
  await visit('/', {}, async (page) => {
    const field = page.getByRole('combobox')
    await field.fill('endl')
    await page.getByRole('option', { name: /Endless/ }).waitFor()
    await page.keyboard.press('ArrowDown')
    expect(await field.getAttribute('aria-activedescendant')).toBe('header-search-suggestions-0')
    await page.keyboard.press('Enter')
    await page.waitForURL(`**${ENDLESS}`)
  })
})

test('the chosen colours stay chosen, from the first picture of the next page on', async () => {
  await visit('/', { colorScheme: 'light' }, async (page) => {
    await page.getByRole('button', { name: 'Dark colours' }).click()
    expect(await page.locator('html').getAttribute('data-theme')).toBe('dark')
    await page.goto('/creators')
    expect(await page.content()).toContain('<html lang="en" data-theme="dark"')
    await page.getByRole('button', { name: 'Dark colours' }).click()
    await page.goto('/')
    expect(await page.locator('html').getAttribute('data-theme')).toBeNull()
  })
})

test('highlights change by themselves, unless one wants less motion or stops them', async () => {
  await site.addCreator('Bia', { one: { '1.jpg': await photo() } })
  await database.db.execute(
    sql`update whitelabel_models set featured_at = now() where folder_name in ('Bia', 'Ana')`,
  )
  await visit('/', { reducedMotion: 'reduce' }, async (page) => {
    await page.getByRole('button', { name: 'Change by itself' }).waitFor()
    await page.getByRole('button', { name: 'Show highlight 2 of 3' }).click()
    await vi.waitFor(async () => expect(await currentSlide(page)).toBe('1'))
    await page.getByRole('button', { name: 'Next highlight' }).click()
    await vi.waitFor(async () => expect(await currentSlide(page)).toBe('2'))
  })
  await visit('/', {}, async (page) => {
    await page.getByRole('button', { name: 'Stop changing by itself' }).waitFor()
    await page.mouse.move(5, 5)
    await vi.waitFor(async () => expect(await currentSlide(page)).toBe('1'), {
      timeout: 15_000,
      interval: 500,
    })
    await page.getByRole('button', { name: 'Stop changing by itself' }).click()
    await page.getByRole('button', { name: 'Change by itself' }).waitFor()
  })
})

test('without a connection a page says so, nothing of a visitor is kept, and back online it comes by itself', async () => {
  const { page, close } = await openPage(browser, { baseURL: server.url })
  await page.goto('/creators')
  await page.evaluate('navigator.serviceWorker.ready')
  await page.goto(await addressOfPost('photos'))
  await page.context().setOffline(true)
  await page.goto('/creators/Ana').catch(() => {})
  await page.getByRole('heading', { name: 'You are offline' }).waitFor()
  const kept = await page.evaluate<string[]>(`(async () => {
    const names = await caches.keys()
    const caught = await Promise.all(names.map(async (name) => (await (await caches.open(name)).keys())))
    return caught.flat().map(({ url }) => new URL(url).pathname)
  })()`)
  expect(kept.filter((address) => !address.startsWith('/assets/'))).toEqual(['/offline'])
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByRole('heading', { name: 'You are offline' }).waitFor()
  await page.context().setOffline(false)
  await page.getByRole('heading', { level: 1, name: 'Ana' }).waitFor()
  await close()
})

test('the scripts of catalogue pages are small, and nothing is asked of another site', async () => {
  for (const address of ['/', '/creators', ENDLESS, '/creators/Ana', await addressOfPost('photos')]) {
    await visit(address, {}, async (page) => {
      const foreign: string[] = []
      page.on('request', (request) => {
        if (!request.url().startsWith(server.url) && !/^(data|blob):/.test(request.url()))
          foreign.push(request.url())
      })
      await page.reload({ waitUntil: 'networkidle' })
      const bytes = await page.evaluate<number>(`performance.getEntriesByType('resource')
        .filter(({ name }) => name.endsWith('.js'))
        .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0)`)
      expect(bytes).toBeGreaterThan(0)
      if (!address.startsWith('/posts/')) expect(bytes).toBeLessThan(MOST_SCRIPT_BYTES)
      expect(foreign).toEqual([])
    })
  }
})

/** Names that no folder on this disk could have, but a bucket can: rows alone. */
async function addNamed(name: string) {
  await database.db.execute(sql`
    with model as (
      insert into whitelabel_models (folder_name, status) values (${name}, 'active') returning id
    )
    insert into whitelabel_posts (whitelabel_model_id, folder_name, title)
    select id, ${name}, ${name} from model`)
}

describe.each([360, 1440])('at %i pixels', (width) => {
  const names = {
    'of 300 characters': 'a very long name '.repeat(18).slice(0, 299),
    'one word of 300 letters': 'W'.repeat(299),
    'one emoji': '🌵',
    'read from right to left': 'שלום לכולם',
  }

  test.each(Object.entries(names))('the layout holds for a name that is %s', async (_, text) => {
    const name = width === 360 ? text : `${text}!`
    await addNamed(name)
    const slug = encodeURIComponent(name)
    for (const address of ['/', `/creators/${slug}`, await addressOfPost(name)]) {
      await visit(address, { viewport: { width, height: 800 } }, async (page) => {
        expect(await overflow(page), address).toBe(0)
        expect(await smallTargets(page), address).toEqual([])
      })
    }
  })
})

test('pictures and films that are none leave a calm page', async () => {
  await site.addCreator('Broken', {
    bad: { '1.jpg': Buffer.from('no picture'), '2.mp4': Buffer.from('no film') },
  })
  const { page, close } = await openPage(browser, { baseURL: server.url })
  await page.goto(await addressOfPost('bad'))
  await page.getByText('This video does not come through right now.').waitFor()
  expect(await page.locator('main img:visible').count()).toBe(0)
  expect(await page.locator('.placeholder:visible').count()).toBeGreaterThan(0)
  await close()
})

/** Every post that is ever put into the page. */
const recordPosts = (page: Page) =>
  page.evaluate(`{
    window.seenPosts = new Set()
    const record = () => {
      for (const { href } of document.querySelectorAll('.post-grid a')) window.seenPosts.add(href)
    }
    record()
    new MutationObserver(record).observe(document.querySelector('[data-pieces]'), { childList: true })
  }`)

const repeatedPosts = (page: Page) =>
  page.evaluate<string[]>(`(() => {
    const links = [...document.querySelectorAll('.post-grid a')].map(({ href }) => href)
    return links.filter((link, index) => links.indexOf(link) !== index)
  })()`)

async function scrollTo(page: Page, title: string) {
  const post = page.getByRole('link', { name: new RegExp(`^${title}\\b`) })
  await vi.waitFor(
    async () => {
      await page.mouse.wheel(0, 1_500)
      expect(await post.count()).toBe(1)
    },
    { timeout: 30_000, interval: 50 },
  )
  await post.scrollIntoViewIfNeeded()
}

const isInWindow = (page: Page, title: string) =>
  page.evaluate<boolean>(`[...document.querySelectorAll('.post-grid a')].some((link) => {
    const { top, bottom } = link.getBoundingClientRect()
    return link.textContent.includes('${title}') && bottom > 0 && top < innerHeight
  })`)

/** Once the script has dressed it. */
async function openPlayer(page: Page) {
  const player = page.locator('.plyr')
  await player.waitFor()
  await vi.waitFor(async () => expect((await videoState(page)).readyState).toBeGreaterThan(0), 10_000)
  return player
}

interface VideoState {
  paused: boolean
  currentTime: number
  playbackRate: number
  muted: boolean
  readyState: number
}

const videoState = (page: Page) =>
  page.evaluate<VideoState>(`(({ paused, currentTime, playbackRate, muted, readyState }) =>
    ({ paused, currentTime, playbackRate, muted, readyState }))(document.querySelector('video'))`)

const currentSlide = (page: Page) =>
  page.locator('[data-hero-dot][aria-current]').getAttribute('data-hero-dot')
