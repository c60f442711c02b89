import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { openBenchDatabase, startBenchServer } from './ground.ts'
import type { Row } from './row.ts'

export const claim = 'The memory of a sync does not grow with the library'

const SMALL_CREATORS = 50
const LARGE_CREATORS = 500
const MEGABYTE = 1024 * 1024

/** Each sync in a process of its own, whose peak is what the kernel says at its end. */
export async function run(): Promise<Row[]> {
  const server = await startBenchServer()
  try {
    const peakOf = async (creators: number) => {
      const name = `library_${creators}`
      await (await openBenchDatabase(server, name)).close()
      return peakOfSync(server.urlOf(name), creators)
    }
    const small = await peakOf(SMALL_CREATORS)
    const large = await peakOf(LARGE_CREATORS)
    return [
      {
        what: 'peak memory of the process at 1,000,000 objects, first sync',
        against: 'at 100,000',
        ratio: large / small,
        limit: 1.3,
        better: 'lower',
        detail: `${(large / MEGABYTE).toFixed(0)} MB, ${(small / MEGABYTE).toFixed(0)} MB`,
      },
    ]
  } finally {
    await server.stop()
  }
}

async function peakOfSync(url: string, creators: number) {
  const child = new URL('memory-sync.ts', import.meta.url).pathname
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--import',
    'tsx',
    child,
    url,
    String(creators),
  ])
  return Number(stdout)
}
