import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import autocannon from 'autocannon'
import { sql } from 'drizzle-orm'
import { creatorFolder } from './generated-library.ts'
import { copyGivenLibrary } from './given-library.ts'
import { openBenchDatabase, startBenchServer } from './ground.ts'
import type { Row } from './row.ts'

export const claim = 'The serving process stays small on a server database'

const LIBRARY = { creators: 100, posts: 100, media: 20 }
const REQUESTS = 100_000
const LIMIT_MB = 130
const ROOT = path.resolve(import.meta.dirname, '..')
const PORT = 4_100 + (process.pid % 800)
const PAGES = [
  '/',
  '/creators',
  `/creators/${creatorFolder(7)}`,
  '/posts/700',
  '/api/v1/models',
  '/creators?q=session',
]

/** The program as it is started, asked for each of the pages in turn. */
export async function run(): Promise<Row[]> {
  const postgres = await startBenchServer()
  try {
    const library = await openBenchDatabase(postgres, 'library')
    await copyGivenLibrary(library, LIBRARY, 'active')
    await library.db.execute(sql`insert into admin_settings values ('sync_interval_minutes', '0')`)
    await library.session(({ db }) => db.execute(sql`vacuum analyze`))
    await library.close()
    return [await measure(postgres.urlOf('library'))]
  } finally {
    await postgres.stop()
  }
}

async function measure(url: string): Promise<Row> {
  const site = spawn('bin/creatorflix.mjs', ['start'], {
    cwd: ROOT,
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      PORT: String(PORT),
      DATABASE_URL: url,
      APP_SECRET: 'a secret of the benchmark, known to all',
      MEDIA_DIR: path.join(ROOT, 'sample'),
      LOG_LEVEL: 'error',
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  try {
    await answering()
    for (const page of PAGES) await ask(page, Math.ceil(REQUESTS / PAGES.length))
    const { nowMb, peakMb } = await memoryOf(site.pid ?? 0)
    return {
      what: `memory of the serving process after ${REQUESTS.toLocaleString('en')} requests`,
      against: `${LIMIT_MB} MB`,
      ratio: nowMb / LIMIT_MB,
      limit: 1,
      better: 'lower',
      detail: `${nowMb} MB, at its peak ${peakMb} MB`,
    }
  } finally {
    site.kill()
    await once(site, 'exit')
  }
}

async function answering() {
  for (;;) {
    const answer = await fetch(`http://127.0.0.1:${PORT}/health/live`).catch(() => null)
    if (answer?.ok) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

async function ask(page: string, amount: number) {
  const result = await autocannon({
    url: `http://127.0.0.1:${PORT}${page}`,
    headers: { Accept: 'text/html', 'Accept-Language': 'en' },
    connections: 10,
    amount,
  })
  if (result.errors > 0 || result.non2xx > 0) throw new Error(`${page} failed under load.`)
}

async function memoryOf(pid: number) {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  const megabytes = (name: string) =>
    Math.round(Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1]) / 1024)
  return { nowMb: megabytes('VmRSS'), peakMb: megabytes('VmHWM') }
}
