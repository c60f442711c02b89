import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { sourceFiles } from './support/source-files.ts'

/** Who may import whom: arrows only point down this table. */
const MAY_IMPORT: Record<string, string[]> = {
  entry: [
    'web',
    'services',
    'deps',
    'jobs',
    'mail',
    'db',
    'storage',
    'imaging',
    'payments',
    'log',
    'env',
    'errors',
    'lib',
  ],
  web: ['services', 'deps', 'db', 'storage', 'imaging', 'log', 'env', 'errors', 'lib'],
  services: ['deps', 'jobs', 'mail', 'db', 'storage', 'imaging', 'payments', 'env', 'errors', 'lib'],
  deps: ['seal-key', 'jobs', 'mail', 'db', 'storage', 'imaging', 'payments', 'env', 'errors', 'lib'],
  'seal-key': ['env', 'errors', 'lib'],
  jobs: ['db', 'env', 'errors', 'lib'],
  mail: ['env', 'errors', 'lib'],
  log: ['db', 'env', 'errors', 'lib'],
  payments: ['env', 'errors', 'lib'],
  storage: ['env', 'errors', 'lib'],
  imaging: ['env', 'errors', 'lib'],
  db: ['env', 'errors', 'lib'],
  env: ['errors', 'lib'],
  lib: [],
  errors: [],
}

/** Packages that only one place may know, so that they can be changed there. */
const SOLE_IMPORTERS: Array<[RegExp, string[]]> = [
  [/^@aws-sdk\//, ['src/storage/s3-store.ts']],
  [/^@?hono(\/|$)/, ['src/web/']],
  [/^drizzle-orm(\/|$)/, ['src/db/', 'src/services/']],
  [/^(pg|pg-copy-streams)$/, ['src/db/']],
  [/^@electric-sql\//, ['src/db/']],
  [/^sharp$/, ['src/imaging/']],
  [/^(commander|cli-progress)$/, ['src/cli/', 'src/cli.ts']],
  [/^pg-boss$/, ['src/jobs/']],
  [/^nodemailer$/, ['src/mail/']],
  [/^@node-rs\/argon2$/, ['src/services/accounts/']],
]

/** `main.ts`, `cli.ts`, `launch.ts` and the commands start everything and may know everything. */
const ENTRY = ['main', 'cli', 'launch']

/** `env.ts` reads it; `s3-store.ts` turns off a warning of the SDK that can be turned off in no other way. */
const TOUCHES_ENVIRONMENT = ['src/env.ts', 'src/storage/s3-store.ts']

interface Import {
  file: string
  /** A path from the root for our own modules, a package's name otherwise. */
  module: string
  isTypeOnly: boolean
}

test('imports point down the layers, and packages stay where they belong', async () => {
  const faults = []
  for (const file of await sourceFiles('src')) {
    faults.push(...importFaults(importsOf(file, await readFile(file, 'utf8'))))
  }
  expect(faults).toEqual([])
})

test('only env.ts reads the environment', async () => {
  const readers = []
  for (const file of await sourceFiles('src')) {
    if (/\bprocess\.env\b/.test(await readFile(file, 'utf8'))) readers.push(file)
  }
  expect(readers).toEqual(TOUCHES_ENVIRONMENT)
})

test.each([
  ['src/db/index.ts', `import { canWatch } from '#src/services/access/can-watch.ts'`],
  ['src/lib/money.ts', `import { NotFound } from '../errors.ts'`],
  ['src/services/billing/settle.ts', `import { render } from '#src/web/render.tsx'`],
  ['src/services/billing/settle.ts', `import { openDeps } from '#src/deps.ts'`],
  ['src/services/catalogue/views.ts', `import { planSync } from '../whitelabel/sync/plan.ts'`],
  ['src/storage/open-store.ts', `const db = await import('../db/index.ts')`],
  ['src/web/routes/site.tsx', `import { sql } from 'drizzle-orm'`],
  ['src/services/whitelabel/publishing.ts', `import { S3Client } from '@aws-sdk/client-s3'`],
  ['src/services/access/viewer.ts', `import type { Context } from 'hono'`],
  ['src/cli/sync.ts', `import pg from 'pg'`],
  ['src/db/server.ts', `import { faults } from '#test/support/faults.ts'`],
  ['src/db/server.ts', `export * from '../web/app.tsx'`],
])('an import that is not allowed is caught: in %s, %s', (file, source) => {
  expect(importFaults(importsOf(file, source))).toHaveLength(1)
})

test.each([
  ['src/services/billing/settle.ts', `import type { Deps } from '#src/deps.ts'`],
  ['src/services/catalogue/catalogue.ts', `import { models } from '../whitelabel/queries/models.ts'`],
  ['src/web/app.tsx', `import { Hono } from 'hono'\nimport { x } from '#src/services/access/can-watch.ts'`],
  ['src/main.ts', `import { readEnv } from './env.ts'`],
])('an import that is allowed passes: in %s, %s', (file, source) => {
  expect(importFaults(importsOf(file, source))).toEqual([])
})

function importsOf(file: string, source: string): Import[] {
  const statements = source.matchAll(
    /(?:^|\n)\s*(?:import|export)(\s+type)?\s[^'"`;]*?from\s+'([^']+)'|\bimport\(?\s*'([^']+)'/g,
  )
  return [...statements].map(([, type, named, bare]) => ({
    file,
    module: resolve(file, named ?? bare ?? ''),
    isTypeOnly: type !== undefined,
  }))
}

function resolve(file: string, module: string) {
  if (module.startsWith('.')) return path.join(path.dirname(file), module)
  return module.startsWith('#') ? module.slice(1) : module
}

function importFaults(imports: Import[]): string[] {
  return imports
    .filter((one) => !isAllowed(one))
    .map(({ file, module }) => `${file} may not import ${module}`)
}

function isAllowed({ file, module, isTypeOnly }: Import) {
  if (module.startsWith('test/')) return false
  if (!module.startsWith('src/')) return isImporter(file, module)
  const from = layerOf(file)
  const to = layerOf(module)
  if (from === 'services' && to === 'deps') return isTypeOnly
  if (from === 'services' && to === 'services') return !reachesIntoSync(file, module)
  return from === to || MAY_IMPORT[from]?.includes(to) === true
}

function isImporter(file: string, packageName: string) {
  const rule = SOLE_IMPORTERS.find(([name]) => name.test(packageName))
  return !rule || rule[1].some((place) => file.startsWith(place))
}

/** `src/db/index.ts` → db, `src/errors.ts` → errors, `src/main.ts` → entry. */
function layerOf(file: string) {
  const name = file.split('/')[1]?.replace(/\.tsx?$/, '') ?? ''
  return ENTRY.includes(name) ? 'entry' : name
}

/** What syncs is the business of the library alone; others use its queries and pure files. */
function reachesIntoSync(file: string, module: string) {
  const [, , from] = file.split('/')
  const [, , to, folder] = module.split('/')
  return from !== to && folder === 'sync'
}
