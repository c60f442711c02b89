import path from 'node:path'
import { and, eq } from 'drizzle-orm'
import { paymentGateways } from '#src/db/schema.ts'
import type { Deps } from '#src/deps.ts'
import { readAddress } from '#src/payments/sandbox/address-file.ts'
import { sandbox } from '#src/payments/sandbox/gateway.ts'
import { openingOf } from './openings.ts'

/** Where the sandbox that the site starts keeps its ledger. */
export const sandboxFolder = ({ env }: Pick<Deps, 'env'>) => path.join(env.DATA_DIR, 'sandbox')

/** Where the sandbox answers: the one of SANDBOX_URL, else the one that was started here; null while there is none. */
export async function sandboxUrl(deps: Pick<Deps, 'env'>): Promise<string | null> {
  return deps.env.SANDBOX_URL ?? (await readAddress(sandboxFolder(deps)))?.url ?? null
}

/** Where its pages for people are, while it takes payments of this site; null otherwise. */
export async function sandboxPages(deps: Pick<Deps, 'database' | 'env' | 'sealKey'>): Promise<string | null> {
  const [row] = await deps.database.db
    .select()
    .from(paymentGateways)
    .where(and(eq(paymentGateways.name, sandbox.name), eq(paymentGateways.isActive, true)))
  const opening = row && openingOf(deps, row)
  if (!opening || opening.obstacle !== null) return null
  return opening.secrets.url ?? (await sandboxUrl(deps))
}
