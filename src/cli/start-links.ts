import type { Deps } from '#src/deps.ts'
import { currentSubscription } from '#src/services/access/current-subscription.ts'
import { setupLink } from '#src/services/accounts/admins.ts'
import { demoMemberLink } from '#src/services/accounts/demo-member.ts'
import { giveTerm } from '#src/services/billing/membership.ts'
import { listPlansOnSale } from '#src/services/billing/plans.ts'
import { servedMethods } from '#src/services/gateways/served-methods.ts'

/** One-time links that a start prints; null where there is no use for one. */
export interface StartLinks {
  /** Makes the first admin. */
  admin: string | null
  /** Signs in as a member who has paid, on a site that is being tried. */
  member: string | null
}

/** The links for who sits before the console. They are never written to a log. */
export async function startLinks(deps: Deps): Promise<StartLinks> {
  return { admin: await setupLink(deps, deps.now()), member: await memberLink(deps) }
}

async function memberLink(deps: Deps): Promise<string | null> {
  const served = Object.values(await servedMethods(deps))
  if (served.length === 0 || !served.every(({ isPretend }) => isPretend)) return null
  const plans = await listPlansOnSale(deps.database.db)
  const longest = plans.at(-1)
  if (!longest) return null
  return demoMemberLink(deps, deps.now(), async (userId) => {
    const current = await currentSubscription(deps.database.db, userId)
    if (current?.endDate && current.endDate > deps.now()) return
    await giveTerm(deps, userId, longest.id)
  })
}
