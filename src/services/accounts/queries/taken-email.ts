import { and, eq, ne } from 'drizzle-orm'
import type { Db } from '#src/db/index.ts'
import { users } from '#src/db/schema.ts'
import { isUnused } from './unused-account.ts'

/** Whether the address is that of another account; one that has no use yet is none. */
export async function isTakenByAnother(db: Db, email: string, userId: number): Promise<boolean> {
  const [other] = await db
    .select({ isUnused })
    .from(users)
    .where(and(eq(users.email, email), ne(users.id, userId)))
  return other !== undefined && !other.isUnused
}
