import { and, eq } from 'drizzle-orm'
import type { Db } from '#src/db/index.ts'
import { withRetry } from '#src/db/retry.ts'
import { users } from '#src/db/schema.ts'
import type { AccountDeps, Browser, Sender, SignedIn } from './account-deps.ts'
import { isTooLongToRead } from './password-rules.ts'
import { hashPassword, verifyPassword } from './passwords.ts'
import { endSessionsOf, startSession } from './sessions.ts'
import { voidAccountTokens } from './tokens.ts'

/**
 * Replaces the password by one that keeps the rules, signs this browser in anew and every other one out, and ends all
 * links that were mailed. Null when the current password is wrong.
 * @throws TooManyRequests, Unavailable when too many sign in at once.
 */
export async function changePassword(
  deps: AccountDeps,
  userId: number,
  { current, next }: { current: string; next: string },
  browser: Browser,
  now: Date,
): Promise<SignedIn | null> {
  const user = await confirmPassword(deps, userId, current, browser)
  if (!user) return null

  const password = await hashPassword(next)
  const { role } = user
  const token = await withRetry(() =>
    deps.database.db.transaction(async (tx) => {
      if (!(await lockIfPassword(tx, user))) return null
      await tx.update(users).set({ password }).where(eq(users.id, userId))
      await voidAccountTokens(tx, userId)
      const { device, sessionId } = browser
      const started = await startSession(tx, { userId, role, device, formerId: sessionId }, now)
      await endSessionsOf(tx, userId, started.sessionId)
      await deps.jobs.send(tx, 'mail', { template: 'password-changed', userId })
      return started.token
    }),
  )
  if (token === null) return null
  deps.jobs.wake('mail')
  deps.log.info({ userId }, 'a password was changed')
  return { token, role, mark: deps.attempts.markOf(user.email) }
}

/**
 * Locks the account until the transaction ends, and says whether its password is still the one that was verified: that
 * takes long enough for its owner to change it meanwhile, who ends with that whatever was begun with the old one.
 */
export async function lockIfPassword(
  tx: Db,
  { id, password }: Pick<typeof users.$inferSelect, 'id' | 'password'>,
): Promise<boolean> {
  const locked = await tx
    .select({ id: users.id })
    .from(users)
    .where(and(eq(users.id, id), eq(users.password, password)))
    .for('no key update')
  return locked.length > 0
}

/**
 * The account, when this is its password: asked again before what cannot be undone.
 * @throws TooManyRequests as at signing in: a browser left open is no place to guess either.
 */
export async function confirmPassword(
  deps: AccountDeps,
  userId: number,
  password: string,
  { network, mark }: Sender,
) {
  const [user] = await deps.database.db.select().from(users).where(eq(users.id, userId))
  if (!user) return null
  const attempt = { email: user.email, network, mark }
  await deps.attempts.count('sign-in', attempt)
  if (isTooLongToRead(password) || !(await verifyPassword(user.password, password))) return null
  await deps.attempts.forgive('sign-in', attempt)
  return user
}
