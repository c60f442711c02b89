import { openDatabase } from '#src/db/index.ts'
import { openLyingStore, syncFrom } from '#test/support/library.ts'
import type { DrillGround } from './kill-drill.ts'

// Syncs the bucket named on the command line, telling every phase, and ends. It is there to be killed.
const { endpoint, DATABASE_URL, DATA_DIR } = JSON.parse(process.argv[2] ?? '{}') as DrillGround

const database = await openDatabase({ DATABASE_URL, DATA_DIR })
const media = await openLyingStore(endpoint)
const onProgress = ({ phase }: { phase: string }) => process.send?.({ phase })

let report = await syncFrom(database, media, { allowDeletes: true, onProgress })
// The one that was killed before may still hold the lock for a moment.
while (report.reason?.startsWith('Another sync')) {
  report = await syncFrom(database, media, { allowDeletes: true, onProgress })
}
process.send?.({ status: report.status, reason: report.reason })
await database.close()
await media.close()
process.disconnect?.()
