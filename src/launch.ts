import { setTimeout as delay } from 'node:timers/promises'
import type { CommandContext } from './cli/command-context.ts'
import { printLine } from './cli/output.ts'
import type { Database } from './db/index.ts'
import { migrate } from './db/migrate.ts'
import type { Deps } from './deps.ts'
import { Unavailable } from './errors.ts'
import { adoptSecret, insistOnSameSecret } from './services/settings/app-secret.ts'

/** How long a database may be late: containers that start together come up in any order. */
const DATABASE_LATE_MS = 30_000
const DATABASE_PAUSE_MS = 1_000

/**
 * Migrates and checks the secret, waiting for a database that is not up yet.
 * @throws Unavailable when it does not come up in time.
 */
export async function prepareDatabase(
  { database }: Pick<Deps, 'database'>,
  secret: string,
  { newSecret }: { newSecret: boolean },
  context: CommandContext,
): Promise<void> {
  await whenReachable(() => database.ping(), context)
  await migrate(database)
  if (newSecret) await adoptSecret(database.db, secret)
  else await insistOnSameSecret(database.db, secret)
}

async function whenReachable(ping: () => Promise<void>, { output, signal }: CommandContext) {
  const deadline = Date.now() + DATABASE_LATE_MS
  for (let isFirst = true; ; isFirst = false) {
    try {
      return await ping()
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error
      if (Date.now() >= deadline) throw neverReachable(error)
      if (isFirst) printLine(output.stderr, 'The database does not answer yet; waiting for it.')
      await delay(DATABASE_PAUSE_MS, undefined, { signal })
    }
  }
}

const neverReachable = (cause: Error) =>
  new Unavailable('The database of DATABASE_URL does not answer. Start it, or correct the address.', {
    cause,
  })

/** Rejects when the embedded database has stopped without being asked to: half a server helps nobody. */
export function failureOf(database: Database): Promise<never> {
  return new Promise((_, reject) => database.onFailure?.(reject))
}

/** Resolves when all have ended, or when the time is over. */
export async function endWithin(
  milliseconds: number,
  ends: Array<Promise<unknown> | undefined>,
): Promise<void> {
  const timer = new AbortController()
  const timeIsUp = delay(milliseconds, undefined, { signal: timer.signal }).catch(() => {})
  await Promise.race([Promise.allSettled(ends), timeIsUp])
  timer.abort()
}
