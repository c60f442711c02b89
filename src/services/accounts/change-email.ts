import { and, eq, ne } from 'drizzle-orm'
import type { Db } from '#src/db/index.ts'
import { users } from '#src/db/schema.ts'
import type { AccountDeps, Browser } from './account-deps.ts'
import { confirmPassword } from './change-password.ts'
import { normalEmail } from './email-address.ts'
import { keepNewEmail, readAccountLink, useAccountToken, voidAccountTokens } from './tokens.ts'
import { isUnused } from './unused-account.ts'

/**
 * Asks for another e-mail of the account: a link to it goes to the new address, which proves that it is read, and word
 * of it to the present one. False when the password is wrong. Whether another account has the address, nobody is told
 * here.
 * @throws TooManyRequests
 */
export async function requestEmailChange(
  deps: AccountDeps,
  userId: number,
  { password, email }: { password: string; email: string },
  browser: Browser,
  now: Date,
): Promise<boolean> {
  if (!(await confirmPassword(deps, userId, password, browser))) return false
  await deps.attempts.count('mail', { email, ...browser })
  await deps.database.db.transaction(async (tx) => {
    const about = await keepNewEmail(tx, userId, normalEmail(email), now)
    await deps.jobs.send(tx, 'mail', { template: 'email-change', userId, about })
    await deps.jobs.send(tx, 'mail', { template: 'email-changing', userId })
  })
  deps.jobs.wake('mail')
  deps.log.info({ userId }, 'another e-mail was asked for')
  return true
}

/**
 * Gives the account of an `email` link its new address, and ends all links that went to the one before. False when the
 * link does not work any more, or another account has the address meanwhile.
 */
export async function confirmEmailChange(deps: AccountDeps, token: string, now: Date): Promise<boolean> {
  const isChanged = await deps.database.db.transaction(async (tx) => {
    const link = await readAccountLink(tx, token, now)
    if (link?.purpose !== 'email' || !link.user || link.email === null) return false
    if (await isTakenByAnother(tx, link.email, link.user.id)) return false
    if (!(await useAccountToken(tx, token, now))) return false
    await tx.delete(users).where(and(eq(users.email, link.email), isUnused))
    await tx.update(users).set({ email: link.email }).where(eq(users.id, link.user.id))
    await voidAccountTokens(tx, link.user.id)
    deps.log.info({ userId: link.user.id }, 'an e-mail was changed')
    return true
  })
  return isChanged
}

/** Whether the address is that of another account; one that was asked for, and never claimed nor paid for, is none. */
export async function isTakenByAnother(db: Db, email: string, userId: number): Promise<boolean> {
  const [other] = await db
    .select({ id: users.id, isUnused })
    .from(users)
    .where(and(eq(users.email, email), ne(users.id, userId)))
  return other !== undefined && !other.isUnused
}
