import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { AppContext } from './app-env.ts'

/** What went wrong, for whoever asked: nothing of ours but a code, words and the id under which the log tells more. */
export interface Problem {
  status: ContentfulStatusCode
  code: string
  title: string
  detail: string
}

/** Answers as RFC 9457 says. */
export function renderProblem(c: AppContext, { status, code, title, detail }: Problem) {
  const body = {
    type: `/problems/${code}`,
    title,
    status,
    detail,
    instance: `urn:request:${c.var.requestId}`,
  }
  return c.body(JSON.stringify(body), status, { 'Content-Type': 'application/problem+json' })
}
