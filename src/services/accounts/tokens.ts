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
  email: DAY_SECONDS,
}

export interface NewToken {
  /** Null for `setup` alone. */
  userId: number | null
  purpose: Exclude<TokenPurpose, 'email'>
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

/**
 * Keeps which e-mail the account is to have; `mintEmailToken` makes the link that changes it.
 * @returns the id of the row.
 */
export async function keepNewEmail(db: Db, userId: number, email: string, now: Date): Promise<number> {
  const [kept] = await db
    .insert(accountTokens)
    .values({
      ...{ userId, email, purpose: 'email', tokenHash: hashOf(newToken()) },
      ...lifeOf(TOKEN_SECONDS.email, now),
    })
    .returning({ id: accountTokens.id })
  if (!kept) throw new Error('A token that was inserted was not returned.')
  return kept.id
}

/** The token for an e-mail that was kept, in the place of any before; null when it is not to be changed any more. */
export async function mintEmailToken(
  db: Db,
  { id, userId }: { id: number; userId: number },
  now: Date,
): Promise<{ token: string; email: string } | null> {
  const token = newToken()
  const [minted] = await db
    .update(accountTokens)
    .set({ tokenHash: hashOf(token) })
    .where(
      and(
        eq(accountTokens.id, id),
        eq(accountTokens.userId, userId),
        eq(accountTokens.purpose, 'email'),
        isUsable(now),
      ),
    )
    .returning({ email: accountTokens.email })
  return minted?.email ? { token, email: minted.email } : null
}

const newToken = () => randomBytes(32).toString('base64url')

const lifeOf = (seconds: number, now: Date) => ({
  createdAt: now,
  expiresAt: new Date(now.getTime() + seconds * 1000),
})

/** What a link is for, and whose; nothing is changed. */
export interface AccountLink {
  purpose: TokenPurpose
  /** What `email` changes the account's to; null for the others. */
  email: string | null
  /** Null for `setup`. */
  user: { id: number; email: string; name: string | null; role: 'user' | 'admin'; isClaimed: boolean } | null
}

/** Null when the token is unknown, used or over, or its account is shut. */
export async function readAccountLink(db: Db, token: string, now: Date): Promise<AccountLink | null> {
  const [row] = await db
    .select({
      purpose: accountTokens.purpose,
      newEmail: accountTokens.email,
      userId: accountTokens.userId,
      user: users,
    })
    .from(accountTokens)
    .leftJoin(users, eq(users.id, accountTokens.userId))
    .where(worksAt(token, now))
  if (!row || (row.userId !== null && !row.user)) return null
  const { purpose, newEmail } = row
  if (row.user === null) return { purpose, email: null, user: null }
  const { id, email, name, role, claimedAt, disabledAt, erasedAt } = row.user
  if (disabledAt !== null || erasedAt !== null) return null
  return { purpose, email: newEmail, user: { id, email, name, role, isClaimed: claimedAt !== null } }
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
