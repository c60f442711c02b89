import { Hono } from 'hono'
import type { SignedIn } from '#src/services/accounts/account-deps.ts'
import { confirmEmailChange } from '#src/services/accounts/change-email.ts'
import { choosePassword, setUpAdmin, signInByLink } from '#src/services/accounts/follow-link.ts'
import { type AccountLink, readAccountLink } from '#src/services/accounts/tokens.ts'
import type { AppContext, AppEnv } from '../../app-env.ts'
import { EMPTY_FORM, type FormState } from '../../components/form-field.tsx'
import { EmailChangedPage, LinkPage, VoidLinkPage } from '../../pages/account/link-page.tsx'
import { allow } from '../../policies.ts'
import { setDeviceMark } from '../../session-cookie.ts'
import type { SiteIdentity } from '../../site-identity.ts'
import {
  type AccountRoutes,
  type AccountWords,
  accountWords,
  browserOf,
  checkEmail,
  giveSession,
  hasErrors,
  nameFault,
  nameOf,
  newPasswordFault,
  REFUSED,
  readForm,
  renderPrivately,
} from './account-web.tsx'

const GONE = 410

/** Where mailed links lead: GET tells what for, POST does it. */
export function linkRoutes(routes: AccountRoutes) {
  const { deps, identity } = routes
  return new Hono<AppEnv>()
    .get('/account/link/:token', allow('public'), async (c) => {
      const link = await linkOf(c)
      const site = await identity.fresh()
      if (!link) return renderPrivately(c, site, <VoidLinkPage />, GONE)
      return renderPrivately(c, site, <LinkPage link={link} form={EMPTY_FORM} />)
    })

    .post('/account/link/:token', allow('public'), async (c) => {
      const link = await linkOf(c)
      const site = await identity.fresh()
      if (!link) return renderPrivately(c, site, <VoidLinkPage />, GONE)

      const filled = checked(link, await readForm(c), site, accountWords(c, site))
      if (hasErrors(filled.form)) {
        return renderPrivately(c, site, <LinkPage link={link} form={filled.form} />, REFUSED)
      }
      if (link.purpose === 'change_email') return confirmChange(c, site)
      const signedIn = await follow(c, link, filled)
      if (!signedIn) return renderPrivately(c, site, <VoidLinkPage />, GONE)
      giveSession(c, routes, signedIn)
      return c.redirect(link.purpose === 'sign_in' ? '/' : '/account', 303)
    })

  function linkOf(c: AppContext) {
    return readAccountLink(deps.database.db, c.req.param('token') ?? '', deps.now())
  }

  async function confirmChange(c: AppContext, site: SiteIdentity) {
    const changed = await confirmEmailChange(deps, c.req.param('token') ?? '', deps.now())
    if (!changed) return renderPrivately(c, site, <VoidLinkPage />, GONE)
    const { userId, newEmail } = changed
    if (c.var.viewer.userId !== userId) {
      return renderPrivately(c, site, <EmailChangedPage newEmail={newEmail} />)
    }
    setDeviceMark(c, deps.env, deps.attempts.markOf(newEmail))
    return c.redirect('/account/details?done=emailChanged', 303)
  }

  function follow(c: AppContext, { purpose }: AccountLink, filled: Filled): Promise<SignedIn | null> {
    const token = c.req.param('token') ?? ''
    const browser = browserOf(c, routes)
    if (purpose === 'sign_in') return signInByLink(deps, token, browser, deps.now())
    if (purpose === 'setup') return setUpAdmin(deps, token, filled, browser, deps.now())
    return choosePassword(deps, token, filled, browser, deps.now())
  }
}

interface Filled {
  email: string
  name: string | null
  password: string
  form: FormState
}

/** What was typed, and what is wrong with it, as far as this kind of link asks for it. */
function checked(
  { purpose, user }: AccountLink,
  form: (name: string) => string,
  { name: siteName }: SiteIdentity,
  words: AccountWords,
): Filled {
  const password = form('password')
  if (purpose === 'sign_in' || purpose === 'change_email')
    return { email: '', name: null, password, form: EMPTY_FORM }

  const typedEmail = checkEmail(form('email'), words)
  const email = user?.email ?? typedEmail.email ?? ''
  const role = user?.role ?? 'admin'
  const asksName = purpose !== 'reset'
  return {
    email,
    name: asksName ? nameOf(form('name')) : null,
    password,
    form: {
      values: { email: form('email'), name: form('name') },
      errors: {
        email: user ? undefined : typedEmail.fault,
        name: asksName ? nameFault(form('name'), words) : undefined,
        password: newPasswordFault(password, { role, email, siteName }, words),
      },
    },
  }
}
