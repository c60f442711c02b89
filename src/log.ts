import { type DestinationStream, type Logger, pino } from 'pino'
import type { Env } from '#src/env.ts'
import { sqlState } from './db/database-error.ts'

/** Never written, wherever they stand in a line, one level down included. */
const PRIVATE = [
  'password',
  'secret',
  'token',
  'authorization',
  'cookie',
  'email',
  'phone',
  'document',
  'ip',
  'customerName',
  'customerEmail',
  'customerDocument',
  'customerPhone',
  'secretKey',
  'secretAccessKey',
]

/** JSON lines of at least `level`, on standard output unless told otherwise. They carry no personal data. */
export function openLog(level: Env['LOG_LEVEL'], destination?: DestinationStream): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: PRIVATE.flatMap((field) => [field, `*.${field}`]), censor: '[private]' },
      serializers: { err: (error: unknown) => describeError(error) },
    },
    destination ?? pino.destination({ fd: 1, sync: true }),
  )
}

interface ErrorLine {
  type: string
  message: string
  code?: string
  stack?: string
  cause?: ErrorLine
}

/** What happened and where, without the values that a statement carried: they may be personal. */
function describeError(error: unknown): ErrorLine {
  if (!(error instanceof Error)) return { type: typeof error, message: String(error) }
  const { cause } = error
  return {
    type: error.name,
    message: withoutValues(error),
    ...('code' in error && { code: String(error.code) }),
    stack: callsOf(error),
    ...(cause instanceof Error && { cause: describeError(cause) }),
  }
}

/** Drizzle repeats the parameters behind the statement; PostgreSQL quotes values that have no right form (class 22). */
function withoutValues(error: Error) {
  if (sqlState(error)?.startsWith('22') && 'code' in error) return 'A value has no right form.'
  return error.message.split('\nparams:')[0] ?? ''
}

const callsOf = (error: Error) =>
  (error.stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .map((line) => line.trim())
    .join('\n')
