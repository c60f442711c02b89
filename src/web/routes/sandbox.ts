import { Hono } from 'hono'
import type { Deps } from '#src/deps.ts'
import { NotFound, Unavailable } from '#src/errors.ts'
import { sandboxPages } from '#src/services/gateways/sandbox-place.ts'
import type { AppContext, AppEnv } from '../app-env.ts'
import { mayPretend } from '../near.ts'
import { allow } from '../policies.ts'

const ANSWER_MS = 10_000
const PASSED_ON = ['lang', 'code']
const PASSED_BACK = ['content-type', 'location', 'cache-control']

/**
 * The sandbox's pages for people, under the address of the site: a card page that is left for it, and a bank in which
 * PIX codes are paid. What programs ask of the sandbox has no way through here.
 */
export function sandboxRoutes(deps: Pick<Deps, 'database' | 'env' | 'sealKey'>) {
  const pass = (c: AppContext) => passOn(c, deps)
  return new Hono<AppEnv>()
    .get('/sandbox/style.css', allow('public'), pass)
    .get('/sandbox/bank', allow('public'), pass)
    .get('/sandbox/pay/:charge{chg_[0-9a-f]{32}}', allow('public'), pass)
    .post('/sandbox/pay/:charge{chg_[0-9a-f]{32}}', allow('public'), pass)
    .get('/sandbox/charges/:charge{chg_[0-9a-f]{32}}', allow('public'), pass)
    .post('/sandbox/charges/:charge{chg_[0-9a-f]{32}}', allow('public'), pass)
}

async function passOn(c: AppContext, deps: Parameters<typeof sandboxRoutes>[0]): Promise<Response> {
  const pages = mayPretend(c, deps.env) ? await sandboxPages(deps) : null
  if (pages === null) throw new NotFound('There is nothing at this address.')
  const answer = await ask(`${pages}${c.req.path.slice('/sandbox'.length)}?${questionOf(c)}`, {
    method: c.req.method,
    headers: {
      'Accept-Language': c.req.header('Accept-Language') ?? '',
      'Content-Type': c.req.header('Content-Type') ?? '',
    },
    ...(c.req.method === 'POST' && { body: await c.req.arrayBuffer() }),
  })
  const headers = PASSED_BACK.flatMap((name) => {
    const value = answer.headers.get(name)
    return value === null ? [] : [[name, value] as [string, string]]
  })
  return c.body(await answer.arrayBuffer(), answer.status as 200, Object.fromEntries(headers))
}

function questionOf(c: AppContext) {
  const asked = PASSED_ON.map((name) => [name, c.req.query(name)])
  return new URLSearchParams(asked.filter((one): one is [string, string] => one[1] !== undefined))
}

async function ask(address: string, request: RequestInit): Promise<Response> {
  try {
    return await fetch(address, { ...request, redirect: 'manual', signal: AbortSignal.timeout(ANSWER_MS) })
  } catch (cause) {
    throw new Unavailable('The sandbox does not answer for now.', { cause })
  }
}
