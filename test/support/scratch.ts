import {
  accessSync,
  chmodSync,
  constants,
  mkdtempSync,
  readdirSync,
  rmSync,
  statfsSync,
  statSync,
} from 'node:fs'
import path from 'node:path'

const MEMORY = '/dev/shm'
const NAME = 'creatorflix-test-'
/** Far more than a run has at any moment. */
const ENOUGH_BYTES = 3 * 2 ** 30
const OLD_MS = 24 * 60 * 60 * 1000

/**
 * A folder in memory for all that a run of tests throws away, gone with this process; null where there is no such place,
 * or not enough room. A database is more than a thousand files, which take a disk ten times as long to make.
 */
export function scratchInMemory(): string | null {
  if (!hasRoom()) return null
  removeLeftovers()
  const folder = mkdtempSync(path.join(MEMORY, NAME))
  // The server of PostgreSQL runs as another user, in a folder of its own.
  chmodSync(folder, 0o711)
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  return folder
}

function hasRoom(): boolean {
  try {
    accessSync(MEMORY, constants.W_OK)
  } catch {
    return false
  }
  const { bavail, bsize } = statfsSync(MEMORY)
  return bavail * bsize >= ENOUGH_BYTES
}

/** Of runs that were killed. */
function removeLeftovers() {
  for (const name of readdirSync(MEMORY).filter((name) => name.startsWith(NAME))) {
    const folder = path.join(MEMORY, name)
    const { mtimeMs } = statSync(folder, { throwIfNoEntry: false }) ?? { mtimeMs: Date.now() }
    if (Date.now() - mtimeMs > OLD_MS) rmSync(folder, { recursive: true, force: true })
  }
}
