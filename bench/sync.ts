import { sql } from 'drizzle-orm'
import type { Database } from '#src/db/index.ts'
import { runSync } from '#src/services/whitelabel/sync/run-sync.ts'
import type { SyncReport } from '#src/services/whitelabel/sync/sync-report.ts'
import { dropDatabase } from '#test/support/server-database.ts'
import { generatedStore, generateObjects, type LibrarySize, MILLION } from './generated-library.ts'
import { copyGivenLibrary } from './given-library.ts'
import {
  dropCopyTriggers,
  median,
  openBenchDatabase,
  quiet,
  seconds,
  startBenchServer,
  timed,
} from './ground.ts'
import type { Row } from './row.ts'

export const claim = 'Syncing a million objects costs little more than copying their rows'

const ROUNDS = 3

/**
 * The listing is excluded: what the generator takes by itself is taken off ours. The peer is given it, because it makes
 * rows while the server works. The syncs after the first find a library that was vacuumed, as it is a minute later.
 */
export async function run(): Promise<Row[]> {
  const server = await startBenchServer()
  try {
    const times = {
      first: [] as number[],
      copy: [] as number[],
      unchanged: [] as number[],
      onePost: [] as number[],
    }
    for (let round = 1; round <= ROUNDS; round++) {
      const listing = await timed(() => drain(MILLION))
      const peer = await openBenchDatabase(server, `peer_${round}`)
      const ours = await openBenchDatabase(server, `ours_${round}`)
      await dropCopyTriggers(server.urlOf(`peer_${round}`))

      await writeOut(peer)
      times.copy.push(await timed(() => copyGivenLibrary(peer, MILLION)))
      await writeOut(ours)
      times.first.push((await timed(() => sync(ours, 'applied'))) - listing)
      await insistOnSameLibrary(peer, ours)

      await ours.session(({ db }) => db.execute(sql`vacuum analyze`))

      const sequences = await sequenceValues(ours)
      times.unchanged.push((await timed(() => sync(ours, 'unchanged'))) - listing)
      insistOnSame('sequences', sequences, await sequenceValues(ours))
      times.onePost.push((await timed(() => sync(ours, 'applied', 1))) - listing)

      for (const database of [peer, ours]) await database.close()
      await dropDatabase(server.urlOf(`peer_${round}`))
      await dropDatabase(server.urlOf(`ours_${round}`))
    }
    return rows(times)
  } finally {
    await server.stop()
  }
}

/** Each begins with nothing that the other has left to the disk. */
const writeOut = ({ db }: Database) => db.execute(sql`checkpoint`)

function rows(times: Record<'first' | 'copy' | 'unchanged' | 'onePost', number[]>): Row[] {
  const { first, copy, unchanged, onePost } = {
    first: median(times.first),
    copy: median(times.copy),
    unchanged: median(times.unchanged),
    onePost: median(times.onePost),
  }
  return [
    {
      what: 'first sync of 1,000,000 objects, listing excluded',
      against: 'COPY by Node of the same rows, copies given, without copy triggers',
      ratio: first / copy,
      limit: 1.5,
      better: 'lower',
      detail: `sync ${seconds(first)}, COPY ${seconds(copy)}`,
    },
    {
      what: 'sync again, nothing changed (no sequence value used)',
      against: 'that COPY',
      ratio: unchanged / copy,
      limit: 0.35,
      better: 'lower',
      detail: `sync ${seconds(unchanged)}, COPY ${seconds(copy)}`,
    },
    {
      what: 'one post added to that library',
      against: 'the nothing-changed sync',
      ratio: onePost / unchanged,
      limit: 1.1,
      better: 'lower',
      detail: `one post ${seconds(onePost)}, nothing ${seconds(unchanged)}`,
    },
  ]
}

async function sync(database: Database, expected: SyncReport['status'], extraPosts = 0) {
  const media = generatedStore(MILLION, extraPosts)
  const report = await runSync({ database, media, now: () => new Date(), log: quiet }, { startedBy: 'bench' })
  if (report.status !== expected) throw new Error(`The sync is ${report.status}: ${report.reason}`)
}

function drain(size: LibrarySize) {
  let objects = 0
  for (const batch of generateObjects(size)) objects += batch.length
  return objects
}

/** A fast sync counts only when the library is the same, row by row. */
async function insistOnSameLibrary(peer: Database, ours: Database) {
  insistOnSame('library', await libraryDigest(peer), await libraryDigest(ours))
}

async function libraryDigest(database: Database) {
  const { rows } = await database.session(({ db }) =>
    db.execute(sql`
      select
        (select count(*)::int || ' ' || sum(hashtextextended(concat_ws('|', folder_name, post_count), 0))
          from whitelabel_models) as models,
        (select count(*)::int || ' ' || sum(hashtextextended(concat_ws('|', model.folder_name, post.folder_name, title,
            media_cdns::jsonb, post.image_count, post.video_count, post.created_at at time zone 'UTC'), 0))
          from whitelabel_posts as post join whitelabel_models as model on model.id = whitelabel_model_id) as posts,
        (select count(*)::int || ' ' || sum(hashtextextended(concat_ws('|', post.folder_name, s3_key, url, type, size, etag), 0))
          from whitelabel_media join whitelabel_posts as post on post.id = whitelabel_post_id) as media`),
  )
  return rows[0]
}

async function sequenceValues(database: Database) {
  const { rows } = await database.db.execute(
    sql`select schemaname, sequencename, last_value from pg_sequences order by 1, 2`,
  )
  return rows
}

function insistOnSame(what: string, expected: unknown, actual: unknown) {
  const [left, right] = [JSON.stringify(expected), JSON.stringify(actual)]
  if (left !== right) throw new Error(`The ${what} differ: ${left} and ${right}`)
}
