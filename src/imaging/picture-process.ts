import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { Unavailable } from '#src/errors.ts'
import { atOnce } from '#src/lib/at-once.ts'
import { lowerPriority } from './lower-priority.ts'
import type { MadePictures, MakeRequest, PictureAnswer } from './picture-messages.ts'
import { Unreadable } from './unreadable.ts'

export interface PictureLimits {
  /** For one picture, counted from when the process has everything loaded. */
  pictureMs: number
  /** For starting the process. */
  startMs: number
  /** Without work the process ends after so long, and its memory with it. */
  idleMs: number
}

const LIMITS: PictureLimits = { pictureMs: 15_000, startMs: 30_000, idleMs: 30_000 }
const WORKER = fileURLToPath(new URL('./picture-worker.mjs', import.meta.url))

/** Ended while it had something to do. */
class ProcessEnded extends Error {}

/** Makes pictures in a process of its own, one after the other; the process comes and goes with the work. */
export class PictureProcess {
  readonly #limits: PictureLimits
  readonly #next = atOnce({ atOnce: 1 })
  #child: ChildProcess | null = null
  #idle: NodeJS.Timeout | undefined
  #asked = 0
  #isClosed = false

  constructor(limits: Partial<PictureLimits> = {}) {
    this.#limits = { ...LIMITS, ...limits }
  }

  /**
   * @throws Unreadable when it is the picture's fault, Unavailable when the process cannot do anything.
   */
  make(request: MakeRequest): Promise<MadePictures> {
    return this.#next(() => this.#makeNow(request))
  }

  /** Ends the process, wherever it is. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#end()
  }

  /** The id of the process while there is one. */
  get pid(): number | null {
    return this.#child?.pid ?? null
  }

  /** A process may be ended by something else, for want of memory for instance: only the second time it is the picture. */
  async #makeNow(request: MakeRequest): Promise<MadePictures> {
    try {
      return await this.#ask(request)
    } catch (error) {
      if (!(error instanceof ProcessEnded)) throw error
    }
    return this.#ask(request).catch((error) => {
      throw error instanceof ProcessEnded ? new Unreadable('damaged', { cause: error }) : error
    })
  }

  async #ask(request: MakeRequest): Promise<MadePictures> {
    clearTimeout(this.#idle)
    const child = await this.#started()
    const id = ++this.#asked
    child.ref()
    child.channel?.ref()
    // One that cannot be sent is answered by the end of the process.
    child.send({ id, ...request }, () => {})
    try {
      const answer = await this.#answerOf(child, id)
      if ('unreadable' in answer) throw new Unreadable(answer.unreadable)
      return answer.made
    } finally {
      this.#rest(child)
    }
  }

  async #answerOf(child: ChildProcess, id: number) {
    const answer = await heard(child, this.#limits.pictureMs, (said) =>
      'id' in said && said.id === id ? said : null,
    )
    if (answer === 'ended' && this.#isClosed) throw closed()
    if (answer === 'ended') throw new ProcessEnded()
    if (answer === 'late') {
      this.#end()
      throw new Unreadable('too slow')
    }
    return answer
  }

  async #started(): Promise<ChildProcess> {
    if (this.#isClosed) throw closed()
    if (this.#child) return this.#child
    // Nothing of the loaders that this process runs under, and none of the secrets of its environment.
    const child = fork(WORKER, {
      execArgv: [],
      env: { MALLOC_ARENA_MAX: '2' },
      serialization: 'advanced',
      stdio: 'ignore',
    })
    this.#child = child
    child.on('exit', () => this.#forget(child)).on('error', () => this.#forget(child))
    const answer = await heard(child, this.#limits.startMs, (said) => ('ready' in said ? said : null))
    if (answer === 'ended' || answer === 'late') {
      this.#end()
      throw new Unavailable(
        'The process that makes pictures does not start. Is the package sharp installed for this machine?',
      )
    }
    lowerPriority(child)
    return child
  }

  /** Does not keep this process from ending by itself. */
  #rest(child: ChildProcess) {
    if (this.#child !== child) return
    child.unref()
    child.channel?.unref()
    this.#idle = setTimeout(() => this.#end(), this.#limits.idleMs).unref()
  }

  #end() {
    clearTimeout(this.#idle)
    this.#child?.kill('SIGKILL')
    this.#child = null
  }

  #forget(child: ChildProcess) {
    if (this.#child === child) this.#child = null
  }
}

/** What `pick` takes of what the process says, or how it came that it said nothing of the kind. */
function heard<T>(
  child: ChildProcess,
  withinMs: number,
  pick: (answer: PictureAnswer) => T | null,
): Promise<T | 'ended' | 'late'> {
  return new Promise((resolve) => {
    const settle = (outcome: T | 'ended' | 'late') => {
      clearTimeout(timer)
      child.off('message', hear).off('exit', end).off('error', end)
      resolve(outcome)
    }
    const hear = (message: unknown) => {
      const picked = pick(message as PictureAnswer)
      if (picked !== null) settle(picked)
    }
    const end = () => settle('ended')
    const timer = setTimeout(() => settle('late'), withinMs)
    child.on('message', hear).on('exit', end).on('error', end)
    if (child.exitCode !== null || child.signalCode !== null) end()
  })
}

const closed = () => new Unavailable('The server is stopping.')
