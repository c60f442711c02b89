import { eq } from 'drizzle-orm'
import type { Db } from '#src/db/index.ts'
import { users } from '#src/db/schema.ts'
import { normalEmail } from './email-address.ts'

/** Stands where the hash of a password would: no password matches it. */
export const NO_PASSWORD = '!'

export interface NewAccount {
  email: string
  name: string | null
  /** Of mails; null for that of the site. */
  language: string | null
}

/**
 * The account of the e-mail; where there is none, one that waits to be claimed by who gets its mail. Nothing of an
 * account that is there is changed, and nobody may be told which of the two it was.
 */
export async function ensureAccount(
  db: Db,
  { email, name, language }: NewAccount,
): Promise<{ userId: number; isNew: boolean }> {
  const address = normalEmail(email)
  const [added] = await db
    .insert(users)
    .values({ email: address, name, language, password: NO_PASSWORD })
    .onConflictDoNothing({ target: users.email })
    .returning({ id: users.id })
  if (added) return { userId: added.id, isNew: true }

  const [known] = await db.select({ id: users.id }).from(users).where(eq(users.email, address))
  if (!known) throw new Error('An account that was there is gone.')
  return { userId: known.id, isNew: false }
}
