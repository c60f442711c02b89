import type { paymentGateways } from '#src/db/schema.ts'
import type { Deps } from '#src/deps.ts'
import { seal, unseal } from '#src/lib/seal.ts'

/** All secrets of a gateway as one sealed text, which opens in its own row alone. */

export type GatewayRow = typeof paymentGateways.$inferSelect
export type Secrets = Record<string, string>

/** From here on, four characters tell too much of the others. */
const SHORT = 16

const placeOf = (id: number) => `payment_gateways.secret_key:${id}`

export const sealSecrets = ({ sealKey }: Pick<Deps, 'sealKey'>, id: number, secrets: Secrets): string =>
  seal(sealKey, placeOf(id), JSON.stringify(secrets))

/** Null when there are none, or the key that sealed them is another one. */
export function unsealSecrets(
  { sealKey }: Pick<Deps, 'sealKey'>,
  { id, secretKey }: Pick<GatewayRow, 'id' | 'secretKey'>,
): Secrets | null {
  const text = secretKey === null ? null : unseal(sealKey, placeOf(id), secretKey)
  return text === null ? null : JSON.parse(text)
}

/** Enough to tell one secret from another, and too little to use it. */
export const lastFour = (secret: string) => (secret.length < SHORT ? '…' : `…${secret.slice(-4)}`)
