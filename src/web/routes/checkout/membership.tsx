import { Hono } from 'hono'
import type { Child } from 'hono/jsx'
import type { Deps } from '#src/deps.ts'
import { NotFound } from '#src/errors.ts'
import { accountSummary } from '#src/services/accounts/account-summary.ts'
import { cancelSubscription, memberAccount, resumeSubscription } from '#src/services/billing/membership.ts'
import { withdraw } from '#src/services/billing/refunds.ts'
import { receiptAddress } from '../../addresses.ts'
import type { AppContext, AppEnv } from '../../app-env.ts'
import { membershipAddress } from '../../components/subscription-panel.tsx'
import { ReceiptPage } from '../../pages/checkout/receipt-page.tsx'
import { WithdrawPage } from '../../pages/checkout/withdraw-page.tsx'
import { allow } from '../../policies.ts'
import { renderPage } from '../../render.tsx'
import type { SiteIdentitySource } from '../../site-identity.ts'

const PAYMENT = '/account/payments/:id{[1-9][0-9]{0,8}}'

/** What a member does with what they have and have paid; the page of their account shows it. */
export function membershipRoutes(deps: Deps, identity: SiteIdentitySource) {
  return new Hono<AppEnv>()
    .post('/account/subscription/cancel', allow('member'), async (c) => {
      await cancelSubscription(deps, memberOf(c))
      return c.redirect(membershipAddress('canceled'), 303)
    })

    .post('/account/subscription/resume', allow('member'), async (c) => {
      await resumeSubscription(deps, memberOf(c))
      return c.redirect(membershipAddress('resumed'), 303)
    })

    .get(PAYMENT, allow('member'), async (c) => {
      const payment = await ownPayment(c, Number(c.req.param('id')))
      const { name, email } = await accountSummary(deps.database.db, memberOf(c))
      return answer(c, <ReceiptPage payment={payment} buyer={name ? `${name}, ${email}` : email} />)
    })

    .get(`${PAYMENT}/withdraw`, allow('member'), async (c) => {
      const payment = await ownPayment(c, Number(c.req.param('id')))
      if (payment.withdrawUntil === null) return c.redirect(receiptAddress(payment.id), 303)
      return answer(c, <WithdrawPage payment={payment} />)
    })

    .post(`${PAYMENT}/withdraw`, allow('member'), async (c) => {
      await withdraw(deps, memberOf(c), Number(c.req.param('id')))
      return c.redirect(membershipAddress('withdrawn'), 303)
    })

  /** @throws NotFound for another's as for one that is not there. */
  async function ownPayment(c: AppContext, id: number) {
    const { payments } = await memberAccount(deps, memberOf(c))
    const payment = payments.find((payment) => payment.id === id)
    if (!payment) throw new NotFound('There is no payment of yours at this address.')
    return payment
  }

  async function answer(c: AppContext, page: Child) {
    c.header('Cache-Control', 'no-store')
    return renderPage(c, await identity.fresh(), page)
  }
}

/** Who has signed in; the policy of the route let nobody else in. */
function memberOf({ var: { viewer } }: AppContext): number {
  if (viewer.userId === null) throw new Error('A page for members was asked by a guest.')
  return viewer.userId
}
