import { setTimeout as delay } from 'node:timers/promises'
import type { Database } from '#src/db/index.ts'
import { Unavailable } from '#src/errors.ts'

const LOOK_AGAIN_MS = 150
/** Longer than any picture takes, for a node that hangs. */
const OTHER_NODE_MS = 60_000

/** `make` on one of all nodes, unless `find` answers: those that come later wait and find what the first one made. */
export async function onOneNode<T, Found extends T>(
  database: Database,
  name: string,
  find: () => Promise<Found | null>,
  make: () => Promise<T>,
): Promise<T> {
  const findOrMake = async () => (await find()) ?? make()
  if (database.kind === 'embedded') return findOrMake()

  const deadline = performance.now() + OTHER_NODE_MS
  while (performance.now() < deadline) {
    const done = await database.tryLock(`picture ${name}`, findOrMake)
    if (done !== null) return done
    await delay(LOOK_AGAIN_MS)
  }
  throw new Unavailable('Another node takes long to make this picture.')
}
