import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { BIN, ROOT } from '../packages.mjs'
import { say } from '../say.mjs'

/** What is checked beside the tests. Each `run` says what is wrong and answers whether all is well. */
export const checks = [
  { name: 'format and lint', run: () => succeeds('biome', 'check', '.') },
  { name: 'types', run: () => succeeds('tsc') },
  { name: 'types of what browsers run', run: () => succeeds('tsc', '--project', 'src/web/client') },
  { name: 'the stylesheet is that of its sources', run: stylesheetIsCurrent },
  { name: 'the migration files fit together', run: () => succeeds('drizzle-kit', 'check') },
  { name: 'the migrations make the schema', run: migrationsMakeSchema },
]

function succeeds(program, ...given) {
  const { status } = spawnSync(path.join(BIN, program), given, {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  return status === 0
}

function stylesheetIsCurrent() {
  return inScratch((folder) => {
    const made = path.join(folder, 'site.css')
    if (!succeeds('tailwindcss', '-i', 'src/web/styles/site.css', '-o', made, '--minify')) return false
    if (textOf(made) === textOf(path.join(ROOT, 'src/web/assets/site.css'))) return true
    say('src/web/assets/site.css is not what its sources make. Run: npm run css')
    return false
  })
}

/** drizzle-kit looks for a difference between schema and migrations, in a copy of them. */
function migrationsMakeSchema() {
  return inScratch((folder) => {
    cpSync(path.join(ROOT, 'drizzle'), path.join(folder, 'drizzle'), { recursive: true })
    const before = readdirSync(path.join(folder, 'drizzle'))
    writeFileSync(path.join(folder, 'drizzle.config.ts'), configFor(folder))
    if (!succeeds('drizzle-kit', 'generate', '--config', path.join(folder, 'drizzle.config.ts'))) return false

    const added = readdirSync(path.join(folder, 'drizzle')).filter((name) => !before.includes(name))
    if (added.length === 0) return true
    say('The schema has what no migration brings. Run: npm run db:generate')
    for (const name of added) say(textOf(path.join(folder, 'drizzle', name)))
    return false
  })
}

/** drizzle-kit takes paths from where it runs, the root. */
const configFor = (folder) => `
  import config from ${JSON.stringify(path.join(ROOT, 'drizzle.config.ts'))}
  export default { ...config, out: ${JSON.stringify(path.relative(ROOT, path.join(folder, 'drizzle')))} }
`

function inScratch(work) {
  const folder = mkdtempSync(path.join(tmpdir(), 'creatorflix-check-'))
  try {
    return work(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const textOf = (file) => readFileSync(file, 'utf8')
