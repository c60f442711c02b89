import { Hono } from 'hono'
import type { Deps } from '#src/deps.ts'
import { Unavailable } from '#src/errors.ts'
import type { AppEnv } from '../app-env.ts'
import { allow } from '../policies.ts'

/** Many probes ask; database and store are asked once a second. */
const CACHE_MS = 1_000
const PATIENCE_MS = 2_000

type State = 'up' | 'down'

/** For load balancers and containers: is the process alive, and may it be sent visitors. */
export function healthRoutes(deps: Pick<Deps, 'database' | 'media' | 'log'>) {
  const readiness = cached(() => probe(deps), CACHE_MS)

  return new Hono<AppEnv>()
    .get('/health/live', allow('public'), (c) => c.json({ status: 'live' }))
    .get('/health/ready', allow('public'), async (c) => {
      const parts = await readiness()
      const isReady = Object.values(parts).every((state) => state === 'up')
      c.header('Cache-Control', 'no-store')
      if (isReady) return c.json({ status: 'ready', ...parts })
      return c.json({ status: 'unavailable', ...parts }, 503, { 'Retry-After': '1' })
    })
}

async function probe({ database, media, log }: Pick<Deps, 'database' | 'media' | 'log'>) {
  const stateOf = async (part: string, ping: () => Promise<void>): Promise<State> => {
    try {
      await withPatience(ping())
      return 'up'
    } catch (error) {
      log.warn({ err: error, part }, 'not ready')
      return 'down'
    }
  }
  const [databaseState, mediaState] = await Promise.all([
    stateOf('database', () => database.ping()),
    stateOf('media', () => media.ping()),
  ])
  return { database: databaseState, media: mediaState }
}

async function withPatience(answer: Promise<void>) {
  let timer: NodeJS.Timeout | undefined
  const impatience = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Unavailable('No answer within two seconds.')), PATIENCE_MS)
  })
  try {
    await Promise.race([answer, impatience])
  } finally {
    clearTimeout(timer)
  }
}

/** The answer being fetched, or the last one for as long as it counts. */
function cached<T>(fetch: () => Promise<T>, milliseconds: number) {
  let answer: Promise<T> | null = null
  let staleAt = 0
  return () => {
    if (answer === null || performance.now() >= staleAt) {
      staleAt = Number.POSITIVE_INFINITY
      answer = fetch().finally(() => {
        staleAt = performance.now() + milliseconds
      })
    }
    return answer
  }
}
