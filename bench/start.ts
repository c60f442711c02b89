import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { median, seconds } from './ground.ts'
import type { Row } from './row.ts'

export const claim = 'A fresh clone starts light, and a second start is quick'

const REPOSITORY = path.resolve(import.meta.dirname, '..')
const ROUNDS = 5
const MEGABYTE = 1024 * 1024

/** A fresh clone of what is committed, with no environment but a free port. */
export async function run(): Promise<Row[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'creatorflix-clone-'))
  try {
    await promisify(execFile)('git', ['clone', '--quiet', REPOSITORY, folder])
    const before = await diskBytes(folder)
    const first = await start(folder)
    await synced(first)
    const peak = await peakMemory(first.process)
    await stop(first)
    const disk = (await diskBytes(folder)) - before

    const times = { second: [] as number[], alone: [] as number[] }
    for (let round = 0; round < ROUNDS; round++) {
      times.alone.push(await openAlone(folder))
      const again = await start(folder)
      times.second.push(again.untilFirstPage)
      await stop(again)
    }
    return rows(median(times.second), median(times.alone), peak / MEGABYTE, disk / MEGABYTE)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function rows(second: number, alone: number, peak: number, disk: number): Row[] {
  return [
    {
      what: 'second `npm start`, embedded, to the first 200 of `GET /`',
      against: 'opening the embedded database alone',
      ratio: second / alone,
      limit: 3,
      better: 'lower',
      detail: `start ${seconds(second)}, opening alone ${seconds(alone)}`,
    },
    {
      what: 'peak memory of the very first start, embedded',
      against: '1 MB',
      ratio: peak,
      limit: 512,
      better: 'lower',
      detail: `${peak.toFixed(0)} MB, the largest process of the start`,
    },
    {
      what: 'what `npm start` puts on disk',
      against: '1 MB',
      ratio: disk,
      limit: 250,
      better: 'lower',
      detail: `${disk.toFixed(0)} MB: packages and data`,
    },
  ]
}

interface Started {
  process: ChildProcess
  url: string
  untilFirstPage: number
}

async function start(folder: string): Promise<Started> {
  const port = await freePort()
  const { PATH, HOME } = process.env
  const began = performance.now()
  const child = spawn('npm', ['start', '--silent'], {
    cwd: folder,
    env: { PATH, HOME, PORT: String(port) },
    stdio: 'ignore',
    detached: true,
  })
  const url = `http://127.0.0.1:${port}/`
  while (!(await answers(url))) {
    if (child.exitCode !== null) throw new Error('npm start ended before it answered.')
    await delay(5)
  }
  return { process: child, url, untilFirstPage: performance.now() - began }
}

const answers = (url: string) =>
  fetch(url).then(
    async (response) => response.status === 200 && (await response.text()) !== '',
    () => false,
  )

/** The first start syncs in the background: its memory counts as well. */
async function synced({ url }: Started) {
  for (;;) {
    const { meta } = (await (await fetch(`${url}api/v1/models`)).json()) as { meta: { total: number } }
    if (meta.total > 0) return
    await delay(100)
  }
}

async function stop({ process: child }: Started) {
  const ended = once(child, 'exit')
  if (child.pid) process.kill(-child.pid, 'SIGTERM')
  await ended
}

/** A process that opens the same folder, asks once and ends. */
async function openAlone(folder: string) {
  const copy = await mkdtemp(path.join(tmpdir(), 'creatorflix-alone-'))
  await cp(path.join(folder, 'data', 'postgres'), copy, { recursive: true })
  const began = performance.now()
  await promisify(execFile)(process.execPath, [path.join(import.meta.dirname, 'open-alone.mjs'), copy], {
    cwd: folder,
  })
  const took = performance.now() - began
  await rm(copy, { recursive: true, force: true })
  return took
}

/** Bytes, of the largest process below: what the kernel calls the high-water mark. */
async function peakMemory(child: ChildProcess) {
  const peaks = await Promise.all((await descendants(child.pid ?? 0)).map(highWaterMark))
  return Math.max(...peaks)
}

async function highWaterMark(pid: number) {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024
}

async function descendants(root: number): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number)
  const parents = await Promise.all(pids.map(async (pid) => [pid, await parentOf(pid)] as const))
  const below = (parent: number): number[] =>
    parents.filter(([, of]) => of === parent).flatMap(([pid]) => [pid, ...below(pid)])
  return [root, ...below(root)]
}

async function parentOf(pid: number) {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1] ?? 0)
}

async function diskBytes(folder: string) {
  const { stdout } = await promisify(execFile)('du', ['-s', '--block-size=1', folder])
  return Number(stdout.split('\t')[0])
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return port
}
