import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Logger } from 'pino'
import type { SandboxSecrets } from './gateway.ts'

const PROGRAM = fileURLToPath(new URL('../../../bin/creatorflix.mjs', import.meta.url))

/** From one start to the next; one that has lived long enough begins anew. */
const PAUSES_MS = [200, 1_000, 5_000, 30_000]
const LONG_LIFE_MS = 60_000
/** For the last line of what it has to say. */
const MOST_WORDS = 500
const END_MS = 5_000

export interface SandboxChild {
  /** Resolves as soon as it answers for the first time. */
  ready: Promise<void>
  /** The id of the process while there is one. */
  readonly pid: number | null
  close(): Promise<void>
}

export interface ChildOptions {
  /** Where its ledger and its address lie. */
  folder: string
  secrets: Pick<SandboxSecrets, 'apiKey' | 'webhookSecret'>
  log: Pick<Logger, 'info' | 'warn'>
}

/** Keeps a sandbox running in a process of its own, which ends with this one, however this one ends. */
export function startSandbox({ folder, secrets, log }: ChildOptions): SandboxChild {
  const closing = new AbortController()
  let isReady = () => {}
  const ready = new Promise<void>((resolve) => {
    isReady = resolve
  })
  let child: ChildProcess | null = null
  const ended = keepRunning().catch((error) => log.warn({ err: error }, 'the sandbox cannot be started'))

  async function keepRunning() {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    for (let deaths = 0; !closing.signal.aborted; deaths++) {
      const started = performance.now()
      child = spawnSandbox(folder, secrets)
      void saidReady(child).then(
        (said) => said && isReady(),
        () => {},
      )
      const words = await lastWords(child)
      child = null
      if (closing.signal.aborted) return
      if (performance.now() - started > LONG_LIFE_MS) deaths = 0
      log.warn({ words }, 'the sandbox has ended; it is started again')
      await delay(PAUSES_MS[Math.min(deaths, PAUSES_MS.length - 1)], undefined, {
        signal: closing.signal,
      }).catch(() => {})
    }
  }

  return {
    ready,
    get pid() {
      return child?.pid ?? null
    },
    async close() {
      closing.abort()
      child?.stdin?.end()
      const late = setTimeout(() => child?.kill('SIGKILL'), END_MS)
      await ended
      clearTimeout(late)
    },
  }
}

/** In a group of its own: Ctrl-C is for the site, which may have something to ask of it yet. The pipe tells it the end. */
function spawnSandbox(folder: string, secrets: ChildOptions['secrets']): ChildProcess {
  const child = spawn(process.execPath, [PROGRAM, 'sandbox', '--with-parent', '--json', '--data', folder], {
    cwd: folder,
    env: {},
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  // What cannot be written is answered by the end of the process.
  child.stdin?.on('error', () => {})
  child.stdin?.write(`${JSON.stringify(secrets)}\n`)
  return child
}

/** Whether it came so far. */
async function saidReady({ stdout }: ChildProcess): Promise<boolean> {
  for await (const text of stdout ?? []) if (String(text).includes('"url"')) return true
  return false
}

/** What it said last, when it has ended. */
async function lastWords(child: ChildProcess): Promise<string> {
  let words = ''
  child.stderr?.setEncoding('utf8').on('data', (text) => {
    words = `${words}${text}`.slice(-MOST_WORDS)
  })
  await Promise.race([once(child, 'close'), once(child, 'error')]).catch((error) => {
    words = String(error)
  })
  return words.trim()
}
