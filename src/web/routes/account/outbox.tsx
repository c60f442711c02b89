import { Hono } from 'hono'
import { NotFound } from '#src/errors.ts'
import { hasOutbox, outbox } from '#src/services/mail/outbox.ts'
import type { AppContext, AppEnv } from '../../app-env.ts'
import { comesFromNear } from '../../near.ts'
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
    if (!hasOutbox(deps) || !comesFromNear(c)) throw new NotFound('There is nothing at this address.')
    return outbox(deps, { isAdmin: c.var.viewer.role === 'admin' })
  }
}
