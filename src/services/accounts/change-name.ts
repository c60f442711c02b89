import { eq } from 'drizzle-orm'
import type { Db } from '#src/db/index.ts'
import { users } from '#src/db/schema.ts'

/** By which mails greet the member; null for none. */
export async function changeName(db: Db, userId: number, name: string | null): Promise<void> {
  await db.update(users).set({ name }).where(eq(users.id, userId))
}
