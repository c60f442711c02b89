import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { removeFolder, run, workFolder } from './cli/drill/creatorflix.ts'

let folder: string
beforeAll(async () => {
  folder = await workFolder()
})
afterAll(() => removeFolder(folder))

const COMMANDS = [
  'start',
  'migrate',
  'migrate status',
  'sync',
  'creators list',
  'creators publish',
  'creators hide',
  'creators feature',
  'creators unfeature',
  'posts hide',
  'posts show',
  'media hide',
  'media show',
  'media unreadable',
  'doctor',
  'settings',
  'settings list',
  'settings get',
  'settings set',
  'settings reset',
  'admin list',
  'admin create',
  'admin link',
  'admin remove',
  'gateways list',
  'gateways set',
  'gateways activate',
  'gateways deactivate',
  'gateways sandbox-fault',
  'sandbox',
  'support list',
  'support add',
  'support remove',
  'support enable',
  'support disable',
  'erd',
  'impact',
  'delete',
]

test('--help names every command', async () => {
  const { code, stdout } = await run(folder, ['--help'])
  expect(code).toBe(0)
  const names = new Set(COMMANDS.map((command) => command.split(' ')[0]))
  for (const name of names) expect(stdout).toMatch(new RegExp(`^ {2}${name}\\b`, 'm'))
})

describe('every command explains itself and takes --json', () => {
  test.each(COMMANDS)('%s', async (command) => {
    const { code, stdout } = await run(folder, [...command.split(' '), '--help'])
    expect(code).toBe(0)
    expect(stdout).toContain(`Usage: creatorflix ${command} `)
    expect(stdout).toContain('--json')
  })
})

test('--version is that of the package', async () => {
  const { version } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'))
  expect((await run(folder, ['--version'])).stdout).toBe(`${version}\n`)
})

test('without a command, the help is shown and nothing is done', async () => {
  const { code, stderr } = await run(folder, [])
  expect(code).toBe(1)
  expect(stderr).toContain('Usage: creatorflix')
})

describe('what cannot be understood is said in words, with exit code 1 and no stack', () => {
  const mistakes: Array<[string[], RegExp]> = [
    [['sync', '--quick'], /^Unknown option '--quick'/],
    [['sing'], /^Unknown command 'sing'\n\(Did you mean sync\?\)/],
    [['settings', 'get'], /^Missing required argument 'key'/],
    [['impact', 'users'], /^Missing required argument 'id'/],
    [['creators', 'list', '--status', 'old'], /Allowed choices are new, active, hidden/],
    [['settings'], /^There is no database yet: .*data does not exist\. Make one with npx creatorflix start/],
  ]
  test.each(mistakes)('%j', async (args, words) => {
    const { code, stdout, stderr } = await run(folder, args)
    expect(code).toBe(1)
    expect(stdout).toBe('')
    expect(stderr).toMatch(words)
    expect(stderr).not.toMatch(/^\s+at /m)
  })
})

test('a wrong environment is told with all its mistakes at once', async () => {
  const { code, stderr } = await run(folder, ['start'], {
    PORT: 'abc',
    S3_BUCKET: 'films',
    LOG_LEVEL: 'loud',
  })
  expect(code).toBe(1)
  for (const name of ['PORT', 'LOG_LEVEL', 'S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY']) {
    expect(stderr).toContain(`  ${name} `)
  }
  expect(stderr).not.toMatch(/^\s+at /m)
})
