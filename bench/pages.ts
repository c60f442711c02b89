import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import autocannon from 'autocannon'
import { sql } from 'drizzle-orm'
import type { PostgresServer } from '#test/support/postgres-server.ts'
import { creatorFolder, MILLION } from './generated-library.ts'
import { copyGivenLibrary } from './given-library.ts'
import { median, openBenchDatabase, startBenchServer } from './ground.ts'
import type { Row } from './row.ts'

export const claim = 'A page costs little more than its queries'

const PAGES = { home: '/', 'a creator': `/creators/${creatorFolder(7)}` }
const SECONDS = 5
const ROUNDS = 5
const CONNECTIONS = 10
const SERVER = new URL('pages-server.ts', import.meta.url).pathname

/** Both servers are processes of their own on the same library of a million media; the loads alternate. */
export async function run(): Promise<Row[]> {
  const postgres = await startBenchServer()
  const folder = await mkdtemp(path.join(tmpdir(), 'creatorflix-pages-'))
  try {
    const library = await openBenchDatabase(postgres, 'library')
    await copyGivenLibrary(library, MILLION, 'active')
    await library.session(({ db }) => db.execute(sql`vacuum analyze`))
    await library.close()

    const rows = []
    for (const [name, address] of Object.entries(PAGES))
      rows.push(await comparePage(postgres, folder, name, address))
    return rows
  } finally {
    await postgres.stop()
    await rm(folder, { recursive: true })
  }
}

async function comparePage(
  postgres: PostgresServer,
  folder: string,
  name: string,
  address: string,
): Promise<Row> {
  const recording = path.join(folder, `${name}.json`)
  const environment = { DATABASE_URL: postgres.urlOf('library'), ADDRESS: address, RECORDING: recording }
  await writeFile(recording, await recordPage(environment))
  const ours = await start({ ...environment, KIND: 'ours' })
  const bare = await start({ ...environment, KIND: 'bare' })
  try {
    const rates = { ours: [] as number[], bare: [] as number[] }
    for (let round = 0; round < ROUNDS; round++) {
      rates.bare.push(await load(bare.url + address))
      rates.ours.push(await load(ours.url + address))
    }
    return rowOf(name, median(rates.ours), median(rates.bare))
  } finally {
    ours.process.kill()
    bare.process.kill()
  }
}

const rowOf = (name: string, ours: number, bare: number): Row => ({
  what: `the page of ${name} at 1,000,000 media, requests a second`,
  against: 'bare node:http: the same queries, the same bytes',
  ratio: ours / bare,
  limit: 0.5,
  better: 'higher',
  detail: `${Math.round(ours)}/s, bare ${Math.round(bare)}/s`,
})

const NODE = ['--import', 'tsx', SERVER]

async function recordPage(environment: Record<string, string>) {
  const { stdout } = await promisify(execFile)(process.execPath, NODE, {
    env: { ...process.env, ...environment, KIND: 'record' },
    maxBuffer: 1 << 26,
  })
  return stdout
}

async function start(environment: Record<string, string>): Promise<{ process: ChildProcess; url: string }> {
  const child = spawn(process.execPath, NODE, {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  return { process: child, url: line.toString().trim() }
}

async function load(url: string) {
  const headers = { Accept: 'text/html', 'Accept-Language': 'en' }
  const result = await autocannon({ url, headers, connections: CONNECTIONS, duration: SECONDS })
  if (result.errors > 0 || result['5xx'] + result['4xx'] > 0) throw new Error(`${url} failed under load.`)
  return result.requests.average
}
