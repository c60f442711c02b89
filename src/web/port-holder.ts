import { readdir, readFile, readlink } from 'node:fs/promises'

export interface PortHolder {
  pid: number
  /** The program's name as the system shows it. */
  name: string
}

const LISTENING = '0A'

/** Which process listens on a TCP port of this machine, or null where the system does not tell: only Linux does. */
export async function findPortHolder(port: number): Promise<PortHolder | null> {
  const inodes = await listeningSockets(port)
  if (inodes.size === 0) return null

  for (const pid of await processIds()) {
    if (await holdsOneOf(pid, inodes)) return { pid, name: await nameOf(pid) }
  }
  return null
}

/** As `/proc/<pid>/fd` links name them. */
async function listeningSockets(port: number) {
  const tables = await Promise.all(['/proc/net/tcp', '/proc/net/tcp6'].map((file) => readOr('', file)))
  const rows = tables.flatMap((table) => table.split('\n').slice(1)).map((row) => row.trim().split(/\s+/))
  return new Set(
    rows
      .filter(
        ([, local, , state]) =>
          state === LISTENING && Number.parseInt(local?.split(':')[1] ?? '', 16) === port,
      )
      .map((row) => `socket:[${row[9]}]`),
  )
}

async function processIds() {
  const names = await readdir('/proc').catch(() => [])
  return names.map(Number).filter(Number.isInteger)
}

/** False as well for a process of another user, or one that has just ended. */
async function holdsOneOf(pid: number, sockets: Set<string>) {
  const folder = `/proc/${pid}/fd`
  const descriptors = await readdir(folder).catch(() => [])
  const targets = await Promise.all(descriptors.map((name) => readlink(`${folder}/${name}`).catch(() => '')))
  return targets.some((target) => sockets.has(target))
}

const nameOf = async (pid: number) => (await readOr('unknown', `/proc/${pid}/comm`)).trim()

const readOr = (fallback: string, file: string) => readFile(file, 'utf8').catch(() => fallback)
