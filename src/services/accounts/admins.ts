import { and, eq, isNull } from 'drizzle-orm'
import { accountTokens } from '#src/db/account-tables.ts'
import type { Db } from '#src/db/index.ts'
import { users } from '#src/db/schema.ts'
import type { Deps } from '#src/deps.ts'
import { Conflict, InvalidInput, NotFound } from '#src/errors.ts'
import { keepAnAdmin, lockAdmins } from './admin-lock.ts'
import { parseEmail } from './email-address.ts'
import { ensureAccount, NO_PASSWORD } from './ensure-account.ts'
import { endSessionsOf } from './sessions.ts'
import { mintAccountToken, TOKEN_SECONDS, voidAccountTokens } from './tokens.ts'

type AdminDeps = Pick<Deps, 'database' | 'env'>

/** Who manages the site. */
export interface Admin {
  id: number
  email: string
  name: string | null
  /** Whether a password was chosen. */
  isReady: boolean
  isDisabled: boolean
}

/** An account and the link by which its owner chooses a password. */
export interface AdminLink {
  email: string
  link: string
  /** Until when it works, once. */
  until: Date
}

/** The oldest first. */
export async function listAdmins(db: Db): Promise<Admin[]> {
  const rows = await db
    .select()
    .from(users)
    .where(and(eq(users.role, 'admin'), isNull(users.erasedAt)))
    .orderBy(users.id)
  return rows.map(({ id, email, name, password, disabledAt }) => ({
    id,
    email,
    name,
    isReady: password !== NO_PASSWORD,
    isDisabled: disabledAt !== null,
  }))
}

/**
 * Makes the account of the e-mail an admin, with a password that is yet to be chosen: one that was chosen as a member
 * is not strong enough, and whoever has signed in with it is signed out.
 * @throws InvalidInput when it is no e-mail, Conflict when it is an admin already.
 */
export async function createAdmin(deps: AdminDeps, typed: string, now: Date): Promise<AdminLink> {
  const email = emailOf(typed)
  return deps.database.db.transaction(async (tx) => {
    const admins = await lockAdmins(tx)
    if (admins.some((admin) => admin.email === email)) {
      throw new Conflict(`${email} is an admin already. A new link: npx creatorflix admin link ${email}`)
    }
    const { userId } = await ensureAccount(tx, { email, name: null, language: null })
    await tx
      .update(users)
      .set({ role: 'admin', password: NO_PASSWORD, disabledAt: null })
      .where(eq(users.id, userId))
    await endSessionsOf(tx, userId)
    return linkFor(tx, deps, { id: userId, email }, now)
  })
}

/** A new link to choose a password; those made before stop working. @throws NotFound */
export async function adminLink(deps: AdminDeps, typed: string, now: Date): Promise<AdminLink> {
  return deps.database.db.transaction(async (tx) => linkFor(tx, deps, await adminOf(tx, typed), now))
}

/**
 * Makes the admin a member again, signed out everywhere.
 * @throws NotFound, Conflict for the last one.
 */
export async function removeAdmin({ database }: Pick<Deps, 'database'>, typed: string): Promise<void> {
  await database.db.transaction(async (tx) => {
    const { id } = await adminOf(tx, typed)
    await keepAnAdmin(tx, id)
    await tx.update(users).set({ role: 'user' }).where(eq(users.id, id))
    await endSessionsOf(tx, id)
    await voidAccountTokens(tx, id)
  })
}

/** A link that makes the first admin, and stops working once there is one; null where there is. */
export async function setupLink({ database, env }: AdminDeps, now: Date): Promise<string | null> {
  return database.db.transaction(async (tx) => {
    if ((await lockAdmins(tx)).length > 0) return null
    await tx
      .delete(accountTokens)
      .where(and(eq(accountTokens.purpose, 'setup'), isNull(accountTokens.usedAt)))
    const token = await mintAccountToken(tx, { userId: null, purpose: 'setup' }, now)
    return linkOf(env, token)
  })
}

async function linkFor(
  tx: Db,
  { env }: AdminDeps,
  { id, email }: Pick<Admin, 'id' | 'email'>,
  now: Date,
): Promise<AdminLink> {
  const lifetimeSeconds = TOKEN_SECONDS.setup
  await voidAccountTokens(tx, id)
  const [user] = await tx.select({ claimedAt: users.claimedAt }).from(users).where(eq(users.id, id))
  const purpose = user?.claimedAt ? 'reset' : 'claim'
  const token = await mintAccountToken(tx, { userId: id, purpose, lifetimeSeconds }, now)
  return { email, link: linkOf(env, token), until: new Date(now.getTime() + lifetimeSeconds * 1000) }
}

async function adminOf(tx: Db, typed: string): Promise<Pick<Admin, 'id' | 'email'>> {
  const email = emailOf(typed)
  const [admin] = await tx
    .select({ id: users.id, email: users.email })
    .from(users)
    .where(and(eq(users.email, email), eq(users.role, 'admin'), isNull(users.erasedAt)))
  if (!admin) throw new NotFound(`${email} is no admin. To see them: npx creatorflix admin list`)
  return admin
}

function emailOf(typed: string): string {
  const email = parseEmail(typed)
  if (email === null) throw new InvalidInput(`"${typed}" is no e-mail address.`)
  return email
}

const linkOf = ({ BASE_URL }: Pick<Deps['env'], 'BASE_URL'>, token: string) =>
  `${BASE_URL}/account/link/${token}`
