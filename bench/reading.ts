import { sql } from 'drizzle-orm'
import pg from 'pg'
import type { Database, Db } from '#src/db/index.ts'
import { pageRequest } from '#src/lib/pagination.ts'
import {
  biggestRefs,
  byNameRefs,
  newestRefs,
  recentlyUpdatedRefs,
} from '#src/services/catalogue/queries/creator-refs.ts'
import { WhitelabelModelQueries } from '#src/services/whitelabel/queries/models.ts'
import { postsAfter, WhitelabelPostQueries } from '#src/services/whitelabel/queries/posts.ts'
import type { PostgresServer } from '#test/support/postgres-server.ts'
import { creatorFolder, type LibrarySize, objectsOf } from './generated-library.ts'
import { copyGivenLibrary } from './given-library.ts'
import { dropCopyTriggers, median, openBenchDatabase, startBenchServer, timed } from './ground.ts'
import type { Row } from './row.ts'

export const claim = 'Reading does not get slower with the library'

const SMALL = { creators: 25, posts: 20, media: 20 }
const LARGE = { creators: 5_000, posts: 100, media: 20 }
const TRIES = 300
const WARM_UP = 30

/** Every read query, with pages of 20 rows on both sides. Ids vary from try to try. */
const QUERIES: Record<string, { limit: number; read: (db: Db, turn: number) => Promise<unknown> }> = {
  'models.list': { limit: 1.3, read: (db) => WhitelabelModelQueries.list(db) },
  'models.topWithThumbnails': { limit: 1.3, read: (db) => WhitelabelModelQueries.topWithThumbnails(db) },
  'models.bySlug': {
    limit: 1.3,
    read: (db, turn) => WhitelabelModelQueries.bySlug(db, creatorFolder(turn % 25)),
  },
  'models.stats': { limit: 1.3, read: (db) => aThousandTimes(() => WhitelabelModelQueries.stats(db)) },
  'models.search, a name': {
    limit: 3,
    read: (db, turn) => WhitelabelModelQueries.search(db, creatorFolder(turn % 25)),
  },
  'posts.byModel': { limit: 1.3, read: (db, turn) => WhitelabelPostQueries.byModel(db, 1 + (turn % 25)) },
  'posts.byId': { limit: 1.3, read: (db, turn) => WhitelabelPostQueries.byId(db, 1 + (turn % 500)) },
  'posts.stats': { limit: 1.3, read: (db) => aThousandTimes(() => WhitelabelPostQueries.stats(db)) },
  'the catalogue, newest': { limit: 1.3, read: (db) => newestRefs(db, pageRequest()) },
  'the catalogue, biggest': { limit: 1.3, read: (db) => biggestRefs(db, pageRequest()) },
  'the catalogue, recently updated': { limit: 1.3, read: (db) => recentlyUpdatedRefs(db, pageRequest()) },
  'the catalogue, by name': { limit: 1.3, read: (db) => byNameRefs(db, pageRequest()) },
  'posts of a creator, scrolled': {
    limit: 1.3,
    read: (db, turn) => postsAfter(db, 1 + (turn % 25), null, 20),
  },
}

/** What is remembered is answered faster than a clock can tell. */
async function aThousandTimes(read: () => Promise<unknown>) {
  for (let time = 0; time < 1_000; time++) await read()
}

export async function run(): Promise<Row[]> {
  const server = await startBenchServer()
  try {
    const small = await openLibrary(server, 'small', SMALL)
    const large = await openLibrary(server, 'large', LARGE)
    const rows: Row[] = []
    for (const [name, { limit, read }] of Object.entries(QUERIES)) {
      const times = await alternate(small, large, read)
      rows.push({
        what: `\`${name}\` at ${objectsOf(LARGE).toLocaleString('en')} media, median`,
        against: `at ${objectsOf(SMALL).toLocaleString('en')}`,
        ratio: times.large / times.small,
        limit,
        better: 'lower',
        detail: `${times.large.toFixed(2)} ms, ${times.small.toFixed(2)} ms`,
      })
    }
    await small.close()
    await large.close()
    return rows
  } finally {
    await server.stop()
  }
}

async function alternate(small: Database, large: Database, read: (db: Db, turn: number) => Promise<unknown>) {
  const times = { small: [] as number[], large: [] as number[] }
  for (let turn = 0; turn < WARM_UP + TRIES; turn++) {
    const [first, second] = [await timed(() => read(small.db, turn)), await timed(() => read(large.db, turn))]
    if (turn < WARM_UP) continue
    times.small.push(first)
    times.large.push(second)
  }
  return { small: median(times.small), large: median(times.large) }
}

/** The rows by COPY with their copies given; neither foreign keys nor triggers are asked, the generator is right. */
async function openLibrary(server: PostgresServer, name: string, size: LibrarySize): Promise<Database> {
  const database = await openBenchDatabase(server, name)
  await dropCopyTriggers(server.urlOf(name))
  await statement(server.urlOf(name), 'alter table whitelabel_media disable trigger all')
  await copyGivenLibrary(database, size, 'active')
  await statement(
    server.urlOf(name),
    `update whitelabel_model_totals set models = ${size.creators} where status = 'active'`,
  )
  await statement(server.urlOf(name), 'vacuum analyze')
  await insistOnCounts(database, size)
  return database
}

async function insistOnCounts(database: Database, size: LibrarySize) {
  const { total, data } = await WhitelabelModelQueries.list(database.db)
  const { rows } = await database.session(({ db }) =>
    db.execute<{ media: number }>(sql`select count(*)::int as media from whitelabel_media`),
  )
  if (total !== size.creators || data.length !== 20 || rows[0]?.media !== objectsOf(size)) {
    throw new Error('The library is not what was put in.')
  }
}

async function statement(url: string, text: string) {
  const client = new pg.Client(url)
  await client.connect()
  await client.query(text)
  await client.end()
}
