import { CommanderError } from 'commander'
import { explainDatabaseError } from '#src/db/explain-error.ts'
import { AppError } from '#src/errors.ts'

/** As a shell counts a command that Ctrl-C ended. */
export const INTERRUPTED = 130

export interface Failure {
  /** Null when the words were printed already. */
  words: string | null
  exitCode: number
  /** A fault of ours, worth a line in the log. */
  isUnexpected: boolean
}

/** Why a command failed, for a person. */
export function explainFailure(error: unknown, signal: AbortSignal): Failure {
  if (error instanceof CommanderError) return { words: null, exitCode: error.exitCode, isUnexpected: false }
  if (signal.aborted) return { words: 'Stopped.', exitCode: INTERRUPTED, isUnexpected: false }

  const known = error instanceof AppError ? error : explainDatabaseError(error)
  if (known) return { words: known.message, exitCode: known.exitCode, isUnexpected: false }
  const message = error instanceof Error ? error.message : String(error)
  return { words: `Something unexpected happened: ${message}`, exitCode: 1, isUnexpected: true }
}
