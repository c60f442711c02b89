import { Hono } from 'hono'
import type { Deps } from '#src/deps.ts'
import { NotFound } from '#src/errors.ts'
import { openAttempts } from '#src/services/accounts/attempts.ts'
import { checkoutState } from '#src/services/billing/checkout-state.ts'
import { correctEmail } from '#src/services/billing/correct-email.ts'
import { checkoutAddress } from '../../addresses.ts'
import type { AppEnv } from '../../app-env.ts'
import { whereToWatch } from '../../came-from.ts'
import type { FormState } from '../../components/form-field.tsx'
import { EMAIL_CORRECTED } from '../../pages/checkout/paid-checkout.tsx'
import { CheckoutStatePage } from '../../pages/checkout/state-page.tsx'
import { allow } from '../../policies.ts'
import type { SiteIdentitySource } from '../../site-identity.ts'
import {
  accountWords,
  browserOf,
  checkEmail,
  REFUSED,
  readForm,
  renderPrivately,
  unlessTooOften,
} from '../account/account-web.tsx'

/** For who has paid as a guest and mistyped their e-mail. */
export function emailCorrectionRoutes(siteDeps: Deps, identity: SiteIdentitySource) {
  const deps = { ...siteDeps, attempts: openAttempts(siteDeps) }

  return new Hono<AppEnv>().post('/checkout/:publicId/email', allow('public'), async (c) => {
    const publicId = c.req.param('publicId')
    const { userId, sessionId } = c.var.viewer
    if (userId !== null || sessionId === null)
      throw new NotFound('There is no order of yours at this address.')
    const state = await checkoutState(deps, c.var.viewer, publicId)
    const typed = (await readForm(c))('email')
    const words = accountWords(c, await identity.fresh())
    const { email, fault } = checkEmail(typed, words)
    const again = async (error: string | undefined, status: 422 | 429) => {
      const emailForm: FormState = { values: { email: typed }, errors: { email: error } }
      const page = (
        <CheckoutStatePage
          {...{ state, emailForm }}
          isMember={false}
          watchAt={whereToWatch(c)}
          now={deps.now()}
        />
      )
      return renderPrivately(c, await identity.fresh(), page, status)
    }
    if (email === null) return again(fault, REFUSED)

    return unlessTooOften(
      c,
      words,
      async () => {
        await correctEmail(deps, { sessionId }, publicId, email, browserOf(c, { deps, identity }))
        return c.redirect(`${checkoutAddress(state)}?${EMAIL_CORRECTED}`, 303)
      },
      (refusal) => again(refusal, 429),
    )
  })
}
