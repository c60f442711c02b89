import { once } from 'node:events'
import type { Socket } from 'node:net'
import type { Deps } from '#src/deps.ts'
import { Conflict, InvalidInput } from '#src/errors.ts'
import type { CommandContext } from '../command-context.ts'
import type { Output, Sink } from '../output.ts'
import { runCommand } from '../run-command.ts'
import {
  type CallerFrame,
  type CommandRequest,
  callerFrame,
  LIBRARY_VARIABLES,
  type LibraryVariables,
  receiveFrames,
  type ServerFrame,
  type SinkShape,
  sendFrame,
} from './frames.ts'

/** A process that has a command run in this one. When it goes away, its command is aborted. */
export class Caller {
  readonly #socket: Socket
  readonly #deps: Deps
  readonly #gone = new AbortController()
  readonly #answers: Array<(answer: string) => void> = []
  #command: Promise<void> | null = null

  constructor(socket: Socket, deps: Deps) {
    this.#socket = socket
    this.#deps = deps
    // An error of the connection is followed by its close, which is all that matters here.
    socket.on('error', () => {})
    socket.on('close', () => this.#gone.abort())
    void this.#listen()
  }

  /** Aborts the command, lets it say its last words and hangs up. */
  async dismiss(): Promise<void> {
    this.#gone.abort()
    await this.#command
    if (this.#socket.closed) return
    const closed = once(this.#socket, 'close')
    this.#socket.destroySoon()
    await closed
  }

  async #listen() {
    try {
      for await (const frame of receiveFrames(this.#socket, callerFrame)) this.#hear(frame)
    } catch (error) {
      if (!this.#gone.signal.aborted) this.#deps.log.warn({ err: error }, 'a command could not be heard')
    }
    this.#socket.destroy()
  }

  #hear(frame: CallerFrame) {
    if ('run' in frame) this.#command = this.#run(frame.run)
    else if ('answer' in frame) this.#answers.shift()?.(frame.answer)
    else this.#gone.abort()
  }

  async #run(request: CommandRequest) {
    const context: CommandContext = {
      output: this.#outputFor(request),
      signal: this.#gone.signal,
      exitCode: 0,
      readFile: async (path) => fileOf(request, path),
      withDeps: async (work) => {
        insistOnSameLibrary(request.library, this.#deps)
        await work(this.#deps)
      },
    }
    const exit = await runCommand(request.argv, context, (error) =>
      this.#deps.log.error({ err: error, command: request.argv[0] }, 'command failed'),
    )
    this.#say({ exit })
  }

  #outputFor(request: CommandRequest): Output {
    return {
      stdout: sink(request.stdout, (text) => this.#say({ stdout: text })),
      stderr: sink(request.stderr, (text) => this.#say({ stderr: text })),
      ask: request.canAsk ? (question) => this.#ask(question) : null,
    }
  }

  #ask(question: string): Promise<string> {
    const { signal } = this.#gone
    signal.throwIfAborted()
    this.#say({ ask: question })
    return new Promise((resolve, reject) => {
      this.#answers.push(resolve)
      signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    })
  }

  #say(frame: ServerFrame) {
    if (this.#socket.writable) sendFrame(this.#socket, frame)
  }
}

const sink = (shape: SinkShape, write: (text: string) => void): Sink => ({ ...shape, write })

/** It came along: the caller's folder and rights are not ours. */
function fileOf({ files }: CommandRequest, path: string): Uint8Array {
  const base64 = files[path]
  if (base64 === undefined) throw new InvalidInput(`${path} was not given with the command.`)
  return Buffer.from(base64, 'base64')
}

/** @throws Conflict when the caller's environment names another library than the server has. */
function insistOnSameLibrary(asked: LibraryVariables, { env, media }: Deps) {
  const other = LIBRARY_VARIABLES.filter((name) => asked[name] !== undefined && asked[name] !== env[name])
  if (other.length === 0) return
  const given = other.map((name) => `${name}=${asked[name]}`).join(' ')
  throw new Conflict(
    `The server that is running (process ${process.pid}) has its library from ${media.source}, but this command was ` +
      `given ${given}. Start the server with the same, or run the command without.`,
  )
}
