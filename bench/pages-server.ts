import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import pg from 'pg'
import { closeDeps, openDeps } from '#src/deps.ts'
import { readEnv } from '#src/env.ts'
import { createApp } from '#src/web/app.tsx'
import { startServer } from '#src/web/server.ts'
import { quiet } from './ground.ts'

/**
 * One side of the benchmark `pages`, in a process of its own. KIND is `ours`; `record`, which prints the queries and
 * the bytes of the page at ADDRESS; or `bare`, which runs those queries and sends those bytes, read from RECORDING.
 */
const { DATABASE_URL = '', KIND, ADDRESS = '', RECORDING = '' } = process.env

export interface Recording {
  queries: Array<{ text: string; values: unknown[] }>
  body: string
}

const env = readEnv({
  DATABASE_URL,
  APP_SECRET: 'a secret of the benchmark, known to all',
  S3_BUCKET: 'library',
  S3_ENDPOINT: 'http://127.0.0.1:9',
  S3_ACCESS_KEY_ID: 'BENCHMARK',
  S3_SECRET_ACCESS_KEY: 'benchmark',
})
const HEADERS = { Accept: 'text/html', 'Accept-Language': 'en' }

process.stdout.write(
  `${KIND === 'record' ? await record() : KIND === 'bare' ? await serveBare() : await serveOurs()}\n`,
)

async function serveOurs() {
  const deps = await openDeps(env, env.APP_SECRET ?? '', quiet)
  const server = await startServer(createApp(deps), { port: 0, host: '127.0.0.1' })
  return server.url.replace('localhost', '127.0.0.1')
}

/** The second answer is recorded: what is remembered for a minute is asked once a minute. */
async function record() {
  const deps = await openDeps(env, env.APP_SECRET ?? '', quiet)
  const app = createApp(deps)
  await app.request(ADDRESS, { headers: HEADERS })
  const queries: Recording['queries'] = []
  const ask = pg.Client.prototype.query as (...given: unknown[]) => unknown
  pg.Client.prototype.query = function query(this: pg.Client, ...given: unknown[]) {
    const [first, values] = given as [string | { text: string; values?: unknown[] }, unknown[] | undefined]
    const text = typeof first === 'string' ? first : first.text
    queries.push({ text, values: values ?? (typeof first === 'string' ? [] : (first.values ?? [])) })
    return ask.apply(this, given)
  } as typeof pg.Client.prototype.query
  const response = await app.request(ADDRESS, { headers: HEADERS })
  const body = await response.text()
  if (response.status !== 200) throw new Error(`${ADDRESS} answers ${response.status}.`)
  await closeDeps(deps)
  return JSON.stringify({ queries, body } satisfies Recording)
}

/** A hand-written server that asks all at once and has nothing to compute. */
async function serveBare() {
  const { queries, body } = JSON.parse(readFileSync(RECORDING, 'utf8')) as Recording
  const pool = new pg.Pool({ connectionString: DATABASE_URL, max: 10 })
  const bytes = Buffer.from(body)
  const server = createServer(async (_, response) => {
    await Promise.all(queries.map(({ text, values }) => pool.query(text, values)))
    response.setHeader('Content-Type', 'text/html; charset=utf-8')
    response.end(bytes)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
