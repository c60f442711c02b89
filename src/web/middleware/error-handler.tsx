import { STATUS_CODES } from 'node:http'
import { HTTPException } from 'hono/http-exception'
import type { Logger } from 'pino'
import { explainDatabaseError } from '#src/db/explain-error.ts'
import { AppError, NotFound, TooManyRequests, Unavailable } from '#src/errors.ts'
import type { AppContext } from '../app-env.ts'
import { ErrorPage } from '../pages/error-page.tsx'
import { type Problem, renderProblem } from '../problem.ts'
import { renderPage } from '../render.tsx'
import type { SiteIdentitySource } from '../site-identity.ts'

const RETRY_AFTER_SECONDS = 5

/** The one place where an error becomes an answer: a page for people, a problem for programs. */
export function errorHandler({ log, identity }: { log: Logger; identity: SiteIdentitySource }) {
  return function handleError(error: Error, c: AppContext) {
    const problem = problemOf(error)
    if (problem.status >= 500) logFailure(log, error, c.var.requestId)
    if (problem.status === 503) c.header('Retry-After', String(RETRY_AFTER_SECONDS))
    if (error instanceof TooManyRequests) c.header('Retry-After', String(error.retryAfter))
    c.header('Cache-Control', 'no-store')

    if (!wantsPage(c)) return renderProblem(c, problem)
    return renderPage(
      c,
      identity.current(),
      <ErrorPage problem={problem} reference={c.var.requestId} />,
      problem.status,
    )
  }
}

/** What passes by itself is told without the stack, which says nothing of it. */
function logFailure(log: Logger, error: Error, requestId: string) {
  if (error instanceof Unavailable && error.cause === undefined)
    log.warn({ requestId, reason: error.message }, 'request refused')
  else log.error({ err: error, requestId }, 'request failed')
}

/** For every address that no route knows. */
export function notFoundHandler(options: { log: Logger; identity: SiteIdentitySource }) {
  const handleError = errorHandler(options)
  return (c: AppContext) => handleError(new NotFound('There is nothing at this address.'), c)
}

function problemOf(error: Error): Problem {
  if (error instanceof HTTPException) return described(error.status, 'http', STATUS_CODES[error.status] ?? '')
  const { status, code, message } = known(error)
  if (status === 503) return described(503, code, 'The database or the media store does not answer for now.')
  // Messages of other failures are for the owner and may name folders and tables.
  if (status >= 500)
    return described(500, 'internal', 'The server failed; its log tells more under this instance.')
  return described(status, code, message)
}

const known = (error: Error) =>
  error instanceof AppError ? error : (explainDatabaseError(error) ?? new AppError(error.message))

function described(status: number, code: string, detail: string): Problem {
  return { status: status as Problem['status'], code, title: STATUS_CODES[status] ?? 'Error', detail }
}

function wantsPage(c: AppContext) {
  return !c.req.path.startsWith('/api/') && (c.req.header('Accept') ?? '').includes('text/html')
}
