import { existsSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from 'pino'
import { FolderInUse } from '#src/db/embedded/folder-lock.ts'
import type { Deps } from '#src/deps.ts'
import { type Env, readEnv } from '#src/env.ts'
import { InvalidInput, Misconfigured } from '#src/errors.ts'
import type { CommandContext, SchemaNeed } from './command-context.ts'
import type { Output } from './output.ts'

/** How long a server may take from the lock of its folder to its first command. */
const STARTING_MS = 5_000
const STARTING_PAUSE_MS = 200

/** Commands are given texts and logos, not libraries. */
const MOST_FILE_BYTES = 1_000_000
/** As other programs name it. */
const STANDARD_INPUT = '-'

/** A command in the process it was called in, which opens the database for itself, or asks the one that has it open. */
export class LocalContext implements CommandContext {
  readonly output: Output
  readonly signal: AbortSignal
  exitCode = 0
  readonly #argv: string[]
  readonly #files = new Map<string, Uint8Array>()

  constructor(argv: string[], output: Output, signal: AbortSignal) {
    this.#argv = argv
    this.output = output
    this.signal = signal
  }

  async withDeps(work: (deps: Deps) => Promise<void>, need: SchemaNeed = 'this version'): Promise<void> {
    const env = readEnv()
    if (need === 'this version') insistOnData(env)
    const inUse = await openedOrInUse(() => withOpenDeps(env, work, need))
    if (!inUse) return
    const { runInServer } = await import('./served/run-in-server.ts')
    this.exitCode = await runInServer({ argv: this.#argv, files: this.#files }, this, env, inUse)
  }

  async readFile(path: string): Promise<Uint8Array> {
    const bytes = await fileOfCaller(path)
    this.#files.set(path, bytes)
    return bytes
  }
}

async function fileOfCaller(path: string): Promise<Uint8Array> {
  if (path === STANDARD_INPUT) return standardInput()
  try {
    const { size } = await stat(path)
    if (size > MOST_FILE_BYTES) throw new InvalidInput(`${path} is too large: at most 1 MB can be given.`)
    return await readFile(path)
  } catch (error) {
    if (error instanceof InvalidInput) throw error
    throw new InvalidInput(`${path} cannot be read: ${whyUnreadable(error as NodeJS.ErrnoException)}`, {
      cause: error,
    })
  }
}

async function standardInput(): Promise<Uint8Array> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of process.stdin) {
    length += chunk.length
    if (length > MOST_FILE_BYTES)
      throw new InvalidInput('Standard input is too large: at most 1 MB can be given.')
    chunks.push(Buffer.from(chunk))
  }
  return Buffer.concat(chunks)
}

function whyUnreadable({ code, message }: NodeJS.ErrnoException) {
  if (code === 'ENOENT') return 'there is no such file.'
  if (code === 'EISDIR') return 'it is a folder.'
  if (code === 'EACCES') return 'you may not read it.'
  return message
}

/** Who has the folder instead. One that takes no commands may be a server that is still starting: it is waited for. */
async function openedOrInUse(open: () => Promise<void>): Promise<FolderInUse | null> {
  const deadline = Date.now() + STARTING_MS
  while (true) {
    try {
      await open()
      return null
    } catch (error) {
      if (!(error instanceof FolderInUse)) throw error
      if (error.socket !== null || Date.now() >= deadline) return error
      await delay(STARTING_PAUSE_MS)
    }
  }
}

async function withOpenDeps(env: Env, work: (deps: Deps) => Promise<void>, need: SchemaNeed) {
  const [{ openDeps, closeDeps }, { appSecret }] = await Promise.all([
    import('#src/deps.ts'),
    import('#src/services/settings/app-secret.ts'),
  ])
  const secret = await appSecret(env)
  const deps = await openDeps(env, secret, await commandLog(env))
  try {
    if (need === 'this version') await insistOnThisVersion(deps, secret)
    await work(deps)
  } finally {
    await closeDeps(deps)
  }
}

/** Commands speak in words; their log is for those who search a fault. */
export async function commandLog(env: Env): Promise<Logger> {
  const { openLog } = await import('#src/log.ts')
  const isSearching = env.LOG_LEVEL === 'debug' || env.LOG_LEVEL === 'trace'
  return openLog(isSearching ? env.LOG_LEVEL : 'silent', process.stderr)
}

function insistOnData({ DATABASE_URL, DATA_DIR }: Env) {
  if (DATABASE_URL || existsSync(DATA_DIR)) return
  throw new Misconfigured(
    `There is no database yet: ${DATA_DIR} does not exist. Make one with npx creatorflix start, or set DATA_DIR or DATABASE_URL to the one you mean.`,
  )
}

async function insistOnThisVersion({ database }: Deps, secret: string) {
  const [{ migrationStatus }, { migrationFaults }, { insistOnSameSecret }] = await Promise.all([
    import('#src/db/migrate.ts'),
    import('#src/db/migrations.ts'),
    import('#src/services/settings/app-secret.ts'),
  ])
  const status = await migrationStatus(database.db)
  const faults = migrationFaults(status)
  if (faults.length > 0) throw new Misconfigured(faults.join('\n'))
  if (status.pending.length > 0) {
    throw new Misconfigured('The database is not of this version yet. Run: npx creatorflix migrate')
  }
  await insistOnSameSecret(database.db, secret)
}
