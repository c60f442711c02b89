import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

/** As it is started by its name: its first line gives Node its options. */
export const PROGRAM = fileURLToPath(new URL('../../../bin/creatorflix.mjs', import.meta.url))

export type Variables = Record<string, string>

export interface Ended {
  code: number | null
  signal: NodeJS.Signals | null
  stdout: string
  stderr: string
}

/** A process of the program, as a person or a service manager starts it: nothing of our own environment. */
export class Creatorflix {
  readonly child: ChildProcess
  readonly ended: Promise<Ended>
  stdout = ''
  stderr = ''
  readonly #words = new Set<() => void>()

  constructor(program: string, args: string[], folder: string, variables: Variables) {
    this.child = spawn(program, args, { cwd: folder, env: { PATH: process.env.PATH ?? '', ...variables } })
    this.child.stdout?.setEncoding('utf8').on('data', (text) => {
      this.stdout += text
      for (const heard of this.#words) heard()
    })
    this.child.stderr?.setEncoding('utf8').on('data', (text) => {
      this.stderr += text
      for (const heard of this.#words) heard()
    })
    this.ended = once(this.child, 'close').then(([code, signal]) => {
      for (const heard of this.#words) heard()
      return { code, signal, stdout: this.stdout, stderr: this.stderr }
    })
  }

  /** Resolves with the match as soon as the process has said such a thing; rejects when it ends before. */
  async says(words: RegExp): Promise<RegExpMatchArray> {
    return new Promise((resolve, reject) => {
      const hear = () => {
        const match = `${this.stdout}${this.stderr}`.match(words)
        if (match) settle(() => resolve(match))
        else if (this.child.exitCode !== null)
          settle(() => reject(new Error(`It ended with: ${this.stderr}`)))
      }
      const settle = (end: () => void) => {
        this.#words.delete(hear)
        end()
      }
      this.#words.add(hear)
      hear()
    })
  }

  /** Ends it by the signal, when it has not ended yet. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<Ended> {
    if (this.child.exitCode === null) this.child.kill(signal)
    return this.ended
  }
}

/** Runs a command to its end, without a terminal. */
export function run(folder: string, args: string[], variables: Variables = {}): Promise<Ended> {
  return new Creatorflix(PROGRAM, args, folder, variables).ended
}

/** Runs a command on a terminal of its own; what is written to its standard input is typed there. */
export function runOnTerminal(folder: string, args: string[], variables: Variables = {}): Creatorflix {
  const command = [PROGRAM, ...args].map((word) => `'${word}'`).join(' ')
  return new Creatorflix(
    'script',
    ['--quiet', '--return', '--command', `exec ${command}`, '/dev/null'],
    folder,
    {
      TERM: 'xterm',
      ...variables,
    },
  )
}

export interface RunningSite {
  process: Creatorflix
  pid: number
  address: string
}

/** Starts the site on a free port and waits until it is ready. */
export async function start(
  folder: string,
  variables: Variables = {},
  args: string[] = [],
): Promise<RunningSite> {
  const site = new Creatorflix(PROGRAM, ['start', ...args], folder, {
    PORT: '0',
    ...variables,
  })
  const [, address] = await site.says(/ready at (http:[^"\s]+)/)
  return { process: site, pid: site.child.pid ?? 0, address: address ?? '' }
}

/** A folder of its own that holds the library `media` and will hold `data`. */
export const workFolder = () => mkdtemp(path.join(tmpdir(), 'creatorflix-cli-'))

/** What a process of the site has started ends a moment after it. */
export const removeFolder = (folder: string) =>
  rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })

/** Creators with one post of so many pictures each; returns the library's folder. */
export async function makeLibrary(folder: string, creators: string[], pictures: number): Promise<string> {
  const library = path.join(folder, 'media')
  for (const creator of creators) {
    const post = path.join(library, creator, 'post')
    await mkdir(post, { recursive: true })
    for (let picture = 0; picture < pictures; picture++)
      await writeFile(path.join(post, `${picture}.jpg`), '')
  }
  return library
}
