import { eq } from 'drizzle-orm'
import { withRetry } from '#src/db/retry.ts'
import { users } from '#src/db/schema.ts'
import type { AccountDeps, Browser, SignedIn } from './account-deps.ts'
import { lockIfPassword } from './change-password.ts'
import { isTooLongToRead } from './password-rules.ts'
import { hashPassword, isOutdated, verifyPassword } from './passwords.ts'
import { startSession } from './sessions.ts'

export interface Credentials {
  email: string
  password: string
}

/**
 * Signs in; null when e-mail and password do not belong together, whichever of them is wrong, and for an account that
 * is shut. It takes as long in every case.
 * @throws TooManyRequests, Unavailable when too many sign in at once.
 */
export async function signIn(
  deps: AccountDeps,
  { email, password }: Credentials,
  { network, mark, device, sessionId }: Browser,
  now: Date,
): Promise<SignedIn | null> {
  const attempt = { email, network, mark }
  await deps.attempts.count('sign-in', attempt)
  const { db } = deps.database
  const [user] = await db.select().from(users).where(eq(users.email, email))
  const isRight = !isTooLongToRead(password) && (await verifyPassword(user?.password ?? null, password))
  if (!user || !isRight || user.disabledAt !== null || user.erasedAt !== null) {
    deps.log.info('a sign-in was refused')
    return null
  }

  await deps.attempts.forgive('sign-in', attempt)
  const renewed = isOutdated(user.password) ? await hashPassword(password) : null
  const { id: userId, role } = user
  const token = await withRetry(() =>
    db.transaction(async (tx) => {
      if (!(await lockIfPassword(tx, user))) return null
      if (renewed !== null) await tx.update(users).set({ password: renewed }).where(eq(users.id, userId))
      return (await startSession(tx, { userId, role, device, formerId: sessionId }, now)).token
    }),
  )
  if (token === null) return null
  deps.log.info({ userId }, 'signed in')
  return { token, role, mark: deps.attempts.markOf(email) }
}
