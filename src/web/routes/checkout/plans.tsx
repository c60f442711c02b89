import { Hono } from 'hono'
import type { Deps } from '#src/deps.ts'
import { memberAccount } from '#src/services/billing/membership.ts'
import { readOffer } from '#src/services/billing/offer.ts'
import { listPlansOnSale } from '#src/services/billing/plans.ts'
import { openOrder } from '#src/services/billing/queries/open-order.ts'
import type { AppEnv } from '../../app-env.ts'
import { rememberPost } from '../../came-from.ts'
import { offerHere } from '../../near.ts'
import { PlansPage } from '../../pages/plans-page.tsx'
import { allow } from '../../policies.ts'
import { renderPage } from '../../render.tsx'
import type { SiteIdentitySource } from '../../site-identity.ts'

/** What is on sale. */
export function plansRoutes(deps: Deps, identity: SiteIdentitySource) {
  return new Hono<AppEnv>().get('/plans', allow('public'), async (c) => {
    const { viewer } = c.var
    rememberPost(c)
    const now = deps.now()
    const plans = await listPlansOnSale(deps.database.db)
    const [all, account, open, site] = await Promise.all([
      Promise.all(plans.map(({ id }) => readOffer(deps, viewer, id, now))),
      viewer.userId === null ? null : memberAccount(deps, viewer.userId),
      viewer.sessionId === null ? null : openOrder(deps.database.db, viewer.sessionId),
      identity.fresh(),
    ])
    const offers = all.map((offer) => offerHere(c, deps.env, offer))
    const accessUntil = viewer.accessUntil !== null && viewer.accessUntil > now ? viewer.accessUntil : null
    return renderPage(
      c,
      site,
      <PlansPage
        offers={offers}
        current={account?.subscription ?? null}
        accessUntil={accessUntil}
        openOrder={open}
      />,
    )
  })
}
