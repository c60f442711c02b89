import { eq } from 'drizzle-orm'
import type { Db } from '#src/db/index.ts'
import { users } from '#src/db/schema.ts'

/** What stands where a hash would: no password fits it. */
export const NO_PASSWORD = '!'

/**
 * The account of this e-mail; where there is none, one that waits to be claimed by whoever gets mail there. Nobody may
 * be told which it was.
 * @param person name and language are for a new account alone.
 */
export async function ensureAccount(
  db: Db,
  person: { email: string; name: string | null; language: string | null },
): Promise<{ userId: number; isNew: boolean }> {
  const email = person.email.toLowerCase()
  const { name, language } = person
  const [added] = await db
    .insert(users)
    .values({ email, name, language, password: NO_PASSWORD })
    .onConflictDoNothing()
    .returning({ id: users.id })
  if (added) return { userId: added.id, isNew: true }
  const [known] = await db.select({ id: users.id }).from(users).where(eq(users.email, email))
  if (!known) throw new Error('An account was there and is gone.')
  return { userId: known.id, isNew: false }
}
