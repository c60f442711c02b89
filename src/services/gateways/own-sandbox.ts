import { randomBytes } from 'node:crypto'
import { eq } from 'drizzle-orm'
import { paymentGateways } from '#src/db/schema.ts'
import type { Deps } from '#src/deps.ts'
import { sandbox } from '#src/payments/sandbox/gateway.ts'
import { type SandboxChild, startSandbox } from '#src/payments/sandbox/start-sandbox.ts'
import { webhookSecretOf } from '#src/payments/standard-webhooks.ts'
import { isPublicSite } from '#src/services/settings/public-site.ts'
import { sealSecrets } from './gateway-secrets.ts'
import { openingOf } from './openings.ts'
import { sandboxFolder } from './sandbox-place.ts'

type SandboxDeps = Pick<Deps, 'database' | 'env' | 'sealKey' | 'log'>

/**
 * Gives a site that has no gateway yet, and is for nobody but those who try it, a pretend one that takes every payment.
 * @returns whether it did.
 */
export async function seedSandbox(deps: SandboxDeps): Promise<boolean> {
  if (isPublicSite(deps.env) || deps.env.SANDBOX_URL !== undefined) return false
  return deps.database.db.transaction(async (tx) => {
    const [any] = await tx.select({ id: paymentGateways.id }).from(paymentGateways).limit(1)
    if (any) return false
    const [row] = await tx
      .insert(paymentGateways)
      .values({ name: sandbox.name, isActive: true })
      // Another node may have been quicker.
      .onConflictDoNothing()
      .returning({ id: paymentGateways.id })
    if (!row) return false
    await tx
      .update(paymentGateways)
      .set({ secretKey: sealSecrets(deps, row.id, newSecrets()) })
      .where(eq(paymentGateways.id, row.id))
    return true
  })
}

const newSecrets = () => ({
  apiKey: randomBytes(32).toString('base64url'),
  webhookSecret: webhookSecretOf(randomBytes(32)),
})

/**
 * Starts the sandbox of this site in a process beside it; null where there is none to start. One that takes no new
 * payments is started too: it is asked after the old ones.
 */
export async function openOwnSandbox(deps: SandboxDeps): Promise<SandboxChild | null> {
  if (deps.env.SANDBOX_URL !== undefined) return null
  const [row] = await deps.database.db
    .select()
    .from(paymentGateways)
    .where(eq(paymentGateways.name, sandbox.name))
  const opening = row && openingOf(deps, row)
  if (!opening || opening.obstacle !== null) return null
  const { apiKey, webhookSecret, url } = sandbox.secrets.parse(opening.secrets)
  if (url !== undefined) return null
  return startSandbox({ folder: sandboxFolder(deps), secrets: { apiKey, webhookSecret }, log: deps.log })
}
