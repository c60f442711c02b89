import { spawnSync } from 'node:child_process'
import { closeSync, constants, ftruncateSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Conflict, Misconfigured } from '#src/errors.ts'

/** Who holds a folder. */
interface Holder {
  pid: number
  /** Where the holder answers commands, when it does. */
  socket: string | null
}

/** The folder is open in another process (or once more in this one). */
export class FolderInUse extends Conflict {
  /** As the holder sees its own id: in a container it may be another number outside. */
  readonly pid: number | null
  /** Where the holder answers commands, or null when it serves none. */
  readonly socket: string | null

  constructor(folder: string, holder: Holder | null) {
    const process = holder ? `process ${holder.pid}` : 'another process'
    super(
      `The embedded database in ${folder} is in use by ${process}. ` +
        'Stop it first: two processes on one folder would destroy the data.',
    )
    this.pid = holder?.pid ?? null
    this.socket = holder?.socket ?? null
  }
}

export interface FolderLock {
  /** Tells those who find the folder in use where to ask instead. */
  announce(socket: string): void
  release(): void
}

/**
 * The only right to open `folder`, which is made when it is not there. The kernel keeps the lock and drops it
 * when this process ends, however it ends: there is no stale lock to judge, and of two starters exactly one wins.
 * Done without giving way: a start waits for the thread that comes next, and reads its pages meanwhile.
 * @throws FolderInUse with what is known of the holder.
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  // The file is never removed: a lock on a removed file would not exclude those who make a new one.
  const file = path.join(folder, 'lock')
  const descriptor = openLocked(file)
  if (descriptor === null) throw new FolderInUse(folder, await readHolder(file))

  writeHolder(descriptor, { pid: process.pid, socket: null })
  return {
    announce: (socket) => writeHolder(descriptor, { pid: process.pid, socket }),
    release: () => {
      ftruncateSync(descriptor)
      closeSync(descriptor)
    },
  }
}

/** A bare descriptor and no `FileHandle`: those are closed, and the lock with them, when they are collected. */
function openLocked(file: string): number | null {
  if (process.platform === 'linux') return openThenLock(file)
  if (process.platform === 'darwin') return openWithLock(file)
  throw new Misconfigured(
    'The embedded database runs on Linux and macOS. Set DATABASE_URL to use a PostgreSQL server.',
  )
}

function openThenLock(file: string): number | null {
  const descriptor = openSync(file, constants.O_RDWR | constants.O_CREAT, 0o600)
  try {
    if (flock(descriptor)) return descriptor
  } catch (error) {
    closeSync(descriptor)
    throw error
  }
  closeSync(descriptor)
  return null
}

/**
 * Node has no flock(2) of its own. flock(1) locks the open file it inherits, and the lock stays with that open
 * file, thus with our descriptor, after flock(1) has ended.
 */
function flock(descriptor: number): boolean {
  const { status, error, stderr } = spawnSync('flock', ['-x', '-n', '3'], {
    stdio: ['ignore', 'ignore', 'pipe', descriptor],
    encoding: 'utf8',
  })
  if (error) throw cannotLock('the program flock (package util-linux) is missing', error)
  if (status === 0) return true
  if (status === 1 && stderr === '') return false
  throw cannotLock(stderr.trim() || `flock ended with ${status}`)
}

const cannotLock = (reason: string, cause?: Error) =>
  new Misconfigured(`The folder of the embedded database cannot be locked: ${reason}.`, { cause })

/** From macOS' <fcntl.h>; Node passes it on without naming it. */
const O_EXLOCK = 0x20

function openWithLock(file: string): number | null {
  try {
    return openSync(file, constants.O_RDWR | constants.O_CREAT | constants.O_NONBLOCK | O_EXLOCK, 0o600)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EAGAIN') return null
    throw error
  }
}

function writeHolder(descriptor: number, holder: Holder) {
  ftruncateSync(descriptor)
  writeSync(descriptor, JSON.stringify(holder), 0)
}

/** Milliseconds. Between taking the lock and writing its name a holder needs a few. */
const LONGEST_WAIT_FOR_NAME_MS = 200

/** The holder by its own record. A record of someone who no longer lives is not yet that of the holder. */
async function readHolder(file: string): Promise<Holder | null> {
  const end = performance.now() + LONGEST_WAIT_FOR_NAME_MS
  let holder = parseHolder(readFileSync(file, 'utf8'))
  while ((holder === null || !isAlive(holder.pid)) && performance.now() < end) {
    await delay(10)
    holder = parseHolder(readFileSync(file, 'utf8'))
  }
  return holder
}

/** The file is empty for a moment while it is rewritten. */
const parseHolder = (text: string): Holder | null => (text.endsWith('}') ? JSON.parse(text) : null)

function isAlive(pid: number) {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
