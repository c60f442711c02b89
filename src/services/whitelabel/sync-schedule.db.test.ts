import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Database } from '#src/db/index.ts'
import { syncRuns } from '#src/db/library-tables.ts'
import { openLog } from '#src/log.ts'
import { writeSetting } from '#src/services/settings/settings.ts'
import { openTestDatabase } from '#test/support/database.ts'
import { NOTHING, type SyncReport } from './sync/sync-report.ts'
import { type ScheduledSync, startSyncSchedule } from './sync-schedule.ts'

const NOON = new Date('2026-03-01T12:00:00Z')
const SOURCE = 'folder /srv/media'
const LOOK_EVERY_MS = 5

const unchanged: SyncReport = {
  status: 'unchanged',
  listed: 0,
  added: NOTHING,
  changed: NOTHING,
  removed: NOTHING,
  ignored: 0,
  ignoredBy: {},
  quarantined: [],
  held: null,
  reason: null,
  run: null,
  durationMs: 0,
  unpublished: 0,
}

let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
})
beforeEach(() => database.db.delete(syncRuns))
afterAll(() => database.close())

test('a library that was never synced is synced at once, also with the schedule off', async () => {
  await writeSetting(database.db, 'sync_interval_minutes', '0')
  expect(await startersOf(1)).toEqual(['start'])
})

test('a library from another source than the last time is synced at once', async () => {
  await ranAt(NOON, 'the sample library')
  expect(await startersOf(1)).toEqual(['start'])
})

test('it syncs again when the interval is over since the last run of any node, and not before', async () => {
  await writeSetting(database.db, 'sync_interval_minutes', '15')
  await ranAt(minutesAgo(14))
  expect(await startersAfterLooks(3)).toEqual([])

  await database.db.delete(syncRuns)
  await ranAt(minutesAgo(15))
  expect(await startersOf(1)).toEqual(['schedule'])
})

test('with the interval 0 nothing is synced by itself', async () => {
  await writeSetting(database.db, 'sync_interval_minutes', '0')
  await ranAt(minutesAgo(10_000))
  expect(await startersAfterLooks(3)).toEqual([])
})

test('a sync that fails is logged, and the next look comes all the same', async () => {
  await writeSetting(database.db, 'sync_interval_minutes', '15')
  const lines: string[] = []
  let calls = 0
  await untilCalled(2, lines, async () => {
    calls++
    if (calls === 1) throw new Error('the bucket burns')
    return unchanged
  })
  expect(calls).toBe(2)
  expect(lines.join('')).toContain('the bucket burns')
})

test('stopping aborts the sync under way and waits for its end', async () => {
  let hasEnded = false
  let started = () => {}
  const running = new Promise<void>((resolve) => {
    started = resolve
  })
  const schedule = startSyncSchedule(deps([]), async (_, signal) => {
    started()
    await new Promise((resolve) => signal.addEventListener('abort', resolve))
    hasEnded = true
    return unchanged
  })
  await running
  await schedule.stop()
  expect(hasEnded).toBe(true)
})

const minutesAgo = (minutes: number) => new Date(NOON.getTime() - minutes * 60_000)

const ranAt = (startedAt: Date, source = SOURCE) =>
  database.db.insert(syncRuns).values({ status: 'unchanged', startedBy: 'cli', source, startedAt })

function deps(lines: string[]) {
  const log = openLog('info', { write: (line) => void lines.push(line) })
  return { database, log, now: () => NOON, media: { source: SOURCE } }
}

/** Who started the first syncs. */
async function startersOf(count: number) {
  const starters: string[] = []
  await untilCalled(count, [], async (startedBy) => {
    starters.push(startedBy)
    return unchanged
  })
  return starters
}

/** Runs the schedule until it has synced so often. */
async function untilCalled(count: number, lines: string[], sync: ScheduledSync) {
  let calls = 0
  let done = () => {}
  const enough = new Promise<void>((resolve) => {
    done = resolve
  })
  const schedule = startSyncSchedule(
    deps(lines),
    (...given) => {
      calls++
      if (calls === count) done()
      return sync(...given)
    },
    LOOK_EVERY_MS,
  )
  await enough
  await schedule.stop()
}

/** Who started a sync while the schedule looked so often. */
async function startersAfterLooks(count: number) {
  const starters: string[] = []
  let looks = 0
  let done = () => {}
  const enough = new Promise<void>((resolve) => {
    done = resolve
  })
  const counted = {
    ...deps([]),
    now: () => {
      looks++
      if (looks === count) done()
      return NOON
    },
  }
  const schedule = startSyncSchedule(
    counted,
    async (startedBy) => {
      starters.push(startedBy)
      return unchanged
    },
    LOOK_EVERY_MS,
  )
  await enough
  await schedule.stop()
  return starters
}
