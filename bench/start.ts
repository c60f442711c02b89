import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import http from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import type { Row } from './row.ts'

export const claim =
  'A second start is up within three times what its database alone needs, and the first stays small'

const ROOT = path.resolve(import.meta.dirname, '..')
const command = promisify(execFile)
const ROUNDS = 5
const PORT = 4_100 + (process.pid % 800)
const FIRST_START_LIMIT_MB = 512
const DISK_LIMIT_MB = 250
const LOOK_EVERY_MS = 5

/** What opening the embedded database costs whoever does it, Node included. */
const OPEN_ALONE = `
  import { PGlite } from '@electric-sql/pglite'
  import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm'
  import { unaccent } from '@electric-sql/pglite/contrib/unaccent'
  const pg = await PGlite.create(process.env.FOLDER, { extensions: { pg_trgm, unaccent } })
  await pg.query('select 1')
  console.log('open')
`

/** `npm start` in this clone, with the sample library, on data of its own. */
export async function run(): Promise<Row[]> {
  const data = await mkdtemp(path.join(tmpdir(), 'creatorflix-start-'))
  const first = await startSite(data)
  await until(async () => (await fetchPage('/api/v1/models')).text.includes('"slug"'), first.npm)
  const firstPeakMb = await first.stop()

  const alone: number[] = []
  const started: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    alone.push(await openAlone(path.join(data, 'postgres')))
    const site = await startSite(data)
    started.push(site.milliseconds)
    await site.stop()
  }
  await rm(data, { recursive: true })

  const diskMb = await diskOfFreshClone()

  const [aloneMs, startedMs] = [median(alone), median(started)]
  return [
    {
      what: 'second `npm start`, embedded, to the first 200 of `GET /`',
      against: 'opening the embedded database alone',
      ratio: startedMs / aloneMs,
      limit: 3,
      better: 'lower',
      detail: `npm start ${Math.round(startedMs)} ms, the database alone ${Math.round(aloneMs)} ms`,
    },
    {
      what: 'peak memory of the very first start, embedded',
      against: `${FIRST_START_LIMIT_MB} MB`,
      ratio: firstPeakMb / FIRST_START_LIMIT_MB,
      limit: 1,
      better: 'lower',
      detail: `${firstPeakMb} MB, with the migrations and the first sync`,
    },
    {
      what: 'what `npm start` puts on disk, in a fresh clone',
      against: `${DISK_LIMIT_MB} MB`,
      ratio: diskMb / DISK_LIMIT_MB,
      limit: 1,
      better: 'lower',
      detail: `${diskMb} MB: packages, bundle, database, sample library and the clone itself`,
    },
  ]
}

/** The committed state in an empty folder, started once. */
async function diskOfFreshClone(): Promise<number> {
  const folder = await mkdtemp(path.join(tmpdir(), 'creatorflix-clone-'))
  await command('git', ['clone', '--quiet', '--no-local', ROOT, folder])
  const site = await startSite(path.join(folder, 'data'), folder)
  await until(async () => (await fetchPage('/api/v1/models')).text.includes('"slug"'), site.npm)
  await site.stop()
  const { stdout } = await command('du', ['--summarize', '--block-size=1M', folder])
  await rm(folder, { recursive: true })
  return Number.parseInt(stdout, 10)
}

async function startSite(DATA_DIR: string, cwd = ROOT) {
  const began = performance.now()
  const npm = spawn('npm', ['start'], {
    cwd,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, PORT: String(PORT), DATA_DIR },
    stdio: 'ignore',
  })
  await until(async () => (await fetchPage('/')).status === 200, npm)
  const milliseconds = performance.now() - began
  return { npm, milliseconds, stop: () => stop(npm) }
}

/** Ends it and says what its largest process took at most, in MB. */
async function stop(npm: ChildProcess): Promise<number> {
  const server = await largestChild(npm.pid ?? 0)
  const exited = once(npm, 'exit')
  process.kill(server.pid, 'SIGTERM')
  await exited
  return server.peakMb
}

async function largestChild(parent: number): Promise<{ pid: number; peakMb: number }> {
  const processes = await Promise.all((await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(look))
  const known = processes.filter((found) => found !== null)
  const family = new Set([parent])
  for (const { pid, parentPid } of known.sort((one, other) => one.pid - other.pid)) {
    if (family.has(parentPid)) family.add(pid)
  }
  const members = known.filter(({ pid }) => family.has(pid) && pid !== parent)
  const [largest] = members.sort((one, other) => other.peakMb - one.peakMb)
  if (!largest) throw new Error('npm has no child.')
  return largest
}

/** Null for a process that has ended meanwhile. */
async function look(name: string) {
  const status = await readFile(`/proc/${name}/status`, 'utf8').catch(() => '')
  const [, parentPid] = /^PPid:\s+(\d+)/m.exec(status) ?? []
  const [, peakKb] = /^VmHWM:\s+(\d+)/m.exec(status) ?? []
  if (!parentPid || !peakKb) return null
  return { pid: Number(name), parentPid: Number(parentPid), peakMb: Math.round(Number(peakKb) / 1024) }
}

async function openAlone(FOLDER: string): Promise<number> {
  const began = performance.now()
  const child = spawn(process.execPath, ['--input-type=module', '--eval', OPEN_ALONE], {
    env: { PATH: process.env.PATH, FOLDER },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(child.stdout, 'data')
  const milliseconds = performance.now() - began
  const exited = once(child, 'exit')
  child.kill('SIGKILL')
  await exited
  return milliseconds
}

async function until(isSo: () => Promise<boolean>, child: ChildProcess) {
  while (!(await isSo())) {
    if (child.exitCode !== null) throw new Error(`npm start ended with ${child.exitCode}.`)
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
  }
}

/** Status 0 while nobody listens. */
function fetchPage(page: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve) => {
    http
      .get({ port: PORT, host: '127.0.0.1', path: page, agent: false }, async (response) => {
        let text = ''
        for await (const chunk of response.setEncoding('utf8')) text += chunk
        resolve({ status: response.statusCode ?? 0, text })
      })
      .on('error', () => resolve({ status: 0, text: '' }))
  })
}

function median(values: number[]) {
  return values.toSorted((left, right) => left - right)[values.length >> 1] ?? 0
}
