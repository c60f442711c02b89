import { execFileSync } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { programFolders } from '#src/env.ts'
import { Unavailable } from '#src/errors.ts'
import { hasFfmpeg } from '#test/support/hls.ts'
import { photo, stripes, video } from '#test/support/pictures.ts'
import { type Imaging, openImaging } from './imaging.ts'
import type { PictureRecipe } from './picture-messages.ts'
import { Unreadable } from './unreadable.ts'

const CARD: PictureRecipe[] = [{ name: 'card', kind: 'sized', width: 640 }]
const SHORT_MS = 1_500

let folder: string
let file: string
let imaging: Imaging

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'imaging-'))
  file = path.join(folder, 'original')
  await writeFile(file, await photo())
  imaging = openImaging({ programFolders: programFolders() })
})
afterEach(async () => {
  await imaging.close()
  await rm(folder, { recursive: true })
})

const pid = () => imaging.pid ?? 0

test('several pictures come from one decoding', async () => {
  const { pictures, ...facts } = await imaging.ofPicture(file, [
    ...CARD,
    { name: 'fog', kind: 'teaser' },
    { name: 'preview', kind: 'share' },
  ])
  expect(pictures.map(({ name, contentType }) => [name, contentType])).toEqual([
    ['card', 'image/webp'],
    ['fog', 'image/webp'],
    ['preview', 'image/jpeg'],
  ])
  expect(facts).toEqual({ width: 900, height: 600, thumbhash: expect.any(String) })
})

test('a process that is killed is replaced, and the picture is made all the same', async () => {
  await imaging.ofPicture(file, CARD)
  const first = pid()
  process.kill(first, 'SIGSTOP')
  const made = imaging.ofPicture(file, CARD)
  await delay(50)
  process.kill(first, 'SIGKILL')
  expect((await made).width).toBe(900)
  expect(pid()).not.toBe(first)
})

test('a picture that ends the process twice is damaged, and the next one is made', async () => {
  const large = path.join(folder, 'large')
  await writeFile(large, await stripes({ width: 8_000, height: 6_000 }))
  const made = expect(imaging.ofPicture(large, CARD)).rejects.toMatchObject({ reason: 'damaged' })
  const killed = new Set<number>()
  while (killed.size < 2) {
    if (isAtWork(pid()) && !killed.has(pid())) {
      killed.add(pid())
      process.kill(pid(), 'SIGKILL')
    }
    await delay(1)
  }
  await made
  expect((await imaging.ofPicture(file, CARD)).width).toBe(900)
})

/** Its priority is lowered when it has everything loaded. */
function isAtWork(pid: number) {
  try {
    return pid !== 0 && os.getPriority(pid) > 0
  } catch {
    return false
  }
}

test('a picture that takes too long is given up with its process, and the next one is made', async () => {
  await imaging.close()
  imaging = openImaging({ programFolders: [], pictureMs: SHORT_MS })
  await imaging.ofPicture(file, CARD)
  const first = pid()
  process.kill(first, 'SIGSTOP')
  await expect(imaging.ofPicture(file, CARD)).rejects.toMatchObject({ reason: 'too slow' })
  expect(imaging.pid).toBeNull()
  expect((await imaging.ofPicture(file, CARD)).width).toBe(900)
})

test('without work the process ends', async () => {
  await imaging.close()
  imaging = openImaging({ programFolders: [], idleMs: 20 })
  await imaging.ofPicture(file, CARD)
  await vi.waitFor(() => expect(imaging.pid).toBeNull())
})

test('the process knows none of our secrets, and yields to whatever serves visitors', async () => {
  await imaging.ofPicture(file, CARD)
  const environment = (await readFile(`/proc/${pid()}/environ`, 'utf8')).split('\0').filter(Boolean)
  expect(environment.filter((line) => !/^(MALLOC_ARENA_MAX|NODE_CHANNEL_)/.test(line))).toEqual([])
  expect(os.getPriority(pid())).toBe(10)
})

test('after the end nothing is made, and nothing is blamed on the picture', async () => {
  await imaging.ofPicture(file, CARD)
  process.kill(pid(), 'SIGSTOP')
  const made = expect(imaging.ofPicture(file, CARD)).rejects.toThrow(Unavailable)
  await delay(50)
  await imaging.close()
  await made
  await expect(imaging.ofPicture(file, CARD)).rejects.toThrow(Unavailable)
})

test('the library that decodes is loaded in the process alone', () => {
  const script = `import('#src/imaging/imaging.ts').then(async ({ openImaging }) => {
    const imaging = openImaging({ programFolders: [] })
    await imaging.ofPicture(${JSON.stringify(file)}, [])
    process.stdout.write(String(require('node:fs').readFileSync('/proc/self/maps', 'utf8').includes('vips')))
    await imaging.close()
  })`
  const said = execFileSync(process.execPath, ['--import', 'tsx', '--eval', script], { encoding: 'utf8' })
  expect(said).toBe('false')
})

test.skipIf(!hasFfmpeg)('a video upright only by a note of the phone is told upright', async () => {
  const lying = path.join(folder, 'lying.mp4')
  const upright = path.join(folder, 'upright.mp4')
  await writeFile(lying, await video({ width: 320, height: 180 }, 1))
  const options = ['-v', 'error', '-i', lying, '-c', 'copy', '-metadata:s:v:0', 'rotate=90', upright]
  execFileSync('ffmpeg', options)
  const made = await imaging.ofVideo({ path: upright }, CARD)
  expect(made).toMatchObject({ width: 180, height: 320, durationMs: 1_000 })
})

test.skipIf(!hasFfmpeg)('a video names no other file and no address to read', async () => {
  for (const listed of [file, 'http://127.0.0.1:9/secret.ts']) {
    const playlist = path.join(folder, 'film.mp4')
    await writeFile(playlist, `#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n${listed}\n#EXT-X-ENDLIST\n`)
    await expect(imaging.ofVideo({ path: playlist }, CARD)).rejects.toThrow(Unreadable)
  }
})

test('where ffmpeg is not installed, a video has no picture', async () => {
  await imaging.close()
  imaging = openImaging({ programFolders: [folder] })
  expect(await imaging.ofVideo({ path: file }, CARD)).toBeNull()
})
