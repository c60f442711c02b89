import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { encodeKey } from '#src/storage/object-key.ts'
import type { Library, Lies, Tally } from './faults.ts'

/** A bucket whose listings can be made to fail and to lie. */
export interface LyingS3 {
  endpoint: string
  /** Replaces what the bucket holds, and ends all lies. */
  hold(library: KeysOrLibrary): Promise<void>
  /** Lies like this from now on; the pages are counted anew. `{}` is the truth. */
  lie(lies: Lies): Promise<void>
  tally(): Promise<Tally>
  close(): Promise<void>
}

type KeysOrLibrary = (Omit<Library, 'encodedKeys'> & { keys?: readonly string[] }) | Library

const SERVER = fileURLToPath(import.meta.resolve('#test/support/lying-s3/server.ts'))

/** Starts it as a process of its own, which ends with `close()` or with this process. Any bucket name and any credentials do. */
export async function startLyingS3(library: KeysOrLibrary = {}): Promise<LyingS3> {
  const server = spawn(process.execPath, ['--import', 'tsx', SERVER], { stdio: ['pipe', 'ignore', 'pipe'] })
  const endpoint = `http://127.0.0.1:${await portOf(server.stderr)}`

  async function administer<T>(path: string, body?: unknown): Promise<T> {
    const answer = await fetch(`${endpoint}/-/${path}`, { method: 'POST', body: JSON.stringify(body ?? {}) })
    return (await answer.json()) as T
  }
  const lyingS3: LyingS3 = {
    endpoint,
    hold: (library) => administer('library', encoded(library)),
    lie: (lies) => administer('lies', lies),
    tally: () => administer('tally'),
    async close() {
      const ended = once(server, 'exit')
      server.stdin.end()
      await ended
    },
  }
  await lyingS3.hold(library)
  return lyingS3
}

function encoded(library: KeysOrLibrary): Library {
  return 'keys' in library ? { ...library, encodedKeys: library.keys?.map(encodeKey) ?? [] } : library
}

async function portOf(output: NodeJS.ReadableStream) {
  const lines: string[] = []
  for await (const line of createInterface({ input: output })) {
    lines.push(line)
    const port = /^port (\d+)$/.exec(line)?.[1]
    if (port) return port
  }
  throw new Error(`The lying S3 server did not start:\n${lines.join('\n')}`)
}
