import type { Deps } from '#src/deps.ts'
import type { Output } from './output.ts'

/** What a command works with, in its own process or inside the running server. */
export interface CommandContext {
  readonly output: Output
  /** Aborted by Ctrl-C of the caller. */
  readonly signal: AbortSignal
  /**
   * Runs `work` on the open database and media store. While a server holds the embedded database, the whole command
   * runs inside that server instead, and `work` is not called here: print inside it.
   */
  withDeps(work: (deps: Deps) => Promise<void>, needs?: SchemaNeed): Promise<void>
  /**
   * What is in a file of the caller's, or comes from its standard input for `-`; to be asked before `withDeps`.
   * @throws InvalidInput when it cannot be read.
   */
  readFile(path: string): Promise<Uint8Array>
  exitCode: number
}

/** Whether the command can do with a database that is not migrated to this version. */
export type SchemaNeed = 'this version' | 'any version'
