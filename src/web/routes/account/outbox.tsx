import { Hono } from 'hono'
import { NotFound } from '#src/errors.ts'
import { isPrivateAddress, isPrivateHost } from '#src/lib/private-network.ts'
import { hasOutbox, outbox } from '#src/services/mail/outbox.ts'
import type { AppContext, AppEnv } from '../../app-env.ts'
import { peerOf } from '../../middleware/identify.ts'
import { OutboxMailPage, OutboxPage } from '../../pages/account/outbox-page.tsx'
import { allow } from '../../policies.ts'
import { type AccountRoutes, renderPrivately } from './account-web.tsx'

/** The mails of a site without SMTP, for who tries it on this machine or beside it. */
export function outboxRoutes({ deps, identity }: AccountRoutes) {
  return new Hono<AppEnv>()
    .get('/outbox', allow('public'), async (c) =>
      renderPrivately(c, await identity.fresh(), <OutboxPage mails={await read(c)} />),
    )
    .get('/outbox/:id', allow('public'), async (c) => {
      const mail = (await read(c)).find(({ id }) => String(id) === c.req.param('id'))
      if (!mail) throw new NotFound('There is no such mail.')
      const page = <OutboxMailPage mail={mail} baseUrl={deps.env.BASE_URL} />
      return renderPrivately(c, await identity.fresh(), page)
    })

  async function read(c: AppContext) {
    if (!hasOutbox(deps) || !mayReadOutbox(c)) throw new NotFound('There is nothing at this address.')
    return outbox(deps, { isAdmin: c.var.viewer.role === 'admin' })
  }
}

/** What a proxy adds, which stands before a site that is open to others. */
const OF_PROXIES = [
  'Forwarded',
  'Via',
  'X-Forwarded-For',
  'X-Forwarded-Host',
  'X-Forwarded-Proto',
  'X-Real-IP',
]

/**
 * Whether the request comes straight from this machine or its network, and was sent to it by such a name: a page of
 * another site that has its own name lead here (DNS rebinding) reads nothing. Some proxies say nothing of themselves
 * and speak HTTP/1.0, which no browser does.
 */
export function mayReadOutbox(c: AppContext): boolean {
  const host = c.req.header('Host') ?? new URL(c.req.url).host
  return (
    isPrivateHost(host) &&
    isPrivateAddress(peerOf(c)) &&
    !isOldHttp(c) &&
    OF_PROXIES.every((name) => c.req.header(name) === undefined)
  )
}

const isOldHttp = ({ env }: AppContext) =>
  (env as { incoming?: { httpVersion: string } } | undefined)?.incoming?.httpVersion === '1.0'
