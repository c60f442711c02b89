import { eq } from 'drizzle-orm'
import type { Db } from '#src/db/index.ts'
import { users } from '#src/db/schema.ts'
import { NotFound } from '#src/errors.ts'

/** What the pages of an account tell of it. */
export interface AccountSummary {
  email: string
  name: string | null
  role: 'user' | 'admin'
  /** Whether it has one; who came by a link alone has none yet. */
  hasPassword: boolean
  createdAt: Date
}

/** @throws NotFound */
export async function accountSummary(db: Db, userId: number): Promise<AccountSummary> {
  const [user] = await db.select().from(users).where(eq(users.id, userId))
  if (!user) throw new NotFound('There is no such account.')
  const { email, name, role, createdAt, password } = user
  return { email, name, role, createdAt, hasPassword: password.startsWith('$argon2') }
}
