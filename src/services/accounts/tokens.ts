import { createHash, randomBytes } from 'node:crypto'
import { and, eq, gt, isNull } from 'drizzle-orm'
import { type ACCOUNT_TOKEN_PURPOSES, accountTokens } from '#src/db/account-tables.ts'
import type { Db } from '#src/db/index.ts'
import { users } from '#src/db/schema.ts'

export type TokenPurpose = (typeof ACCOUNT_TOKEN_PURPOSES)[number]

const MINUTE_SECONDS = 60
const HOUR_SECONDS = 60 * MINUTE_SECONDS
const DAY_SECONDS = 24 * HOUR_SECONDS

/** Seconds that a link works, unless it is used before. */
export const TOKEN_SECONDS: Record<TokenPurpose, number> = {
  reset: 30 * MINUTE_SECONDS,
  // It comes with a receipt, which is not always read at once.
  claim: 7 * DAY_SECONDS,
  sign_in: DAY_SECONDS,
  setup: DAY_SECONDS,
  change_email: DAY_SECONDS,
}

export interface NewToken {
  /** Null for `setup` alone. */
  userId: number | null
  purpose: Exclude<TokenPurpose, 'change_email'>
  lifetimeSeconds?: number
}

/** A token of 256 bits that works once, and that nobody can read out of the database. */
export async function mintAccountToken(
  db: Db,
  { userId, purpose, lifetimeSeconds = TOKEN_SECONDS[purpose] }: NewToken,
  now: Date,
): Promise<string> {
  const token = newToken()
  await db
    .insert(accountTokens)
    .values({ userId, purpose, tokenHash: hashOf(token), ...lifeOf(lifetimeSeconds, now) })
  return token
}

/** The e-mails of a change: what the account is to have, and what it had when that was asked for. */
export interface EmailChange {
  newEmail: string
  formerEmail: string
}

/**
 * Keeps what e-mail the account is to have, in the place of any that was asked for before; `mintChangeToken` makes the
 * link that changes it.
 * @returns the id of the row.
 */
export async function keepEmailChange(
  db: Db,
  userId: number,
  emails: EmailChange,
  now: Date,
): Promise<number> {
  await db.delete(accountTokens).where(and(isChangeOf(userId), isNull(accountTokens.usedAt)))
  const [kept] = await db
    .insert(accountTokens)
    .values({
      userId,
      purpose: 'change_email',
      ...emails,
      tokenHash: hashOf(newToken()),
      ...lifeOf(TOKEN_SECONDS.change_email, now),
    })
    .returning({ id: accountTokens.id })
  if (!kept) throw new Error('A token that was inserted was not returned.')
  return kept.id
}

/** The token of a change that was kept, in the place of any before; null when it is not to be made any more. */
export async function mintChangeToken(
  db: Db,
  { id, userId }: { id: number; userId: number },
  now: Date,
): Promise<{ token: string; newEmail: string } | null> {
  const token = newToken()
  const [minted] = await db
    .update(accountTokens)
    .set({ tokenHash: hashOf(token) })
    .where(and(eq(accountTokens.id, id), isChangeOf(userId), isUsable(now)))
    .returning({ newEmail: accountTokens.newEmail })
  return minted?.newEmail ? { token, newEmail: minted.newEmail } : null
}

/** Whom to tell of a change that was kept, be it made or not; null when it was taken back. */
export async function formerEmailOf(
  db: Db,
  { id, userId }: { id: number; userId: number },
): Promise<string | null> {
  const [kept] = await db
    .select({ formerEmail: accountTokens.formerEmail })
    .from(accountTokens)
    .where(and(eq(accountTokens.id, id), isChangeOf(userId)))
  return kept?.formerEmail ?? null
}

const isChangeOf = (userId: number) =>
  and(eq(accountTokens.userId, userId), eq(accountTokens.purpose, 'change_email'))

const newToken = () => randomBytes(32).toString('base64url')

const lifeOf = (seconds: number, now: Date) => ({
  createdAt: now,
  expiresAt: new Date(now.getTime() + seconds * 1000),
})

/** What a link is for, and whose; nothing is changed. */
export interface AccountLink {
  id: number
  purpose: TokenPurpose
  /** What `change_email` changes the account's to; null for the others. */
  newEmail: string | null
  /** Null for `setup`. */
  user: { id: number; email: string; name: string | null; role: 'user' | 'admin'; isClaimed: boolean } | null
}

/** Null when the token is unknown, used or over, or its account is shut. */
export async function readAccountLink(db: Db, token: string, now: Date): Promise<AccountLink | null> {
  const [row] = await db
    .select({
      id: accountTokens.id,
      purpose: accountTokens.purpose,
      newEmail: accountTokens.newEmail,
      userId: accountTokens.userId,
      user: users,
    })
    .from(accountTokens)
    .leftJoin(users, eq(users.id, accountTokens.userId))
    .where(worksAt(token, now))
  if (!row || (row.userId !== null && !row.user)) return null
  const { user, userId: _, ...link } = row
  if (user === null) return { ...link, user: null }
  const { id, email, name, role, claimedAt, disabledAt, erasedAt } = user
  if (disabledAt !== null || erasedAt !== null) return null
  return { ...link, user: { id, email, name, role, isClaimed: claimedAt !== null } }
}

/** Takes the token; of any number who bring it at once, one is told true. */
export async function useAccountToken(db: Db, token: string, now: Date): Promise<boolean> {
  const used = await db
    .update(accountTokens)
    .set({ usedAt: now })
    .where(worksAt(token, now))
    .returning({ id: accountTokens.id })
  return used.length === 1
}

/** From now on no link of the account works that was made before. */
export async function voidAccountTokens(db: Db, userId: number): Promise<void> {
  await db.delete(accountTokens).where(and(eq(accountTokens.userId, userId), isNull(accountTokens.usedAt)))
}

const worksAt = (token: string, now: Date) => and(eq(accountTokens.tokenHash, hashOf(token)), isUsable(now))

const isUsable = (now: Date) => and(isNull(accountTokens.usedAt), gt(accountTokens.expiresAt, now))

const hashOf = (token: string) => createHash('sha256').update(token).digest('hex')
