import type { IncomingMessage, ServerResponse } from 'node:http'
import { Refusal } from './book.ts'

const LARGEST_BODY = 64 * 1_024

export interface Call {
  method: string
  path: string
  /** What stands in the place of `:names` of the route. */
  params: Record<string, string>
  query: URLSearchParams
  header(name: string): string | null
  body: Buffer
}

/** What is answered; `null` is no answer at all, and a broken connection is what it says. */
export type Answer =
  | { status: number; headers: Record<string, string>; body: string }
  | 'broken connection'
  | null

export type Handler = (call: Call) => Promise<Answer>

export interface Route {
  method: 'GET' | 'POST' | 'PUT'
  /** `/charges/:id` */
  path: string
  handle: Handler
}

export const json = (status: number, value: unknown): Answer => ({
  status,
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify(value),
})

/** Answers by the first route that suits; what fails is answered as JSON. */
export function listener(routes: Route[], onFault: (error: unknown) => void) {
  return function listen(request: IncomingMessage, response: ServerResponse) {
    answer(routes, request)
      .catch((error) => {
        if (error instanceof Refusal) return json(error.status, { error: error.message })
        onFault(error)
        return json(500, { error: 'The sandbox has failed.' })
      })
      .then((answered) => write(response, answered))
      .catch(onFault)
  }
}

async function answer(routes: Route[], request: IncomingMessage): Promise<Answer> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://sandbox.invalid')
  const suiting = routes.flatMap((route) => {
    const params = paramsOf(route.path, pathname)
    return params ? [{ route, params }] : []
  })
  const method = request.method === 'HEAD' ? 'GET' : request.method
  const chosen = suiting.find(({ route }) => route.method === method)
  if (!chosen) throw new Refusal(suiting.length > 0 ? 405 : 404, 'There is nothing of the kind here.')
  return chosen.route.handle({
    method: chosen.route.method,
    path: pathname,
    params: chosen.params,
    query: searchParams,
    header: (name) => request.headers[name]?.toString() ?? null,
    body: await bodyOf(request),
  })
}

/** Null where the path is another one. */
function paramsOf(route: string, path: string): Record<string, string> | null {
  const wanted = route.split('/')
  const given = path.split('/')
  if (wanted.length !== given.length) return null
  const params: Record<string, string> = {}
  for (const [index, part] of wanted.entries()) {
    const value = given[index] ?? ''
    if (part.startsWith(':') && value !== '') params[part.slice(1)] = decoded(value)
    else if (part !== value) return null
  }
  return params
}

/** What is no percent-encoding stands for itself. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request) {
    length += chunk.length
    if (length > LARGEST_BODY) throw new Refusal(413, 'This is more than the sandbox reads.')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function write(response: ServerResponse, answered: Answer) {
  // Whoever waits for nothing gets tired of it, or the server closes.
  if (answered === null) return
  if (answered === 'broken connection') return void response.destroy()
  response.writeHead(answered.status, { ...answered.headers, 'Cache-Control': 'no-store' })
  response.end(answered.body)
}
