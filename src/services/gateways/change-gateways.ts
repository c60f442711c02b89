import { and, eq, ne, or } from 'drizzle-orm'
import { withRetry } from '#src/db/retry.ts'
import { paymentGateways } from '#src/db/schema.ts'
import type { Deps } from '#src/deps.ts'
import { Conflict, InvalidInput, Misconfigured, NotFound } from '#src/errors.ts'
import type { GatewayKind, GatewayMethod } from '#src/payments/gateway.ts'
import { GATEWAY_KINDS, gatewayKind } from '#src/payments/registry.ts'
import { type GatewayRow, type Secrets, sealSecrets, unsealSecrets } from './gateway-secrets.ts'
import { mistakesIn, openingOf } from './openings.ts'

type ChangeDeps = Pick<Deps, 'database' | 'env' | 'sealKey'>

export interface GatewayKeys {
  /** By the names its kind has for them; those that are not given stay. */
  secrets: Secrets
  publicKey?: string
  /** The owner knows that the embedded database may lose what it said last in a power cut. */
  acceptsNoFsync?: boolean
}

/**
 * Keeps the keys of a gateway, sealed; it is not switched on by that.
 * @throws NotFound when there is no such kind, InvalidInput naming what is wrong with the keys, Misconfigured for keys
 * that move real money where the database may forget.
 */
export async function setGateway(deps: ChangeDeps, name: string, keys: GatewayKeys): Promise<void> {
  const kind = knownKind(name)
  insistOnFsync(deps, kind, keys.acceptsNoFsync)
  await deps.database.db.transaction(async (tx) => {
    await tx.insert(paymentGateways).values({ name }).onConflictDoNothing()
    const [row] = await tx.select().from(paymentGateways).where(eq(paymentGateways.name, name)).for('update')
    if (!row) throw new Error('A gateway that was inserted is not there.')
    const secrets = { ...unsealSecrets(deps, row), ...keys.secrets }
    const mistakes = mistakesIn(kind, secrets)
    if (mistakes.length > 0) {
      throw new InvalidInput(`The secrets of ${name} need a correction:\n  ${mistakes.join('\n  ')}`)
    }
    const publicKey = keys.publicKey ?? row.publicKey
    await tx
      .update(paymentGateways)
      .set({ secretKey: sealSecrets(deps, row.id, secrets), publicKey })
      .where(eq(paymentGateways.id, row.id))
  })
}

/**
 * Lets the gateway take new money, by these methods or by all it knows.
 * @throws NotFound, Conflict when another one takes such payments, Misconfigured when it has not what it needs.
 */
export async function activateGateway(
  deps: ChangeDeps,
  name: string,
  { methods, acceptsNoFsync = false }: { methods?: GatewayMethod[]; acceptsNoFsync?: boolean } = {},
): Promise<GatewayMethod[]> {
  const kind = knownKind(name)
  insistOnFsync(deps, kind, acceptsNoFsync)
  const chosen = methods ?? [...kind.methods]
  const unknown = chosen.filter((method) => !kind.methods.includes(method))
  if (chosen.length === 0 || unknown.length > 0)
    throw new InvalidInput(`${name} takes ${kind.methods.join(' and ')}.`)
  const [servesPix, servesCard] = [chosen.includes('pix'), chosen.includes('credit_card')]
  await withRetry(() =>
    deps.database.db.transaction(async (tx) => {
      const [row] = await tx
        .select()
        .from(paymentGateways)
        .where(eq(paymentGateways.name, name))
        .for('update')
      insistOnUsable(deps, name, row)
      const isInTheWay = or(
        ...(servesPix ? [eq(paymentGateways.servesPix, true)] : []),
        ...(servesCard ? [eq(paymentGateways.servesCard, true)] : []),
      )
      const [other] = await tx
        .select({ name: paymentGateways.name })
        .from(paymentGateways)
        .where(and(eq(paymentGateways.isActive, true), ne(paymentGateways.name, name), isInTheWay))
      if (other) throw new Conflict(takenBy(other.name))
      await tx
        .update(paymentGateways)
        .set({ isActive: true, servesPix, servesCard })
        .where(eq(paymentGateways.name, name))
    }),
  )
  return chosen
}

/** It takes no new money; what it has taken is still asked after and given back. @throws NotFound */
export async function deactivateGateway({ database }: Pick<Deps, 'database'>, name: string): Promise<void> {
  const changed = await database.db
    .update(paymentGateways)
    .set({ isActive: false })
    .where(eq(paymentGateways.name, name))
    .returning({ id: paymentGateways.id })
  if (changed.length === 0) throw new NotFound(unset(name))
}

/** @throws NotFound */
export function knownKind(name: string): GatewayKind {
  const kind = gatewayKind(name)
  if (kind) return kind
  const names = GATEWAY_KINDS.map((one) => one.name).join(', ')
  throw new NotFound(`There is no kind of gateway named ${name}. There are: ${names}.`)
}

function insistOnUsable(deps: ChangeDeps, name: string, row: GatewayRow | undefined) {
  if (!row) throw new NotFound(unset(name))
  const { obstacle } = openingOf(deps, row)
  if (obstacle !== null) throw new Misconfigured(`${name} cannot be switched on. ${obstacle}`)
}

/** Real money and a database that makes no fsync go together only when the owner says so (spec §5). */
export function insistOnFsync(
  { database }: Pick<Deps, 'database'>,
  { name, isPretend }: Pick<GatewayKind, 'name' | 'isPretend'>,
  isAccepted = false,
) {
  if (isPretend || isAccepted || database.kind === 'server') return
  throw new Misconfigured(
    `${name} moves real money, and the embedded database may forget what it said last in a power cut. Use a PostgreSQL server (DATABASE_URL), or accept it with --i-accept-no-fsync.`,
  )
}

const takenBy = (other: string) =>
  `${other} takes such payments already. Switch it off first: npx creatorflix gateways deactivate ${other}`

const unset = (name: string) =>
  `${name} is not set up. Give its keys first: npx creatorflix gateways set ${name} --help`
