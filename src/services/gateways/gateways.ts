import { and, eq } from 'drizzle-orm'
import type { Db } from '#src/db/index.ts'
import { paymentGateways } from '#src/db/schema.ts'
import type { Deps } from '#src/deps.ts'
import { NotFound, Unavailable } from '#src/errors.ts'
import { GatewayUncertain } from '#src/payments/failures.ts'
import type { Gateway, GatewayKind, GatewayMethod } from '#src/payments/gateway.ts'
import { isPublicSite } from '#src/services/settings/public-site.ts'
import type { GatewayRow } from './gateway-secrets.ts'
import { type Opening, openingOf } from './openings.ts'
import { sandboxUrl } from './sandbox-place.ts'

export type GatewayDeps = Pick<Deps, 'database' | 'env' | 'sealKey' | 'log'>

/** A gateway of the site. Of one that cannot be used, every call fails with `GatewayUncertain`: it may be mended. */
export interface OpenGateway {
  id: number
  isUsable: boolean
  kind: GatewayKind
  gateway: Gateway
}

/**
 * The gateway that takes new money by this method.
 * @throws Unavailable when there is none.
 */
export async function gatewayFor(deps: GatewayDeps, method: GatewayMethod): Promise<OpenGateway> {
  const row = await activeRow(deps.database.db, method)
  const open = row && openRow(deps, row)
  if (!open?.isUsable) throw new Unavailable('Nobody takes payments of this kind just now.')
  return open
}

/** The gateway of a payment, whether it takes new money or not. @throws NotFound when it is none that we know. */
export async function gatewayById(deps: GatewayDeps, id: number): Promise<OpenGateway> {
  const [row] = await deps.database.db.select().from(paymentGateways).where(eq(paymentGateways.id, id))
  const open = row && openRow(deps, row)
  if (!open) throw new NotFound(`There is no payment gateway ${id}.`)
  return open
}

/** The gateway that sends webhooks to this name; null when it is none of ours, or has no business here. */
export async function gatewayByName(deps: GatewayDeps, name: string): Promise<OpenGateway | null> {
  const [row] = await deps.database.db.select().from(paymentGateways).where(eq(paymentGateways.name, name))
  const open = row ? openRow(deps, row) : null
  return open?.kind.isPretend && isPublicSite(deps.env) ? null : open
}

export async function activeRow(db: Db, method: GatewayMethod): Promise<GatewayRow | null> {
  const serves = { pix: paymentGateways.servesPix, credit_card: paymentGateways.servesCard }[method]
  const [row] = await db
    .select()
    .from(paymentGateways)
    .where(and(eq(paymentGateways.isActive, true), eq(serves, true)))
  return row ?? null
}

function openRow(deps: GatewayDeps, row: GatewayRow): OpenGateway | null {
  const opening = openingOf(deps, row)
  if (!opening.kind) return null
  if (opening.obstacle !== null) tellOnce(deps, row, opening)
  const isUsable = opening.obstacle === null
  return { id: row.id, isUsable, kind: opening.kind, gateway: gatewayOf(deps, row, opening) }
}

function gatewayOf(
  deps: GatewayDeps,
  { publicKey }: GatewayRow,
  { kind, secrets, obstacle }: Opening,
): Gateway {
  if (obstacle !== null) return unusableGateway(obstacle)
  return kind.open(kind.secrets.parse(secrets), { publicKey, sandboxUrl: () => sandboxUrl(deps) })
}

function unusableGateway(obstacle: string): Gateway {
  const refuse = () => {
    throw new GatewayUncertain(`The payment gateway cannot be used. ${obstacle}`)
  }
  const refuseLater = async () => refuse()
  return {
    createCharge: refuseLater,
    fetchCharge: refuseLater,
    findCharge: refuseLater,
    refund: refuseLater,
    readWebhook: refuse,
  }
}

const told = new WeakMap<object, Set<string>>()

/** Once for each reason and each log: it is found out at every page. */
export function tellOnce({ log }: GatewayDeps, { name }: Pick<GatewayRow, 'name'>, { obstacle }: Opening) {
  const known = told.get(log) ?? new Set()
  told.set(log, known)
  if (known.has(`${name} ${obstacle}`)) return
  known.add(`${name} ${obstacle}`)
  log.warn({ gateway: name, reason: obstacle }, 'a payment gateway cannot be used')
}
