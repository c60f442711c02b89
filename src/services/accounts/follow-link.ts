import { and, eq, isNull, sql } from 'drizzle-orm'
import type { Db } from '#src/db/index.ts'
import { withRetry } from '#src/db/retry.ts'
import { users } from '#src/db/schema.ts'
import type { AccountDeps, Browser, SignedIn } from './account-deps.ts'
import { lockAdmins } from './admin-lock.ts'
import { ensureAccount } from './ensure-account.ts'
import { hashPassword } from './passwords.ts'
import { endSessionsOf, startSession } from './sessions.ts'
import { readAccountLink, useAccountToken, voidAccountTokens } from './tokens.ts'

/** What is chosen where a link leads, checked by the rules. */
export interface Chosen {
  name: string | null
  password: string
}

/**
 * Gives the account of a `claim` or `reset` link the chosen password, which proves that its e-mail is read by its owner,
 * signs this browser in and every other one out. Null when the link does not work any more.
 * @throws Unavailable when too many sign in at once.
 */
export async function choosePassword(
  deps: AccountDeps,
  token: string,
  { name, password }: Chosen,
  browser: Browser,
  now: Date,
): Promise<SignedIn | null> {
  const { db } = deps.database
  const link = await readAccountLink(db, token, now)
  if (!link?.user || (link.purpose !== 'claim' && link.purpose !== 'reset')) return null

  const { id: userId, email, role, isClaimed } = link.user
  const hash = await hashPassword(password)
  const session = await withRetry(() =>
    db.transaction(async (tx) => {
      if (!(await useAccountToken(tx, token, now))) return null
      const session = await takeAccount(tx, { userId, role, hash, name }, browser, now)
      if (session && isClaimed) await deps.jobs.send(tx, 'mail', { template: 'password-changed', userId })
      return session
    }),
  )
  if (!session) return null
  if (isClaimed) deps.jobs.wake('mail')
  deps.log.info({ userId }, isClaimed ? 'a password was reset' : 'an account was claimed')
  return { token: session.token, role, mark: deps.attempts.markOf(email) }
}

/** Signs this browser in by a `sign_in` link; null when it does not work any more. */
export async function signInByLink(
  deps: AccountDeps,
  token: string,
  { device, sessionId }: Browser,
  now: Date,
): Promise<SignedIn | null> {
  return deps.database.db.transaction(async (tx) => {
    const link = await readAccountLink(tx, token, now)
    if (link?.purpose !== 'sign_in' || !link.user) return null
    if (!(await useAccountToken(tx, token, now))) return null
    const { id: userId, email, role } = link.user
    const session = await startSession(tx, { userId, role, device, formerId: sessionId }, now)
    deps.log.info({ userId }, 'signed in by a link')
    return { token: session.token, role, mark: deps.attempts.markOf(email) }
  })
}

/**
 * Makes the first admin by a `setup` link; null when it does not work any more, as it never does again once there is
 * an admin.
 * @throws Unavailable when too many sign in at once.
 */
export async function setUpAdmin(
  deps: AccountDeps,
  token: string,
  { email, ...chosen }: Chosen & { email: string },
  browser: Browser,
  now: Date,
): Promise<SignedIn | null> {
  const { db } = deps.database
  if ((await readAccountLink(db, token, now))?.purpose !== 'setup') return null

  const hash = await hashPassword(chosen.password)
  return db.transaction(async (tx) => {
    if ((await lockAdmins(tx)).length > 0 || !(await useAccountToken(tx, token, now))) return null
    const { userId } = await ensureAccount(tx, { email, name: chosen.name, language: null })
    await tx.update(users).set({ role: 'admin' }).where(eq(users.id, userId))
    const session = await takeAccount(tx, { userId, role: 'admin', hash, name: chosen.name }, browser, now)
    if (!session) return null
    deps.log.info({ userId }, 'the first admin was made')
    return { token: session.token, role: 'admin' as const, mark: deps.attempts.markOf(email) }
  })
}

interface Taken {
  userId: number
  role: 'user' | 'admin'
  hash: string
  name: string | null
}

async function takeAccount(
  tx: Db,
  { userId, role, hash, name }: Taken,
  { device, sessionId }: Browser,
  now: Date,
) {
  const taken = await tx
    .update(users)
    .set({
      password: hash,
      claimedAt: sql`coalesce(${users.claimedAt}, ${sql.param(now, users.claimedAt)})`,
      // Whoever paid as a guest has typed a name, and perhaps somebody else's e-mail: its owner begins without.
      name: sql`coalesce(${name}, case when ${users.claimedAt} is null then null else ${users.name} end)`,
    })
    .where(and(eq(users.id, userId), isNull(users.erasedAt), isNull(users.disabledAt)))
    .returning({ id: users.id })
  if (taken.length === 0) return null
  await voidAccountTokens(tx, userId)
  const session = await startSession(tx, { userId, role, device, formerId: sessionId }, now)
  await endSessionsOf(tx, userId, session.sessionId)
  return session
}
