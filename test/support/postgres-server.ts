import { type ChildProcessWithoutNullStreams, execFile, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chown, mkdtemp, readdir } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'

const INSTALLATIONS = '/usr/lib/postgresql'
const OLDEST_VERSION = 15

/**
 * The server dies with its starter, even by `kill -9`: its keeper waits for the end of the pipe that the starter
 * holds, then ends the server and takes its folder away.
 */
const KEEPER = `
  folder=$1; shift
  exec 3<&0
  "$@" 3<&- & server=$!
  { cat <&3 >/dev/null; kill -QUIT $server; } &
  wait $server
  rm -rf "$folder"
`

export interface PostgresServer {
  /** Of the database `postgres`, as a superuser. */
  readonly url: string
  urlOf(database: string): string
  stop(): Promise<void>
}

export interface PostgresOptions {
  /** Whether a commit waits for the disk. Off unless asked: tests lose nothing that matters. */
  durable?: boolean
  /** Further settings, as of postgresql.conf. */
  settings?: Record<string, string>
}

/** Whether a PostgreSQL that is new enough is on this machine: `npm run test:setup` brings it. */
export async function isPostgresInstalled(): Promise<boolean> {
  return (await programs()) !== null
}

/** A throw-away server on a free port of the loopback, in a folder of its own. */
export async function startPostgres(options: PostgresOptions = {}): Promise<PostgresServer> {
  const bin = await programs()
  if (!bin) {
    throw new Error(
      `No PostgreSQL ${OLDEST_VERSION} or newer is installed here: npm run test:setup brings it.`,
    )
  }
  const folder = await mkdtemp(path.join(tmpdir(), 'creatorflix-postgres-'))
  if (isRoot()) await chown(folder, ...idsOfPostgres())
  const data = path.join(folder, 'data')

  await promisify(execFile)(
    ...asServerUser([path.join(bin, 'initdb'), '-D', data, '-U', 'postgres', '-A', 'trust', ...INITDB]),
    { cwd: folder },
  )
  const port = await freePort()
  const keeper = spawn(
    ...asServerUser([
      'sh',
      '-c',
      KEEPER,
      'sh',
      folder,
      path.join(bin, 'postgres'),
      '-D',
      data,
      ...settingsOf(port, folder, options),
    ]),
    { cwd: folder, detached: true },
  )
  await ready(keeper)
  // Its log would fill the pipe, and the pipe must not keep this process alive.
  keeper.stderr.resume()
  keeper.unref()

  const urlOf = (database: string) => `postgres://postgres@127.0.0.1:${port}/${database}`
  return { url: urlOf('postgres'), urlOf, stop: () => stop(keeper) }
}

/** All of a database, as `pg_dump` writes it in SQL. */
export async function dumpDatabase(url: string): Promise<string> {
  const program = path.join((await programs()) ?? '', 'pg_dump')
  const { stdout } = await promisify(execFile)(program, ['--dbname', url], { maxBuffer: LARGEST_DUMP })
  return stdout
}

/** Bytes. */
const LARGEST_DUMP = 64 * 1024 * 1024

const INITDB = ['-E', 'UTF8', '--locale=C.UTF-8', '--no-sync', '--no-instructions']

function settingsOf(port: number, folder: string, { durable = false, settings = {} }: PostgresOptions) {
  const all = {
    port: String(port),
    listen_addresses: '127.0.0.1',
    unix_socket_directories: folder,
    max_connections: '200',
    ...(durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
    ...settings,
  }
  return Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}

/** The newest installation's programs, or null. */
async function programs() {
  const versions = await readdir(INSTALLATIONS).catch(() => [])
  const newest = Math.max(0, ...versions.map(Number).filter(Number.isFinite))
  return newest >= OLDEST_VERSION ? path.join(INSTALLATIONS, String(newest), 'bin') : null
}

const isRoot = () => process.getuid?.() === 0

/** PostgreSQL refuses to run as root. */
function asServerUser([program = '', ...rest]: string[]): [string, string[]] {
  return isRoot() ? ['runuser', ['-u', 'postgres', '--', program, ...rest]] : [program, rest]
}

function idsOfPostgres(): [number, number] {
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))
  return [id('-u'), id('-g')]
}

async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  if (address === null || typeof address === 'string') throw new Error('The system gave no port.')
  return address.port
}

function ready(keeper: ChildProcessWithoutNullStreams) {
  return new Promise<void>((resolve, reject) => {
    let log = ''
    keeper.stderr.setEncoding('utf8').on('data', function listen(text: string) {
      log += text
      if (!log.includes('ready to accept connections')) return
      keeper.stderr.off('data', listen)
      resolve()
    })
    keeper.once('exit', () => reject(new Error(`PostgreSQL did not start:\n${log}`)))
  })
}

async function stop(keeper: ChildProcessWithoutNullStreams) {
  if (keeper.exitCode !== null) return
  const ended = once(keeper, 'exit')
  keeper.ref()
  keeper.stdin.end()
  await ended
}
