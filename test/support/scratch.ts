import { accessSync, chmodSync, constants, mkdtempSync, readdirSync, rmSync, statfsSync } from 'node:fs'
import path from 'node:path'

const MEMORY = '/dev/shm'
const NAME = 'creatorflix-test-'
/** Far more than a run has at any moment. */
const ENOUGH_BYTES = 3 * 2 ** 30

/**
 * A folder in memory for all that a run of tests throws away, gone with this process; null where there is no such place,
 * or not enough room. A database is more than a thousand files, which take a disk ten times as long to make.
 */
export function scratchInMemory(): string | null {
  if (!hasRoom()) return null
  removeLeftovers()
  const folder = mkdtempSync(path.join(MEMORY, `${NAME}${process.pid}-`))
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

/** Of runs that were killed. What cannot be taken away stays: it may be another user's. */
function removeLeftovers() {
  for (const name of readdirSync(MEMORY).filter((name) => name.startsWith(NAME))) {
    if (isRunning(Number(name.slice(NAME.length).split('-')[0]))) continue
    try {
      rmSync(path.join(MEMORY, name), { recursive: true, force: true })
    } catch (error) {
      process.stderr.write(`${path.join(MEMORY, name)} stays: ${error}\n`)
    }
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}
