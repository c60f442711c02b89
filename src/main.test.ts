import { once } from 'node:events'
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import path from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import {
  Creatorflix,
  makeLibrary,
  PROGRAM,
  type RunningSite,
  removeFolder,
  run,
  start,
  workFolder,
} from './cli/drill/creatorflix.ts'

// Whole processes with a database each, on a machine that has other things to do.
vi.setConfig({ testTimeout: 60_000 })

let folder: string
const sites: RunningSite[] = []

beforeEach(async () => {
  folder = await workFolder()
})
afterEach(async () => {
  for (const site of sites.splice(0)) await site.process.stop('SIGKILL')
  await removeFolder(folder)
})

async function startSite(variables = {}, args: string[] = []) {
  const site = await start(folder, variables, args)
  sites.push(site)
  return site
}

test('the first start brings the sample library and shows it to everybody, with nothing set', async () => {
  const site = await startSite()
  await site.process.says(/"status":"applied".*"msg":"sync"/)

  const sample = await readdir(new URL('../sample/', import.meta.url))
  expect((await creatorsOf(site)).sort()).toEqual(sample.sort())
  expect(await readdir(path.join(folder, 'data/library'))).toHaveLength(sample.length)

  const page = await fetch(site.address)
  expect(page.status).toBe(200)
  expect((await stat(path.join(folder, 'data/app-secret'))).mode & 0o777).toBe(0o600)
})

test('a bucket that does not answer is told in words, and the site is there', async () => {
  const site = await startSite({
    S3_BUCKET: 'films',
    S3_ENDPOINT: 'http://127.0.0.1:9',
    S3_ACCESS_KEY_ID: 'TESTKEY',
    S3_SECRET_ACCESS_KEY: 'TESTSECRET',
  })
  await site.process.says(/Nothing answers at http:\/\/127\.0\.0\.1:9/)
  expect((await fetch(site.address)).status).toBe(200)
})

test('SIGTERM ends it with exit code 0, and the next start goes on where it was', async () => {
  const first = await startSite({ MEDIA_DIR: await makeLibrary(folder, ['Ana'], 2) })
  await first.process.says(/"msg":"sync"/)
  await run(folder, ['creators', 'publish', '--all'])
  expect(await first.process.stop('SIGTERM')).toMatchObject({ code: 0, signal: null, stderr: '' })

  const second = await startSite({ MEDIA_DIR: path.join(folder, 'media') })
  expect(await creatorsOf(second)).toEqual(['Ana'])
  expect(await second.process.stop('SIGINT')).toMatchObject({ code: 0, signal: null })
})

test('after kill -9 it starts again with all that was saved', async () => {
  const first = await startSite({ MEDIA_DIR: await makeLibrary(folder, ['Ana'], 2) })
  await first.process.says(/"msg":"sync"/)
  await run(folder, ['settings', 'set', 'site_name', 'Films'])
  await first.process.stop('SIGKILL')

  const second = await startSite({ MEDIA_DIR: path.join(folder, 'media') })
  expect((await run(folder, ['settings', 'get', 'site_name'])).stdout).toBe('Films\n')
  expect((await fetch(second.address)).status).toBe(200)
})

test('a second start on the same data is refused with the process that has it', async () => {
  const site = await startSite()
  const { code, stderr } = await run(folder, ['start'], { PORT: '0' })
  expect(code).toBe(1)
  expect(stderr).toContain(`process ${site.pid}`)
  expect((await fetch(site.address)).status).toBe(200)
})

test('a port that is taken is said with who has it', async () => {
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  const address = taken.address()
  const port = typeof address === 'object' ? String(address?.port) : ''

  const { code, stderr } = await run(folder, ['start'], { PORT: port })
  expect(code).toBe(1)
  expect(stderr).toContain(`Port ${port} is taken by process ${process.pid}`)
  expect(stderr).not.toMatch(/^\s+at /m)
  taken.close()
})

test('the owner’s library takes the place of the sample at the next start', async () => {
  const first = await startSite()
  await first.process.says(/"msg":"sync"/)
  await first.process.stop()

  const library = await makeLibrary(folder, ['Ana'], 2)
  const second = await startSite({ MEDIA_DIR: library })
  await second.process.says(/"status":"applied".*"unpublished":1/)
  expect((await run(folder, ['creators', 'list'])).stdout).toBe('new     Ana  (1 post)\n')
  expect((await run(folder, ['settings', 'get', 'access'])).stdout).toBe('members\n')
})

test('another secret is refused; --new-secret goes on with it', async () => {
  const first = await startSite()
  await first.process.stop()
  const APP_SECRET = 'another-obvious-test-secret-of-40-letters'

  const refused = await run(folder, ['start'], { PORT: '0', APP_SECRET })
  expect(refused).toMatchObject({ code: 1 })
  expect(refused.stderr).toContain('APP_SECRET')
  expect(refused.stderr).not.toContain(APP_SECRET)

  const second = await startSite({ APP_SECRET }, ['--new-secret'])
  expect((await fetch(second.address)).status).toBe(200)
})

test('--json says where the site is as one object', async () => {
  const site = new Creatorflix(PROGRAM, ['start', '--json'], folder, {
    PORT: '0',
    LOG_LEVEL: 'silent',
  })
  await site.says(/\}\n/)
  const { stdout } = await site.stop()
  expect(JSON.parse(stdout)).toMatchObject({
    address: expect.stringMatching(/^http:\/\/localhost:\d+$/),
    library: 'the sample library',
    process: site.child.pid,
  })
})

test('variables are also read from a file .env, and those that are set win', async () => {
  await writeFile(path.join(folder, '.env'), 'PORT=not-a-port\nDATA_DIR=./elsewhere\n')
  const site = await startSite()
  expect(await stat(path.join(folder, 'elsewhere/app-secret'))).toBeTruthy()
  expect((await fetch(site.address)).status).toBe(200)
})

test('a folder of data with a very long name is served commands too', async () => {
  const long = path.join(folder, 'long-'.repeat(20), 'data')
  await mkdir(path.dirname(long), { recursive: true })
  await startSite({ DATA_DIR: long })
  const { stdout } = await run(folder, ['settings', 'get', 'language'], { DATA_DIR: long })
  expect(stdout).toBe('pt-BR\n')
})

test('what starting writes to a pipe is JSON, line by line', async () => {
  const site = await startSite()
  const { stdout } = await site.process.stop()
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(lines[0]).toMatchObject({ level: 'info', address: site.address, database: 'embedded' })
  expect(await readFile(path.join(folder, 'data/app-secret'), 'utf8')).not.toBe('')
})

async function creatorsOf(site: RunningSite): Promise<string[]> {
  const answer = await fetch(new URL('/api/v1/models?limit=100', site.address))
  const { data } = (await answer.json()) as { data: Array<{ slug: string }> }
  return data.map(({ slug }) => decodeURIComponent(slug))
}
