import { and, eq } from 'drizzle-orm'
import { sqlState } from '#src/db/database-error.ts'
import type { Db } from '#src/db/index.ts'
import { withRetry } from '#src/db/retry.ts'
import { users } from '#src/db/schema.ts'
import type { AccountDeps, Browser } from './account-deps.ts'
import { confirmPassword, lockIfPassword } from './change-password.ts'
import { isTakenByAnother } from './queries/taken-email.ts'
import { isUnused } from './queries/unused-account.ts'
import {
  type AccountLink,
  keepEmailChange,
  readAccountLink,
  useAccountToken,
  voidAccountTokens,
} from './tokens.ts'

/**
 * Asks for another e-mail of the account: a link to it goes to the new address, which proves that it is read, and word
 * of it to the present one. Whoever asks again takes back what they asked for before. False when the password is wrong.
 * Nobody is told here whether another account has the address.
 * @throws TooManyRequests
 */
export async function requestEmailChange(
  deps: AccountDeps,
  userId: number,
  { password, newEmail }: { password: string; newEmail: string },
  browser: Browser,
  now: Date,
): Promise<boolean> {
  const user = await confirmPassword(deps, userId, password, browser)
  if (!user) return false
  await deps.attempts.count('mail', { email: newEmail, ...browser })
  const isAsked = await deps.database.db.transaction(async (tx) => {
    if (!(await lockIfPassword(tx, user))) return false
    const about = await keepEmailChange(tx, userId, { newEmail, formerEmail: user.email }, now)
    await deps.jobs.send(tx, 'mail', { template: 'confirm-email', userId, about })
    await deps.jobs.send(tx, 'mail', { template: 'email-change-asked', userId, about })
    return true
  })
  if (!isAsked) return false
  deps.jobs.wake('mail')
  deps.log.info({ userId }, 'another e-mail was asked for')
  return true
}

/**
 * Gives the account of a `change_email` link its new address, ends all links that went to the one before, and writes to
 * that one. Null when the link does not work any more, or another account has the address meanwhile.
 */
export async function confirmEmailChange(
  deps: AccountDeps,
  token: string,
  now: Date,
): Promise<{ userId: number; newEmail: string } | null> {
  try {
    const changed = await withRetry(() => deps.database.db.transaction((tx) => change(deps, tx, token, now)))
    if (changed) {
      deps.jobs.wake('mail')
      deps.log.info({ userId: changed.userId }, 'an e-mail was changed')
    }
    return changed
  } catch (error) {
    if (TAKEN_MEANWHILE.has(sqlState(error) ?? '')) return null
    throw error
  }
}

/** Somebody else was quicker: another account has the address, or the one that had no use has one now. */
const TAKEN_MEANWHILE = new Set(['23505', '23503'])

async function change({ jobs }: AccountDeps, tx: Db, token: string, now: Date) {
  const link = await readAccountLink(tx, token, now)
  if (!isChange(link)) return null
  const { user, newEmail, id: about } = link
  // The account first and then its links, as whoever changes the password does, who ends this one.
  await lockUser(tx, user.id)
  if (await isTakenByAnother(tx, newEmail, user.id)) return null
  if (!(await useAccountToken(tx, token, now))) return null
  await tx.delete(users).where(and(eq(users.email, newEmail), isUnused))
  await tx.update(users).set({ email: newEmail }).where(eq(users.id, user.id))
  await voidAccountTokens(tx, user.id)
  await jobs.send(tx, 'mail', { template: 'email-changed', userId: user.id, about })
  return { userId: user.id, newEmail }
}

type ChangeLink = AccountLink & { user: NonNullable<AccountLink['user']>; newEmail: string }

const isChange = (link: AccountLink | null): link is ChangeLink =>
  link?.purpose === 'change_email' && link.user !== null && link.newEmail !== null

const lockUser = (tx: Db, id: number) =>
  tx.select({ id: users.id }).from(users).where(eq(users.id, id)).for('no key update')
