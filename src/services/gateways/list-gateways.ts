import { asc } from 'drizzle-orm'
import { paymentGateways } from '#src/db/schema.ts'
import type { Deps } from '#src/deps.ts'
import type { GatewayMethod } from '#src/payments/gateway.ts'
import { gatewayKind } from '#src/payments/registry.ts'
import { type GatewayRow, lastFour, unsealSecrets } from './gateway-secrets.ts'
import { openingOf } from './openings.ts'

/** A gateway as its owner may see it. */
export interface GatewayView {
  name: string
  isActive: boolean
  methods: GatewayMethod[]
  isPretend: boolean
  publicKey: string | null
  /** By name, no more of each than its last four characters. */
  secrets: Record<string, string>
  /** Why it cannot be used; null when it can. */
  obstacle: string | null
}

export async function listGateways(deps: Pick<Deps, 'database' | 'env' | 'sealKey'>): Promise<GatewayView[]> {
  const rows = await deps.database.db.select().from(paymentGateways).orderBy(asc(paymentGateways.id))
  return rows.map((row) => viewOf(deps, row))
}

function viewOf(deps: Pick<Deps, 'env' | 'sealKey'>, row: GatewayRow): GatewayView {
  const secrets = Object.entries(unsealSecrets(deps, row) ?? {})
  return {
    name: row.name,
    isActive: row.isActive,
    methods: [
      ...(row.servesPix ? ['pix' as const] : []),
      ...(row.servesCard ? ['credit_card' as const] : []),
    ],
    isPretend: gatewayKind(row.name)?.isPretend ?? false,
    publicKey: row.publicKey,
    secrets: Object.fromEntries(secrets.map(([name, secret]) => [name, lastFour(secret)])),
    obstacle: openingOf(deps, row).obstacle,
  }
}
