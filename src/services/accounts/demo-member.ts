import { eq, sql } from 'drizzle-orm'
import { users } from '#src/db/schema.ts'
import type { Deps } from '#src/deps.ts'
import { isPublicSite } from '#src/services/settings/public-site.ts'
import { ensureAccount } from './ensure-account.ts'
import { mintAccountToken } from './tokens.ts'

export const DEMO_MEMBER = 'member@example.com'

/**
 * A link that signs one in as a member who has paid, to see a site that is being tried as its members will. Null on a
 * site that is public.
 * @param giveAccess makes sure that the account has access for a while; done anew it changes nothing.
 */
export async function demoMemberLink(
  { database, env }: Pick<Deps, 'database' | 'env'>,
  now: Date,
  giveAccess: (userId: number) => Promise<void>,
): Promise<string | null> {
  if (isPublicSite(env)) return null
  const { db } = database
  const { userId } = await ensureAccount(db, { email: DEMO_MEMBER, name: null, language: null })
  const [member] = await db
    .update(users)
    .set({ claimedAt: sql`coalesce(${users.claimedAt}, ${sql.param(now, users.claimedAt)})` })
    .where(eq(users.id, userId))
    .returning()
  // An owner may have shut it, or tried out with it what an admin sees.
  if (member?.role !== 'user' || member.disabledAt !== null) return null
  await giveAccess(userId)
  const token = await mintAccountToken(db, { userId, purpose: 'sign_in' }, now)
  return `${env.BASE_URL}/account/link/${token}`
}
