import { once } from 'node:events'
import { lockFolder } from '../folder-lock.ts'

// Takes the lock of the folder named on the command line when told to, says how it went, and keeps it.
const folder = process.argv[2] ?? ''

process.send?.('ready')
await once(process, 'message')

const outcome = await lockFolder(folder).then(
  () => ({ locked: process.pid }),
  (error) => ({ refused: error.name, pid: error.pid }),
)
process.send?.(outcome)
await once(process, 'disconnect')
