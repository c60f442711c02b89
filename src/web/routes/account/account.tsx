import { Hono } from 'hono'
import { accountSummary } from '#src/services/accounts/account-summary.ts'
import { changePassword } from '#src/services/accounts/change-password.ts'
import { eraseAccount } from '#src/services/accounts/erase-account.ts'
import { personalData } from '#src/services/accounts/export-data.ts'
import { endGuestsOf, endSessionOf, endSessionsOf, sessionsOf } from '#src/services/accounts/sessions.ts'
import { memberAccount } from '#src/services/billing/membership.ts'
import type { AppContext, AppEnv } from '../../app-env.ts'
import { EMPTY_FORM, type FormState } from '../../components/form-field.tsx'
import { SubscriptionPanel } from '../../components/subscription-panel.tsx'
import { AccountPage } from '../../pages/account/account-page.tsx'
import { DataPage } from '../../pages/account/data-page.tsx'
import { SecurityPage, type SecurityPageProps } from '../../pages/account/security-page.tsx'
import { allow } from '../../policies.ts'
import { clearSessionToken } from '../../session-cookie.ts'
import {
  type AccountRoutes,
  accountWords,
  browserOf,
  giveSession,
  hasErrors,
  memberOf,
  newPasswordFault,
  REFUSED,
  readForm,
  renderPrivately,
  unlessTooOften,
} from './account-web.tsx'

/** The pages of who has signed in. */
export function memberRoutes(routes: AccountRoutes) {
  const { deps, identity } = routes
  const { db } = deps.database
  return new Hono<AppEnv>()
    .get('/account', allow('member'), async (c) => {
      const { userId } = memberOf(c)
      const [account, membership] = await Promise.all([
        accountSummary(db, userId),
        memberAccount(deps, userId),
      ])
      return renderPrivately(
        c,
        await identity.fresh(),
        <AccountPage account={account}>
          <SubscriptionPanel account={membership} isAdmin={c.var.viewer.role === 'admin'} />
        </AccountPage>,
      )
    })

    .get('/account/security', allow('member'), async (c) => {
      const words = accountWords(c, await identity.fresh())
      const done = DONE.find((known) => known === c.req.query('done'))
      return security(c, { form: EMPTY_FORM, done: done ? words[done] : null }, 200)
    })

    .post('/account/security/password', allow('member'), async (c) => {
      const form = await readForm(c)
      const site = await identity.fresh()
      const words = accountWords(c, site)
      const { userId } = memberOf(c)
      const { email, role } = await accountSummary(db, userId)
      const current = form('current')
      const next = form('next')
      const state: FormState = {
        values: {},
        errors: {
          current: current === '' ? words.errors.passwordMissing : undefined,
          next: newPasswordFault(next, { role, email, siteName: site.name }, words),
        },
      }
      if (hasErrors(state)) return security(c, { form: state }, REFUSED)

      return unlessTooOften(
        c,
        words,
        async () => {
          const signedIn = await changePassword(
            deps,
            userId,
            { current, next },
            browserOf(c, routes),
            deps.now(),
          )
          if (!signedIn) {
            return security(c, { form: wrong('current', words.errors.wrongPassword) }, REFUSED)
          }
          giveSession(c, routes, signedIn)
          return c.redirect('/account/security?done=passwordChanged', 303)
        },
        (refusal) => security(c, { form: state, refusal }, 429),
      )
    })

    .post('/account/security/sessions/end', allow('member'), async (c) => {
      await endSessionsOf(db, memberOf(c).userId)
      await endGuestsOf(db, memberOf(c).userId, deps.now())
      clearSessionToken(c, deps.env)
      return c.redirect('/sign-in?everywhere', 303)
    })

    .post('/account/security/sessions/:id{[1-9][0-9]{0,8}}/end', allow('member'), async (c) => {
      await endSessionOf(db, memberOf(c).userId, Number(c.req.param('id')), deps.now())
      return c.redirect('/account/security?done=sessionEnded', 303)
    })

    .get('/account/data', allow('member'), (c) => data(c, EMPTY_FORM, null, 200))

    .get('/account/data/export', allow('member'), async (c) => {
      const exported = await personalData(deps, memberOf(c).userId)
      return c.body(JSON.stringify(exported, null, 2), 200, {
        'Content-Type': 'application/json; charset=utf-8',
        'Content-Disposition': 'attachment; filename="my-data.json"',
        'Cache-Control': 'no-store',
      })
    })

    .post('/account/data/erase', allow('member'), async (c) => {
      const form = await readForm(c)
      const words = accountWords(c, await identity.fresh())
      const password = form('password')
      if (password === '') return data(c, wrong('password', words.errors.passwordMissing), null, REFUSED)
      return unlessTooOften(
        c,
        words,
        async () => {
          const { userId } = memberOf(c)
          const outcome = await eraseAccount(deps, userId, password, browserOf(c, routes), deps.now())
          if (outcome === 'last admin') return data(c, EMPTY_FORM, words.lastAdmin, 409)
          if (outcome === 'wrong password') {
            return data(c, wrong('password', words.errors.wrongPassword), null, REFUSED)
          }
          clearSessionToken(c, deps.env)
          return c.redirect('/sign-in?erased', 303)
        },
        (refusal) => data(c, EMPTY_FORM, refusal, 429),
      )
    })

  async function security(
    c: AppContext,
    props: Pick<SecurityPageProps, 'form' | 'refusal' | 'done'>,
    status: 200 | 422 | 429,
  ) {
    const member = memberOf(c)
    const [account, sessions, site] = await Promise.all([
      accountSummary(db, member.userId),
      sessionsOf(db, member, deps.now()),
      identity.fresh(),
    ])
    return renderPrivately(c, site, <SecurityPage account={account} sessions={sessions} {...props} />, status)
  }

  async function data(c: AppContext, form: FormState, refusal: string | null, status: 200 | 409 | 422 | 429) {
    const [account, site] = await Promise.all([accountSummary(db, memberOf(c).userId), identity.fresh()])
    return renderPrivately(c, site, <DataPage account={account} form={form} refusal={refusal} />, status)
  }
}

/** What a page says after it was redirected to, by its word. */
const DONE = ['passwordChanged', 'sessionEnded'] as const

const wrong = (field: string, error: string): FormState => ({ values: {}, errors: { [field]: error } })
