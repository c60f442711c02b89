import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { ENVIRONMENT, readEnv } from './env.ts'
import { Misconfigured } from './errors.ts'

test('nothing has to be set', () => {
  const env = readEnv({})
  expect(env).toMatchObject({
    PORT: 3000,
    HOST: '127.0.0.1',
    BASE_URL: 'http://localhost:3000',
    S3_PREFIX: '',
  })
})

test('an empty variable counts as unset', () => {
  expect(readEnv({ PORT: '', S3_BUCKET: '' }).PORT).toBe(3000)
})

test('the address of the site follows the port unless it is given', () => {
  expect(readEnv({ PORT: '8080' }).BASE_URL).toBe('http://localhost:8080')
  expect(readEnv({ BASE_URL: 'https://films.example.com/' }).BASE_URL).toBe('https://films.example.com')
})

test('all mistakes are told at once, wrong values and contradictions alike', () => {
  const mistakes = refusal({
    PORT: 'abc',
    LOG_LEVEL: 'loud',
    MEDIA_LINK_SECONDS: '5',
    BASE_URL: 'films',
    S3_BUCKET: 'films',
    MEDIA_DIR: '/srv/media',
    DATABASE_URL: 'postgres://db/films',
  })
  for (const name of [
    'PORT',
    'LOG_LEVEL',
    'MEDIA_LINK_SECONDS',
    'BASE_URL',
    'MEDIA_DIR',
    'S3_ACCESS_KEY_ID',
    'S3_SECRET_ACCESS_KEY',
    'APP_SECRET',
  ]) {
    expect(mistakes).toMatch(new RegExp(`^ {2}${name} (must|is) `, 'm'))
  }
})

test.each(['x'.repeat(64), ' '.repeat(40), 'changeme'.repeat(5), '12345'.repeat(10)])(
  'the secret %j is refused, for it would be guessed',
  (APP_SECRET) => {
    expect(refusal({ APP_SECRET })).toContain('openssl rand -hex 32')
  },
)

test('a mistake is told without repeating a secret', () => {
  expect(refusal({ APP_SECRET: 'too-short-to-be-good' })).not.toContain('too-short-to-be-good')
})

test('.env.example names every variable and no other', async () => {
  const example = await readFile(new URL('../.env.example', import.meta.url), 'utf8')
  const named = [...example.matchAll(/^#?\s*([A-Z][A-Z0-9_]*)=/gm)].map(([, name]) => name)
  expect(named).toEqual(ENVIRONMENT)
})

test('docs/operating.md explains every variable', async () => {
  const page = await readFile(new URL('../docs/operating.md', import.meta.url), 'utf8')
  const explained = [...page.matchAll(/^\| `([A-Z][A-Z0-9_]*)` \|/gm)].map(([, name]) => name)
  expect(explained).toEqual(ENVIRONMENT)
})

function refusal(variables: NodeJS.ProcessEnv) {
  try {
    readEnv(variables)
  } catch (error) {
    expect(error).toBeInstanceOf(Misconfigured)
    return error instanceof Error ? error.message : ''
  }
  throw new Error('the environment was accepted')
}
