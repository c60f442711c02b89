import path from 'node:path'
import type { Deps } from '#src/deps.ts'
import { readAddress } from '#src/payments/sandbox/address-file.ts'

/** Where the sandbox that the site starts keeps its ledger. */
export const sandboxFolder = ({ env }: Pick<Deps, 'env'>) => path.join(env.DATA_DIR, 'sandbox')

/** Where the sandbox answers: the one of SANDBOX_URL, else the one that was started here; null while there is none. */
export async function sandboxUrl(deps: Pick<Deps, 'env'>): Promise<string | null> {
  return deps.env.SANDBOX_URL ?? (await readAddress(sandboxFolder(deps)))?.url ?? null
}
