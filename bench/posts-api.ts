import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import autocannon from 'autocannon'
import { sql } from 'drizzle-orm'
import type { PostgresServer } from '#test/support/postgres-server.ts'
import { creatorFolder } from './generated-library.ts'
import { copyGivenLibrary } from './given-library.ts'
import { median, openBenchDatabase, startBenchServer } from './ground.ts'
import type { Row } from './row.ts'

export const claim = 'A page of posts costs little more than its query and its signatures'

const LIBRARY = { creators: 50, posts: 100, media: 20 }
const SECONDS = 5
const ROUNDS = 5
const CONNECTIONS = 10
const SLUG = creatorFolder(7)
const PATH = `/api/v1/models/${SLUG}/posts`

/** Both servers are processes of their own on the same database; the loads alternate. */
export async function run(): Promise<Row[]> {
  const postgres = await startBenchServer()
  const servers: Server[] = []
  try {
    const library = await openBenchDatabase(postgres, 'library')
    await copyGivenLibrary(library, LIBRARY, 'active')
    await library.db.execute(sql`insert into admin_settings values ('access', 'open')`)
    await library.session(({ db }) => db.execute(sql`vacuum analyze`))
    await library.close()

    const bare = await start(postgres, 'bare')
    const ours = await start(postgres, 'ours')
    const uncached = await start(postgres, 'ours-uncached')
    servers.push(bare, ours, uncached)
    await insistOnSamePosts(bare, ours)
    return rows(await measure(bare, ours, uncached))
  } finally {
    for (const server of servers) server.process.kill()
    await postgres.stop()
  }
}

interface Server {
  process: ChildProcess
  url: string
}

async function measure(bare: Server, ours: Server, uncached: Server) {
  const etag = (await fetch(ours.url)).headers.get('etag') ?? ''
  const rates = {
    bare: [] as number[],
    uncached: [] as number[],
    cached: [] as number[],
    unchanged: [] as number[],
  }
  for (let round = 0; round < ROUNDS; round++) {
    rates.bare.push(await load(bare.url))
    rates.uncached.push(await load(uncached.url))
    rates.cached.push(await load(ours.url))
    rates.unchanged.push(await load(ours.url, { 'if-none-match': etag }))
  }
  return {
    bare: median(rates.bare),
    uncached: median(rates.uncached),
    cached: median(rates.cached),
    unchanged: median(rates.unchanged),
  }
}

function rows(rates: Record<'bare' | 'uncached' | 'cached' | 'unchanged', number>): Row[] {
  const { bare, uncached, cached, unchanged } = rates
  const what = '`/api/v1/models/:slug/posts`, 20 posts with 400 links'
  const ours = `nothing cached ${rate(uncached)}`
  return [
    {
      what: `${what}, requests a second, nothing cached`,
      against: 'bare node:http: one hand-written query, one bare HMAC a link',
      ratio: uncached / bare,
      limit: 0.8,
      better: 'higher',
      detail: `${ours}, bare ${rate(bare)}`,
    },
    {
      what: 'the same again within the window of the links',
      against: 'ours, nothing cached',
      ratio: cached / uncached,
      limit: 1.7,
      better: 'higher',
      detail: `again ${rate(cached)}, ${ours}`,
    },
    {
      what: 'the same when the client has it (304)',
      against: 'ours, nothing cached',
      ratio: unchanged / uncached,
      limit: 3,
      better: 'higher',
      detail: `304 ${rate(unchanged)}, ${ours}`,
    },
  ]
}

const rate = (requests: number) => `${Math.round(requests)}/s`

async function start(postgres: PostgresServer, kind: string): Promise<Server> {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', new URL('posts-api-server.ts', import.meta.url).pathname],
    {
      env: { ...process.env, DATABASE_URL: postgres.urlOf('library'), KIND: kind },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  const ended = once(child, 'exit').then(() => {
    throw new Error(`The server "${kind}" did not start.`)
  })
  const [line] = (await Promise.race([once(child.stdout, 'data'), ended])) as [Buffer]
  ended.catch(() => {})
  return { process: child, url: `${line.toString().trim()}${PATH}` }
}

async function load(url: string, headers: Record<string, string> = {}) {
  const result = await autocannon({ url, headers, connections: CONNECTIONS, duration: SECONDS })
  if (result.errors > 0 || result['5xx'] + result['4xx'] > 0) throw new Error(`${url} failed under load.`)
  return result.requests.average
}

/** A fast answer counts only when it is the same. */
async function insistOnSamePosts(...servers: Server[]) {
  const answers = await Promise.all(
    servers.map(async ({ url }) => {
      const { data } = (await (await fetch(url)).json()) as {
        data: Array<{ id: string; images: string[]; videos: string[] }>
      }
      const path = (link: string) => new URL(link, 'http://site.invalid').pathname
      return JSON.stringify(data.map(({ id, images, videos }) => [id, images.map(path), videos.map(path)]))
    }),
  )
  if (new Set(answers).size !== 1) throw new Error('The two servers answer with different posts.')
}
