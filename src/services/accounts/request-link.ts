import { eq } from 'drizzle-orm'
import { users } from '#src/db/schema.ts'
import type { AccountDeps, Sender } from './account-deps.ts'
import { ensureAccount, type NewAccount } from './ensure-account.ts'

/** Of no account: its mail goes nowhere. */
const NOBODY = 0

/**
 * Asks for an account: a link to claim it goes to the e-mail, or word that it has one already. Either way the same is
 * done here, for nobody else may learn which; what to write is decided when the mail is sent.
 * @throws TooManyRequests
 */
export async function requestAccount(deps: AccountDeps, account: NewAccount, sender: Sender): Promise<void> {
  await deps.attempts.count('mail', { email: account.email, ...sender })
  await deps.database.db.transaction(async (tx) => {
    const { userId } = await ensureAccount(tx, account)
    await deps.jobs.send(tx, 'mail', { template: 'claim', userId })
  })
  deps.jobs.wake('mail')
}

/**
 * Asks for a link to choose a new password. For an e-mail without an account the same is done, to no effect.
 * @throws TooManyRequests
 */
export async function requestReset(deps: AccountDeps, email: string, sender: Sender): Promise<void> {
  await deps.attempts.count('mail', { email, ...sender })
  await deps.database.db.transaction(async (tx) => {
    const [user] = await tx.select({ id: users.id }).from(users).where(eq(users.email, email))
    await deps.jobs.send(tx, 'mail', { template: 'reset', userId: user?.id ?? NOBODY })
  })
  deps.jobs.wake('mail')
}
