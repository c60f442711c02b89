import { Hono } from 'hono'
import { endSession } from '#src/services/accounts/sessions.ts'
import { signIn } from '#src/services/accounts/sign-in.ts'
import type { AppContext, AppEnv } from '../../app-env.ts'
import { EMPTY_FORM, type FormState } from '../../components/form-field.tsx'
import { ownPath } from '../../own-path.ts'
import { SignInPage } from '../../pages/account/sign-in-page.tsx'
import { allow } from '../../policies.ts'
import { clearSessionToken } from '../../session-cookie.ts'
import {
  type AccountRoutes,
  accountWords,
  browserOf,
  checkEmail,
  giveSession,
  hasErrors,
  REFUSED,
  readForm,
  renderPrivately,
  unlessTooOften,
} from './account-web.tsx'

const HOME = '/account'

/** Signing in and out. */
export function signInRoutes(routes: AccountRoutes) {
  const { deps, identity } = routes
  return new Hono<AppEnv>()
    .get('/sign-in', allow('public'), async (c) => {
      const to = ownPath(c.req.query('to'), HOME)
      if (c.var.viewer.userId !== null) return c.redirect(to, 303)
      const site = await identity.fresh()
      const done = DONE.find(([query]) => c.req.query(query) !== undefined)?.[1]
      return renderPrivately(
        c,
        site,
        <SignInPage
          form={EMPTY_FORM}
          to={to}
          done={done ? accountWords(c, site)[done] : null}
          hasPaidHere={hasPaidHere(c, deps)}
        />,
      )
    })

    .post('/sign-in', allow('public'), async (c) => {
      const form = await readForm(c)
      const site = await identity.fresh()
      const words = accountWords(c, site)
      const to = ownPath(form('to'), HOME)
      const { email, fault } = checkEmail(form('email'), words)
      const password = form('password')
      const state: FormState = {
        values: { email: form('email') },
        errors: { email: fault, password: password === '' ? words.errors.passwordMissing : undefined },
      }
      const again = (refusal: string | null, status: 422 | 429) =>
        renderPrivately(
          c,
          site,
          <SignInPage form={state} to={to} refusal={refusal} hasPaidHere={hasPaidHere(c, deps)} />,
          status,
        )
      if (hasErrors(state) || email === null) return again(null, REFUSED)

      return unlessTooOften(
        c,
        words,
        async () => {
          const signedIn = await signIn(deps, { email, password }, browserOf(c, routes), deps.now())
          if (!signedIn) return again(words.errors.wrong, REFUSED)
          giveSession(c, routes, signedIn)
          return c.redirect(to, 303)
        },
        (refusal) => again(refusal, 429),
      )
    })

    .post('/sign-out', allow('public'), async (c) => {
      await signOut(c, routes)
      return c.redirect('/', 303)
    })
}

/** What was just done, by the question in the address. */
const DONE = [
  ['erased', 'erased'],
  ['everywhere', 'signedOutEverywhere'],
] as const

/** Whether who asks watches by what this browser has paid as a guest. */
const hasPaidHere = (c: AppContext, { now }: Pick<AccountRoutes['deps'], 'now'>) =>
  c.var.viewer.userId === null && c.var.viewer.accessUntil !== null && c.var.viewer.accessUntil > now()

/** Ends the browser's session and takes its cookie, whosever it was. */
export async function signOut(c: AppContext, { deps }: AccountRoutes) {
  const { sessionId } = c.var.viewer
  if (sessionId !== null) await endSession(deps.database.db, sessionId)
  clearSessionToken(c, deps.env)
}
