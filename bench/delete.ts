import { sql } from 'drizzle-orm'
import type { Database } from '#src/db/index.ts'
import { deleteRow } from '#src/services/integrity/delete-row.ts'
import { impactOf } from '#src/services/integrity/impact.ts'
import { runSync } from '#src/services/whitelabel/sync/run-sync.ts'
import { generatedStore } from './generated-library.ts'
import { median, openBenchDatabase, quiet, startBenchServer, timed } from './ground.ts'
import type { Row } from './row.ts'

export const claim = 'Deleting a creator with its impact costs little more than the delete'

/** Creators of 100,000 media each; half are deleted by plain SQL, half by `deleteRow`. */
const LIBRARY = { creators: 10, posts: 5_000, media: 20 }
const MEDIA = LIBRARY.posts * LIBRARY.media

export async function run(): Promise<Row[]> {
  const server = await startBenchServer()
  try {
    const database = await openBenchDatabase(server, 'library')
    // By the sync, so that the rows lie as they do in an owner's library.
    const media = generatedStore(LIBRARY)
    await runSync({ database, media, now: () => new Date(), log: quiet }, { startedBy: 'bench' })
    await database.session(({ db }) => db.execute(sql`vacuum analyze`))

    const times = { impact: [] as number[], plain: [] as number[], ours: [] as number[] }
    for (let id = 1; id < LIBRARY.creators; id += 2) {
      times.impact.push(await timed(() => countMedia(database, id)))
      times.plain.push(await timed(() => plainDelete(database, id)))
      times.ours.push(await timed(() => deleteWithImpact(database, id + 1)))
    }
    await database.close()
    return rows(median(times.impact), median(times.plain), median(times.ours))
  } finally {
    await server.stop()
  }
}

function rows(impact: number, plain: number, ours: number): Row[] {
  const detail = `impact ${impact.toFixed(0)} ms, delete ${plain.toFixed(0)} ms, with impact ${ours.toFixed(0)} ms`
  return [
    {
      what: '`creatorflix delete` of a creator with 100,000 media, impact included',
      against: 'the plain SQL DELETE',
      ratio: ours / plain,
      limit: 1.3,
      better: 'lower',
      detail,
    },
    {
      what: 'impact of that creator',
      against: 'the delete',
      ratio: impact / plain,
      limit: 0.1,
      better: 'lower',
      detail,
    },
  ]
}

async function countMedia(database: Database, id: number) {
  const { deletes } = await impactOf(database.db, 'whitelabel_models', id)
  if (deletes !== 1 + LIBRARY.posts + MEDIA) throw new Error(`The impact counts ${deletes} rows.`)
}

const plainDelete = (database: Database, id: number) =>
  database.session(({ db }) => db.execute(sql`delete from whitelabel_models where id = ${id}`))

/** As the command does it: the impact is shown, then counted again and compared in the transaction of the delete. */
async function deleteWithImpact(database: Database, id: number) {
  const expected = await impactOf(database.db, 'whitelabel_models', id)
  const { deletes } = await deleteRow(database, 'whitelabel_models', id, { expected })
  if (deletes !== expected.deletes) throw new Error(`${deletes} rows were deleted.`)
}
