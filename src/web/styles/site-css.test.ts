import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const SOURCE = 'src/web/styles/site.css'
const COMMITTED = 'src/web/assets/site.css'

test('the stylesheet that is served is what its source and the components come to (npm run css)', async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'site-css-'))
  const fresh = path.join(folder, 'site.css')
  await promisify(execFile)('npx', ['tailwindcss', '-i', SOURCE, '-o', fresh, '--minify'])

  expect(await readFile(COMMITTED, 'utf8')).toBe(await readFile(fresh, 'utf8'))
  await rm(folder, { recursive: true })
})
