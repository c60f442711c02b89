import { openServer } from '#src/db/server.ts'
import { runSync } from '#src/services/whitelabel/sync/run-sync.ts'
import { generatedStore } from './generated-library.ts'
import { quiet } from './ground.ts'

/** One sync of the benchmark `memory`, in a process of its own: prints the peak of its memory in bytes. */
const [url = '', creators = ''] = process.argv.slice(2)
const database = openServer(url)
const media = generatedStore({ creators: Number(creators), posts: 100, media: 20 })
const { status, reason } = await runSync(
  { database, media, now: () => new Date(), log: quiet },
  { startedBy: 'bench' },
)
await database.close()
if (status !== 'applied') throw new Error(`The sync is ${status}: ${reason}`)
process.stdout.write(String(process.resourceUsage().maxRSS * 1024))
