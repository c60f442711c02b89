import type { GatewayKind } from './gateway.ts'
import { sandbox } from './sandbox/gateway.ts'

/** Every kind there is, by the name of its row. */
export const GATEWAY_KINDS: readonly GatewayKind[] = [sandbox as GatewayKind]

export const gatewayKind = (name: string): GatewayKind | null =>
  GATEWAY_KINDS.find((kind) => kind.name === name) ?? null
