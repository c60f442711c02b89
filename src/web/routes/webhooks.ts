import { Hono } from 'hono'
import type { ChargeDeps } from '#src/services/billing/charge.ts'
import { receiveWebhook } from '#src/services/billing/inbox.ts'
import type { AppEnv } from '../app-env.ts'
import { allow } from '../policies.ts'

/** Where gateways tell what became of a charge. Answered when the event is stored, and not before. */
export function webhookRoutes(deps: ChargeDeps) {
  return new Hono<AppEnv>().post('/webhooks/:gateway', allow('webhook'), async (c) => {
    const body = new Uint8Array(await c.req.arrayBuffer())
    const header = (name: string) => c.req.header(name) ?? null
    await receiveWebhook(deps, c.req.param('gateway'), { header, body })
    return c.body(null, 200)
  })
}
