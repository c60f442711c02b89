import { Hono } from 'hono'
import { requestAccount, requestReset } from '#src/services/accounts/request-link.ts'
import { hasOutbox } from '#src/services/mail/outbox.ts'
import type { AppContext, AppEnv } from '../../app-env.ts'
import { EMPTY_FORM, type FormState } from '../../components/form-field.tsx'
import { comesFromNear } from '../../near.ts'
import { type AskedFor, AskLinkPage, LinkSentPage } from '../../pages/account/ask-link-page.tsx'
import { allow } from '../../policies.ts'
import { languageOf } from '../../render.tsx'
import {
  type AccountRoutes,
  accountWords,
  browserOf,
  checkEmail,
  REFUSED,
  readForm,
  renderPrivately,
  unlessTooOften,
} from './account-web.tsx'

/** Asking for a link by mail: for an account, and for a new password. */
export function askLinkRoutes(routes: AccountRoutes) {
  const { deps, identity } = routes
  const app = new Hono<AppEnv>()
  for (const kind of ['register', 'reset'] as const) {
    app
      .get(`/${kind}`, allow('public'), async (c) => {
        if (kind === 'register' && c.var.viewer.userId !== null) return c.redirect('/account', 303)
        return renderPrivately(c, await identity.fresh(), <AskLinkPage kind={kind} form={EMPTY_FORM} />)
      })
      .post(`/${kind}`, allow('public'), (c) => answer(c, kind))
  }
  return app

  async function answer(c: AppContext, kind: AskedFor) {
    const form = await readForm(c)
    const site = await identity.fresh()
    const words = accountWords(c, site)
    const { email, fault } = checkEmail(form('email'), words)
    const state: FormState = { values: { email: form('email') }, errors: { email: fault } }
    const again = (refusal: string | null, status: 422 | 429) =>
      renderPrivately(c, site, <AskLinkPage kind={kind} form={state} refusal={refusal} />, status)
    if (email === null) return again(null, REFUSED)

    return unlessTooOften(
      c,
      words,
      async () => {
        if (kind === 'reset') await requestReset(deps, email, browserOf(c, routes))
        else
          await requestAccount(
            deps,
            { email, name: null, language: languageOf(c, site) },
            browserOf(c, routes),
          )
        const outbox = hasOutbox(deps) && comesFromNear(c) ? '/outbox' : null
        return renderPrivately(c, site, <LinkSentPage kind={kind} email={email} outbox={outbox} />)
      },
      (refusal) => again(refusal, 429),
    )
  }
}
