import { and, asc, eq, isNull, sql } from 'drizzle-orm'
import type { Db } from '#src/db/index.ts'
import { users } from '#src/db/schema.ts'

/**
 * The accounts that are admins and not shut, the oldest first. Until the transaction ends nobody else makes or removes
 * one by way of here: whether there is one, and whether it is the last, stays as it was read.
 */
export async function lockAdmins(tx: Db): Promise<Array<{ id: number; email: string }>> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended('creatorflix admins', 0))`)
  return tx
    .select({ id: users.id, email: users.email })
    .from(users)
    .where(and(eq(users.role, 'admin'), isNull(users.disabledAt), isNull(users.erasedAt)))
    .orderBy(asc(users.id))
}
