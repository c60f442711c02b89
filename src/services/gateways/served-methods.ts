import { GATEWAY_METHODS, type GatewayMethod } from '#src/payments/gateway.ts'
import { activeRow, type GatewayDeps, tellOnce } from './gateways.ts'
import { openingOf } from './openings.ts'

export type { GatewayDeps } from './gateways.ts'

/** What a buyer has to know and to tell before paying so. */
export interface ServedMethod {
  needs: { document: boolean; phone: boolean }
  /** No real money moves. */
  isPretend: boolean
}

/** The methods by which money can be taken now. One whose gateway cannot be used is not among them; the log says why. */
export async function servedMethods(
  deps: GatewayDeps,
): Promise<Partial<Record<GatewayMethod, ServedMethod>>> {
  const served: Partial<Record<GatewayMethod, ServedMethod>> = {}
  for (const method of GATEWAY_METHODS) {
    const row = await activeRow(deps.database.db, method)
    if (!row) continue
    const opening = openingOf(deps, row)
    if (opening.obstacle !== null) tellOnce(deps, row, opening)
    else if (opening.kind.methods.includes(method)) {
      const { needsDocument, needsPhone, isPretend } = opening.kind
      served[method] = {
        needs: { document: needsDocument[method], phone: needsPhone[method] },
        isPretend,
      }
    }
  }
  return served
}
