import { Hono } from 'hono'
import { accountSummary } from '#src/services/accounts/account-summary.ts'
import { requestEmailChange } from '#src/services/accounts/change-email.ts'
import { changeName } from '#src/services/accounts/change-name.ts'
import type { AppContext, AppEnv } from '../../app-env.ts'
import { EMPTY_FORM, type FormState } from '../../components/form-field.tsx'
import { DetailsPage, type DetailsPageProps } from '../../pages/account/details-page.tsx'
import { allow } from '../../policies.ts'
import {
  type AccountRoutes,
  accountWords,
  browserOf,
  checkEmail,
  hasErrors,
  memberOf,
  nameFault,
  nameOf,
  REFUSED,
  readForm,
  renderPrivately,
  unlessTooOften,
} from './account-web.tsx'

/** By what name and address a member is known. */
export function detailsRoutes(routes: AccountRoutes) {
  const { deps, identity } = routes
  const { db } = deps.database
  return new Hono<AppEnv>()
    .get('/account/details', allow('member'), async (c) => {
      const words = accountWords(c, await identity.fresh())
      const done = DONE.find((known) => known === c.req.query('done'))
      return details(c, { form: EMPTY_FORM, done: done ? words[done] : null }, 200)
    })

    .post('/account/details/name', allow('member'), async (c) => {
      const name = (await readForm(c))('name')
      const error = nameFault(name, accountWords(c, await identity.fresh()))
      if (error) return details(c, { form: { values: { name }, errors: { name: error } } }, REFUSED)
      await changeName(db, memberOf(c).userId, nameOf(name))
      return c.redirect('/account/details?done=nameSaved', 303)
    })

    .post('/account/details/email', allow('member'), async (c) => {
      const form = await readForm(c)
      const words = accountWords(c, await identity.fresh())
      const { email: newEmail, fault } = checkEmail(form('email'), words)
      const { email } = await accountSummary(db, memberOf(c).userId)
      const password = form('password')
      const errors = {
        email: newEmail === email ? words.errors.emailSame : fault,
        password: password === '' ? words.errors.passwordMissing : undefined,
      }
      const state: FormState = { values: { email: form('email') }, errors }
      if (hasErrors(state) || newEmail === null) return details(c, { form: state }, REFUSED)

      return unlessTooOften(
        c,
        words,
        async () => {
          const asked = { password, newEmail }
          const isAsked = await requestEmailChange(
            deps,
            memberOf(c).userId,
            asked,
            browserOf(c, routes),
            deps.now(),
          )
          if (isAsked) return c.redirect('/account/details?done=emailAsked', 303)
          const wrong = { ...state, errors: { password: words.errors.wrongPassword } }
          return details(c, { form: wrong }, REFUSED)
        },
        (refusal) => details(c, { form: state, refusal }, 429),
      )
    })

  async function details(
    c: AppContext,
    { form, ...props }: Pick<DetailsPageProps, 'form' | 'refusal' | 'done'>,
    status: 200 | 422 | 429,
  ) {
    const [account, site] = await Promise.all([accountSummary(db, memberOf(c).userId), identity.fresh()])
    const filled = { ...form, values: { name: account.name ?? '', ...form.values } }
    return renderPrivately(c, site, <DetailsPage account={account} form={filled} {...props} />, status)
  }
}

/** What the page says after it was redirected to, by its word. */
const DONE = ['nameSaved', 'emailAsked', 'emailChanged'] as const
