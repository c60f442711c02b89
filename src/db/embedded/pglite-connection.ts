import { Worker } from 'node:worker_threads'
import type { Results, RowMode } from '@electric-sql/pglite'
import { Unavailable } from '#src/errors.ts'
import { PgliteError } from './pglite-error.ts'
import type { Message, Request } from './pglite-messages.ts'

/** Virtual memory, used as recursion needs it. PostgreSQL, compiled to WASM, recurses on the thread's own stack. */
const THREAD_STACK_MB = 64

export const closed = () => new Unavailable('The embedded database is closed.')

interface Question {
  settle(answer: Message): void
  abandon(reason: Error): void
}

/** The thread that runs PGlite, and the questions it has not answered yet. */
export class PgliteConnection {
  readonly #folder: string
  readonly #worker: Worker
  readonly #exited: Promise<void>
  readonly #questions = new Map<number, Question>()
  readonly #notificationListeners = new Set<(channel: string, payload: string) => void>()
  readonly #failureListeners = new Set<(failure: Error) => void>()
  #asked = 0
  #failure: Error | null = null
  #isClosing = false

  private constructor(folder: string) {
    this.#folder = folder
    this.#worker = new Worker(new URL('./pglite-worker.mjs', import.meta.url), {
      workerData: { folder },
      // Nothing of the loaders that the main thread may run under.
      execArgv: [],
      resourceLimits: { stackSizeMb: THREAD_STACK_MB },
    })
    this.#worker.on('message', (message: Message) => this.#hear(message))
    this.#worker.on('error', (error) => this.#fail(error.message))
    this.#exited = new Promise((resolve) => {
      this.#worker.once('exit', () => {
        this.#fail('its thread ended')
        resolve()
      })
    })
  }

  /**
   * Resolves when the database in `folder` answers.
   * @throws Unavailable with PostgreSQL's last words.
   */
  static async open(folder: string): Promise<PgliteConnection> {
    const connection = new PgliteConnection(folder)
    await connection.exec('select 1', 'array')
    return connection
  }

  async query(sql: string, params: unknown[], rowMode: RowMode): Promise<Results> {
    const [results] = await this.#ask({ kind: 'query', sql, params, rowMode })
    return results ?? { rows: [], fields: [] }
  }

  exec(sql: string, rowMode: RowMode): Promise<Results[]> {
    return this.#ask({ kind: 'exec', sql, rowMode })
  }

  /** Hands `rows` over: they are gone from this thread. Answers how many rows were stored. */
  async copy(sql: string, rows: Uint8Array<ArrayBuffer>): Promise<number> {
    const [results] = await this.#ask({ kind: 'copy', sql, rows }, [rows.buffer])
    return results?.rowCount ?? 0
  }

  onNotification(listener: (channel: string, payload: string) => void) {
    this.#notificationListeners.add(listener)
  }

  /** Calls `listener` once, when the database has stopped without being asked to. */
  onFailure(listener: (failure: Error) => void) {
    if (this.#failure) queueMicrotask(() => listener(this.unavailable()))
    else this.#failureListeners.add(listener)
  }

  /** Checkpoints and ends the thread. Of a database that has failed nothing is left to close. */
  async close(): Promise<void> {
    this.#isClosing = true
    try {
      await this.#ask({ kind: 'close' })
    } finally {
      await this.#exited
    }
  }

  /** Ends the thread wherever it is. To the data it is what the end of the process would be: nothing committed is lost. */
  async kill(): Promise<void> {
    this.#isClosing = true
    await this.#worker.terminate()
  }

  get hasFailed() {
    return this.#failure !== null
  }

  /** Why nothing is answered any more; a new error each time, so that its stack tells who asked. */
  unavailable(): Unavailable {
    if (this.#isClosing) return closed()
    return new Unavailable(
      `The embedded database in ${this.#folder} has stopped: ${this.#failure?.message}. ` +
        'See that the disk has room, then start CreatorFlix again: what was saved is not lost.',
      { cause: this.#failure },
    )
  }

  async #ask(request: Request, transfer: ArrayBuffer[] = []): Promise<Results[]> {
    if (this.#failure) throw this.unavailable()
    const id = ++this.#asked
    const answer = await new Promise<Message>((settle, abandon) => {
      this.#worker.postMessage({ id, ...request }, transfer)
      this.#questions.set(id, { settle, abandon })
    })
    // Thrown here rather than where the answer was heard: so the stack shows who asked.
    if ('refusal' in answer) throw new PgliteError(answer.refusal)
    return 'results' in answer ? answer.results : []
  }

  #hear(message: Message) {
    if ('failed' in message) this.#fail(message.failed)
    else if ('channel' in message) this.#notify(message.channel, message.payload)
    else this.#settle(message.id, message)
  }

  #settle(id: number, answer: Message) {
    this.#questions.get(id)?.settle(answer)
    this.#questions.delete(id)
  }

  #notify(channel: string, payload: string) {
    for (const listener of this.#notificationListeners) listener(channel, payload)
  }

  #fail(reason: string) {
    if (this.#failure) return
    this.#failure = new Error(reason)
    for (const { abandon } of this.#questions.values()) abandon(this.unavailable())
    this.#questions.clear()
    if (this.#isClosing) return
    for (const listener of this.#failureListeners) listener(this.unavailable())
  }
}
