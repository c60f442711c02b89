import { and, asc, eq, isNull, sql } from 'drizzle-orm'
import type { Db } from '#src/db/index.ts'
import { users } from '#src/db/schema.ts'
import { Conflict } from '#src/errors.ts'

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

/** Whether the account is the only admin that is left: such a one is not erased, shut or demoted. */
export async function isLastAdmin(tx: Db, userId: number): Promise<boolean> {
  const [first, ...others] = await lockAdmins(tx)
  return first?.id === userId && others.length === 0
}

/** To be asked in the transaction that shuts or demotes an account. @throws Conflict for the last admin. */
export async function keepAnAdmin(tx: Db, userId: number): Promise<void> {
  if (!(await isLastAdmin(tx, userId))) return
  throw new Conflict(
    'This is the last admin, who has to stay. Make another one first: npx creatorflix admin create ana@example.com',
  )
}
