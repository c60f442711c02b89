import { spawn } from 'node:child_process'
import { rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { newSandboxSecrets } from '#test/support/sandbox.ts'
import { PROGRAM, type RunningSite, removeFolder, run, start, workFolder } from './drill/creatorflix.ts'

// Whole processes with a database each, on a machine that has other things to do.
vi.setConfig({ testTimeout: 60_000 })

let folder: string
let site: RunningSite
beforeAll(async () => {
  folder = await workFolder()
  site = await start(folder)
})
afterAll(async () => {
  await site.process.stop()
  await removeFolder(folder)
})

const command = (...args: string[]) => run(folder, ['gateways', ...args])
const jsonOf = async (...args: string[]) => JSON.parse((await command(...args, '--json')).stdout)

/** With the text on standard input. */
function commandWith(input: string, ...args: string[]): Promise<{ code: number | null; words: string }> {
  const child = spawn(PROGRAM, ['gateways', ...args], { cwd: folder, env: { PATH: process.env.PATH ?? '' } })
  child.stdin.end(input)
  let words = ''
  child.stdout.on('data', (text) => {
    words += text
  })
  child.stderr.on('data', (text) => {
    words += text
  })
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, words })))
}

test('a site that is being tried has a sandbox which takes everything, its keys shown by their ends', async () => {
  const { code, stdout } = await command('list')
  expect(code).toBe(0)
  expect(stdout).toMatch(/^sandbox {2}takes PIX and card {2}\(pretend money\)\n/)
  expect(stdout).toMatch(/^ {4}apiKey = ….{4}\n {4}webhookSecret = ….{4}\n$/m)
  expect(await jsonOf('list')).toMatchObject([{ name: 'sandbox', isActive: true, obstacle: null }])
})

test('it is switched off, on for one method, and on again', async () => {
  expect((await command('deactivate', 'sandbox')).stdout).toBe('sandbox takes no new payments.\n')
  expect((await command('list')).stdout).toContain('sandbox  switched off')
  expect((await command('activate', 'sandbox', '--card')).stdout).toBe(
    'sandbox takes payments by card from now on.\n',
  )
  expect((await command('list')).stdout).toContain('sandbox  takes card')
  expect(await jsonOf('activate', 'sandbox')).toEqual({
    activated: 'sandbox',
    methods: ['pix', 'credit_card'],
  })
})

describe('keys', () => {
  const { apiKey, webhookSecret } = newSandboxSecrets()

  test('come from a file and from standard input, and are not said again', async () => {
    const file = path.join(folder, 'key.txt')
    await writeFile(file, `${apiKey}\n`)
    const secrets = ['--secret', 'apiKey=key.txt', '--secret', 'webhookSecret=-']
    const { code, words } = await commandWith(`${webhookSecret}\n`, 'set', 'sandbox', ...secrets)
    await rm(file)
    expect(words).toContain(`apiKey = …${apiKey.slice(-4)}\n`)
    expect(words).toContain(`webhookSecret = …${webhookSecret.slice(-4)}\n`)
    expect(code).toBe(0)
    for (const secret of [apiKey, webhookSecret]) {
      expect(words).not.toContain(secret)
      expect(site.process.stdout + site.process.stderr).not.toContain(secret)
    }
  })

  test('given as arguments are refused, and not repeated', async () => {
    const mistakes: Array<[given: string, reason: string]> = [
      [apiKey, 'such as apiKey=key.txt'],
      [`apiKey=${apiKey}`, 'The file for apiKey cannot be read'],
    ]
    for (const [given, reason] of mistakes) {
      const { code, stderr } = await command('set', 'sandbox', '--secret', given)
      expect(code).toBe(1)
      expect(stderr).toContain(reason)
      expect(stderr).not.toContain(apiKey)
    }
  })

  test.each([
    ['that are too short', 'abc\n', ['apiKey=-'], /apiKey must have at least 24 characters/],
    ['that are empty', '', ['webhookSecret=-'], /webhookSecret must be whsec_/],
    ['of a name nobody knows', 'abc', ['api_key=-'], /api_key/],
    ['twice from standard input', 'abc', ['apiKey=-', 'webhookSecret=-'], /Only one secret/],
    ['twice of one name', 'abc', ['apiKey=-', 'apiKey=-'], /given twice/],
    ['of no name', '', [], /at least one key/],
  ])('%s are refused in words', async (_, input, secrets, reason) => {
    const { code, words } = await commandWith(
      input,
      'set',
      'sandbox',
      ...secrets.flatMap((one) => ['--secret', one]),
    )
    expect(code).toBe(1)
    expect(words).toMatch(reason)
    expect(words).not.toMatch(/^\s+at /m)
  })
})

test('a gateway that is not known cannot be set up nor switched on', async () => {
  for (const words of [
    ['set', 'paypaul', '--public-key', 'x'],
    ['activate', 'paypaul'],
  ]) {
    const { code, stderr } = await command(...words)
    expect([code, stderr]).toEqual([1, 'There is no kind of gateway named paypaul. There are: sandbox.\n'])
  }
  expect((await command('deactivate', 'paypaul')).stderr).toContain('paypaul is not set up')
})

test('the sandbox does wrong what it is asked to, and forgets it', async () => {
  await site.process.stop()
  site = await start(folder)
  // It starts beside the site, with the keys that were just set.
  await vi.waitFor(async () => expect((await command('sandbox-fault', 'none')).code).toBe(0), 20_000)
  expect((await command('sandbox-fault', 'time out after', '--on', 'create', '--times', '2')).stdout).toBe(
    'The sandbox does so next: time out after\n',
  )
  expect((await command('sandbox-fault', 'silence')).code).toBe(0)
  const unknown = await command('sandbox-fault', 'earthquake')
  expect(unknown.code).toBe(1)
  expect(unknown.stderr).toContain('no fault "earthquake". There are: "none", "time out before"')
  expect((await command('sandbox-fault', 'none')).stdout).toBe('The sandbox does nothing wrong any more.\n')
})

test('a site that has gone public says that its sandbox cannot be used', async () => {
  await site.process.stop()
  const { stdout } = await run(folder, ['gateways'], { BASE_URL: 'https://films.example.com' })
  expect(stdout).toContain('It cannot be used. sandbox takes pretend money')
  const refused = await run(folder, ['gateways', 'activate', 'sandbox'], {
    BASE_URL: 'https://films.example.com',
  })
  expect(refused.code).toBe(1)
  expect(refused.stderr).toContain('Choose a real gateway')
})
