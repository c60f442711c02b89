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
}

export interface NewToken {
  /** Null for `setup` alone. */
  userId: number | null
  purpose: TokenPurpose
  lifetimeSeconds?: number
}

/** A token of 256 bits that works once, and that nobody can read out of the database. */
export async function mintAccountToken(
  db: Db,
  { userId, purpose, lifetimeSeconds = TOKEN_SECONDS[purpose] }: NewToken,
  now: Date,
): Promise<string> {
  const token = randomBytes(32).toString('base64url')
  const expiresAt = new Date(now.getTime() + lifetimeSeconds * 1000)
  await db
    .insert(accountTokens)
    .values({ userId, purpose, tokenHash: hashOf(token), createdAt: now, expiresAt })
  return token
}

/** What a link is for, and whose; nothing is changed. */
export interface AccountLink {
  purpose: TokenPurpose
  /** Null for `setup`. */
  user: { id: number; email: string; name: string | null; role: 'user' | 'admin'; isClaimed: boolean } | null
}

/** Null when the token is unknown, used or over, or its account is shut. */
export async function readAccountLink(db: Db, token: string, now: Date): Promise<AccountLink | null> {
  const [row] = await db
    .select({ purpose: accountTokens.purpose, userId: accountTokens.userId, user: users })
    .from(accountTokens)
    .leftJoin(users, eq(users.id, accountTokens.userId))
    .where(worksAt(token, now))
  if (!row || (row.userId !== null && !row.user)) return null
  if (row.user === null) return { purpose: row.purpose, user: null }
  const { id, email, name, role, claimedAt, disabledAt, erasedAt } = row.user
  if (disabledAt !== null || erasedAt !== null) return null
  return { purpose: row.purpose, user: { id, email, name, role, isClaimed: claimedAt !== null } }
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

const worksAt = (token: string, now: Date) =>
  and(
    eq(accountTokens.tokenHash, hashOf(token)),
    isNull(accountTokens.usedAt),
    gt(accountTokens.expiresAt, now),
  )

const hashOf = (token: string) => createHash('sha256').update(token).digest('hex')
