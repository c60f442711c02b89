import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Database, openDatabase } from '#src/db/index.ts'
import {
  migratedGround,
  onServer,
  openTestDatabase,
  removeGround,
  type TestGround,
} from '#test/support/database.ts'
import { halfSeen, libraryRows, openLyingStore, syncFrom } from '#test/support/library.ts'
import { type LyingS3, startLyingS3 } from '#test/support/lying-s3/start.ts'
import { type DrillGround, killWhileSyncing, syncToTheEnd } from '#test/support/sync-drill/kill-drill.ts'

/** `npm run test:chaos` runs a hundred. */
const ROUNDS = Number(process.env.CHAOS_ROUNDS ?? (onServer() ? 10 : 5))
const SEED = 20_260_214
const MINUTES = 60_000

let s3: LyingS3
let ground: TestGround
let drill: DrillGround

beforeAll(async () => {
  s3 = await startLyingS3()
  ground = await migratedGround()
  drill = { ...ground, endpoint: s3.endpoint }
})
afterAll(async () => {
  await s3.close()
  await removeGround(ground)
})

/** Every round another mix of creators, so that each sync has to add, to empty and to remove. */
function bucketOf(round: number): string[] {
  const keys: string[] = []
  for (let creator = 0; creator < 12; creator++) {
    if ((creator + round) % 4 === 0) continue
    for (let post = 0; post < 6; post++) {
      if ((creator + post + round) % 5 === 0) continue
      for (let file = 0; file < 40; file++) {
        if ((post + file + round) % 7 === 0) continue
        keys.push(`creator-${creator}/post-${post}/${file}.${file % 9 === 0 ? 'mp4' : 'jpg'}`)
      }
    }
    if (round % 2 === 0) keys.push(`creator-${creator}/profile/icon.png`)
    // In every other round the segments are videos, and the captions those of nothing.
    if (round % 2 === 0) keys.push(`creator-${creator}/film/hls/index.m3u8`)
    keys.push(`creator-${creator}/film/hls/0.mp4`, `creator-${creator}/film/hls/captions.en.vtt`)
    keys.push(`creator-${creator}/film/1.mp4`, `creator-${creator}/film/1.pt-BR.vtt`)
  }
  return keys
}

/** The library of a fresh database after one sync of the bucket as it is. */
async function freshLibrary() {
  const [database, media] = await Promise.all([openTestDatabase(), openLyingStore(s3.endpoint)])
  await syncFrom(database, media)
  const rows = await libraryRows(database.db)
  await Promise.all([database.close(), media.close()])
  return rows
}

async function inDatabase<T>(work: (database: Database) => Promise<T>): Promise<T> {
  const database = await openDatabase(ground)
  try {
    return await work(database)
  } finally {
    await database.close()
  }
}

test(
  'after kill -9 in any phase the next sync ends as a fresh one would, and nobody saw half',
  async () => {
    // The embedded database belongs to the process that syncs: nobody can look meanwhile.
    const reader = onServer() ? await openDatabase(ground) : null
    const random = fc.sample(fc.double({ min: 0, max: 1, noNaN: true }), { numRuns: ROUNDS, seed: SEED })
    const outcome = await killWhileSyncing({
      ground: drill,
      rounds: ROUNDS,
      change: (round) => s3.hold({ keys: bucketOf(round), pageSizes: [50] }),
      ...(reader && { look: () => halfSeen(reader.db) }),
      random: () => random.pop() ?? 0,
    })
    await reader?.close()

    expect(outcome.half).toEqual([])
    if (reader) expect(outcome.looks).toBeGreaterThan(ROUNDS)
    const { ended = 0, ...killed } = outcome.killedIn
    expect(ended).toBeLessThan(ROUNDS / 2)
    expect(Object.keys(killed).length).toBeGreaterThanOrEqual(3)

    expect(await syncToTheEnd(drill)).toMatchObject({ reason: null })
    const fresh = await freshLibrary()
    expect(fresh.media.length).toBeGreaterThan(1_000)
    await inDatabase(async ({ db }) => {
      expect(await libraryRows(db)).toEqual(fresh)
      expect(await halfSeen(db)).toEqual([])
    })
    expect(await syncToTheEnd(drill)).toMatchObject({ status: 'unchanged' })
  },
  (2 + ROUNDS / 4) * MINUTES,
)
