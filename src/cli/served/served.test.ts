import { once } from 'node:events'
import { rm, stat, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import path from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import {
  makeLibrary,
  type RunningSite,
  removeFolder,
  run,
  runOnTerminal,
  start,
  workFolder,
} from '../drill/creatorflix.ts'

// Whole processes with a database each, on a machine that has other things to do.
vi.setConfig({ testTimeout: 60_000 })

const CREATORS = ['Ana', 'Bia', 'Caio', 'Duda']
/** Enough to see a sync at work. */
const MANY_PICTURES = 20_000

let folder: string
let library: string
let site: RunningSite

beforeAll(async () => {
  folder = await workFolder()
  library = await makeLibrary(folder, CREATORS, 3)
  site = await start(folder, { MEDIA_DIR: library })
  await site.process.says(/"msg":"sync"/)
})
afterAll(async () => {
  await site.process.stop()
  await removeFolder(folder)
})

const command = (...args: string[]) => run(folder, args)
const jsonOf = async (...args: string[]) => JSON.parse((await command(...args, '--json')).stdout)

test('a command beside a running server answers what that server knows', async () => {
  expect((await command('settings', 'get', 'access')).stdout).toBe('members\n')
  expect(await command('settings', 'set', 'access', 'open')).toMatchObject({
    code: 0,
    stdout: 'access = open\n',
  })
  expect(await jsonOf('settings', 'get', 'access')).toEqual({ key: 'access', value: 'open' })
})

test('its failures are told in words, with the same exit code', async () => {
  expect(await command('settings', 'set', 'access', 'maybe')).toMatchObject({
    code: 1,
    stdout: '',
    stderr: 'access must be open or members; "maybe" is not.\n',
  })
})

test('a file is read where the command is called, and by nobody else', async () => {
  await writeFile(path.join(folder, 'termos.md'), '# Termos\n\nOlá.\n')
  expect(await command('settings', 'set', 'terms', '--file', 'termos.md')).toMatchObject({
    code: 0,
    stdout: 'terms = # Termos… (15 characters)\n',
  })
  expect(await jsonOf('settings', 'get', 'terms')).toEqual({ key: 'terms', value: '# Termos\n\nOlá.\n' })
  const missing = await command('settings', 'set', 'terms', '--file', path.join(folder, 'gone.md'))
  expect(missing).toMatchObject({ code: 1, stdout: '' })
  expect(missing.stderr).toContain('cannot be read: there is no such file.')
  expect((await command('settings', 'set', 'terms')).stderr).toContain('--file')
  expect((await command('settings', 'reset', 'terms')).stdout).toBe('terms = none (default)\n')
})

test('contacts are added, listed and taken off', async () => {
  expect((await command('support', 'add', 'WhatsApp', '+55 11 91234-5678')).stdout).toBe(
    '1  WhatsApp  https://wa.me/5511912345678\n',
  )
  expect(await command('support', 'add', 'Site', 'javascript:alert(1)')).toMatchObject({
    code: 1,
    stdout: '',
  })
  expect((await command('support', 'disable', '1')).stdout).toBe('Not shown: 1\n')
  expect((await command('support')).stdout).toContain('(not shown)')
  expect((await command('support', 'remove', '1')).stdout).toBe('Removed: 1\n')
  expect(await jsonOf('support', 'list')).toEqual([])
})

test('several commands at once are all answered', async () => {
  const values = await Promise.all(Array.from({ length: 5 }, () => jsonOf('settings', 'get', 'site_name')))
  expect(values).toEqual(Array.from({ length: 5 }, () => ({ key: 'site_name', value: 'CreatorFlix' })))
})

test('a sync says what is not public yet and how to publish it; published creators are on the site', async () => {
  const { code, stdout } = await command('sync')
  expect(code).toBe(0)
  expect(stdout).toContain('4 creators are not public yet')
  expect(stdout).toContain('creatorflix creators publish --all')
  expect(await statusOf('/creators/Ana')).toBe(404)

  expect(await jsonOf('creators', 'publish', '--all')).toEqual({ changed: CREATORS })
  expect(await statusOf('/creators/Ana')).toBe(200)

  expect(await command('creators', 'hide', 'Duda', 'Elisa')).toMatchObject({ code: 1, stdout: '' })
  expect(await command('creators', 'hide', 'Duda')).toMatchObject({ code: 0, stdout: 'Hidden: Duda\n' })
  expect((await command('creators', 'list')).stdout).toMatch(/active {2}Ana {2}\(1 post\).*hidden {2}Duda/s)
  expect((await command('creators', 'publish', '--all')).stdout).toContain(
    'Hidden ones are published by name.',
  )
  expect((await command('creators', 'hide', 'Duda')).stdout).toBe('Nothing to do: hidden already.\n')
})

test('a post or a file that is taken down stays so through a sync, until it is shown again', async () => {
  const [post] = await postsOfAna()
  if (!post) throw new Error('Ana has no post.')
  const [key] = post.images.map((link) =>
    decodeURIComponent(new URL(link, site.address).pathname.slice('/media/'.length)),
  )
  expect(await command('media', 'hide', key ?? '')).toMatchObject({ code: 0, stdout: `Hidden: ${key}\n` })
  expect(await command('posts', 'hide', '999')).toMatchObject({ code: 1, stdout: '' })
  await command('sync')
  expect((await postsOfAna())[0]?.images).toEqual(post.images.slice(1))

  expect(await command('posts', 'hide', post.id)).toMatchObject({ code: 0 })
  await command('sync')
  expect(await postsOfAna()).toEqual([])

  await command('posts', 'show', post.id)
  await command('media', 'show', key ?? '')
  expect((await postsOfAna())[0]?.images).toEqual(post.images)
})

test('files that no picture can be made of are listed, with the reason', async () => {
  expect((await command('media', 'unreadable')).stdout).toContain('A picture could be made of every file')
  const page = await (await fetch(`${site.address}/creators/Ana`)).text()
  const [picture = ''] = page.match(/\/pictures\/card\/[\w.-]+/) ?? []
  for (let time = 0; time < 2; time++) expect(await statusOf(picture)).toBe(404)

  const listed = await jsonOf('media', 'unreadable')
  expect(listed).toEqual([
    { key: expect.stringMatching(/^Ana\//), reason: 'not a picture', since: expect.any(String), times: 2 },
  ])
  expect((await command('media', 'unreadable')).stdout).toMatch(
    /^not a picture {2}\d{4}-\d\d-\d\d {2}asked 2x {5}Ana\//,
  )
})

test('the erd, the impact and the doctor come from the database that is open', async () => {
  expect((await command('erd')).stdout).toMatch(/^erDiagram\n.*whitelabel_models/s)
  expect((await command('impact', 'whitelabel_models', '1')).stdout).toContain('whitelabel_posts')
  expect(await jsonOf('migrate', 'status')).toMatchObject({ pending: [], faults: [] })
  const { code, stdout } = await command('doctor', '--json')
  expect(JSON.parse(stdout)).toMatchObject({ ok: code === 0 })
})

test('a delete without a terminal wants --yes', async () => {
  const refused = await command('delete', 'admin_settings', 'access')
  expect(refused).toMatchObject({ code: 1 })
  expect(refused.stderr).toContain('--yes')
  expect((await command('delete', 'admin_settings', 'access', '--yes')).code).toBe(0)
  expect(await jsonOf('settings', 'get', 'access')).toMatchObject({ value: 'members' })
})

test('a delete on a terminal shows what would go, asks, and takes anything but yes for a no', async () => {
  const declined = runOnTerminal(folder, ['delete', 'whitelabel_models', '1'])
  await declined.says(/Delete these 5 rows\? \(y\/N\) /)
  declined.child.stdin?.write('\n')
  expect(await declined.ended).toMatchObject({ code: 1 })
  expect(declined.stdout).toContain('Nothing was deleted.')

  const agreed = runOnTerminal(folder, ['delete', 'whitelabel_models', '1'])
  await agreed.says(/\(y\/N\) /)
  agreed.child.stdin?.write('y\n')
  expect(await agreed.ended).toMatchObject({ code: 0 })
  expect(agreed.stdout).toContain('comes back with the next sync')
  expect(await command('impact', 'whitelabel_models', '1')).toMatchObject({ code: 1 })
})

test('a sync that would remove much is held with exit code 2, and its approval releases it', async () => {
  await rm(path.join(library, 'Caio'), { recursive: true })
  await rm(path.join(library, 'Bia'), { recursive: true })

  const held = await command('sync', '--json')
  expect(held.code).toBe(2)
  const report = JSON.parse(held.stdout)
  expect(report).toMatchObject({ status: 'held', held: { models: 2, posts: 2, media: 6 } })
  expect(await statusOf('/creators/Bia')).toBe(200)

  const approved = await command('sync', '--approve', report.run)
  expect(approved).toMatchObject({ code: 0 })
  expect(await statusOf('/creators/Bia')).toBe(404)
})

test('a dry run names what would change and changes nothing', async () => {
  await makeLibrary(folder, ['Nina'], 1)
  const { code, stdout } = await command('sync', '--dry-run')
  expect(code).toBe(0)
  expect(stdout).toMatch(/Dry run.*added {4}1 creator, 1 post, 1 file.*\+ Nina\/post\/0\.jpg/s)
  expect((await command('creators', 'list')).stdout).not.toContain('Nina')
})

test('a command that is given another library than the server has says so', async () => {
  const { code, stderr } = await run(folder, ['sync'], { MEDIA_DIR: '/srv/other' })
  expect(code).toBe(1)
  expect(stderr).toContain(`process ${site.pid}`)
  expect(stderr).toContain('MEDIA_DIR=/srv/other')
  expect(await run(folder, ['sync', '--dry-run'], { MEDIA_DIR: library })).toMatchObject({ code: 0 })
})

test('the socket is for the owner of the process only', async () => {
  expect((await stat(path.join(folder, 'data/commands.sock'))).mode & 0o777).toBe(0o600)
})

test.each([
  'garbage',
  'null',
  '{}',
  '{"run":null}',
  '{"run":{}}',
  '{"run":{"argv":null}}',
  '{"run":{"argv":[1]}}',
  '{"run":{"argv":["settings"],"library":null}}',
  '{"answer":null}',
])('a caller that says %s is hung up on, and the server goes on', async (words) => {
  const socket = connect(path.join(folder, 'data/commands.sock'))
  let answer = ''
  socket.setEncoding('utf8').on('data', (text) => {
    answer += text
  })
  socket.write(`${words}\n`)
  await once(socket, 'close')

  expect(answer).toBe('')
  expect(await statusOf('/health/live')).toBe(200)
})

test('Ctrl-C ends a sync that runs in the server, nothing is changed, and the server goes on', async () => {
  await makeLibrary(folder, ['Zoe'], MANY_PICTURES)
  const sync = runOnTerminal(folder, ['sync'])
  await sync.says(/Listing · /)
  sync.child.stdin?.write('\u0003')

  expect(await sync.ended).toMatchObject({ code: 1 })
  expect(sync.stdout).toContain('stopped')
  expect((await command('creators', 'list')).stdout).not.toContain('Zoe')
  expect(await statusOf('/health/live')).toBe(200)
})

interface AnaPost {
  id: string
  images: string[]
}

async function postsOfAna(): Promise<AnaPost[]> {
  const response = await fetch(new URL('/api/v1/models/Ana/posts', site.address))
  return ((await response.json()) as { data: AnaPost[] }).data
}

const statusOf = async (address: string) => (await fetch(new URL(address, site.address))).status
