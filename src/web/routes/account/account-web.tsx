import type { Child } from 'hono/jsx'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { Deps } from '#src/deps.ts'
import { AppError, InvalidInput, TooManyRequests } from '#src/errors.ts'
import type { Viewer } from '#src/services/access/viewer.ts'
import type { AccountDeps, Browser, SignedIn } from '#src/services/accounts/account-deps.ts'
import { deviceOf } from '#src/services/accounts/device.ts'
import { parseEmail } from '#src/services/accounts/email-address.ts'
import { passwordFault, SHORTEST } from '#src/services/accounts/password-rules.ts'
import type { AppContext } from '../../app-env.ts'
import type { FormState } from '../../components/form-field.tsx'
import { networkOf } from '../../middleware/identify.ts'
import { languageOf, renderForEveryone } from '../../render.tsx'
import { deviceMark, setDeviceMark, setSessionToken } from '../../session-cookie.ts'
import type { SiteIdentity, SiteIdentitySource } from '../../site-identity.ts'
import type { Dictionary } from '../../words/en.ts'
import { DICTIONARIES } from '../../words/language.ts'

/** What the routes of accounts work with. */
export interface AccountRoutes {
  deps: Deps & AccountDeps
  identity: SiteIdentitySource
}

export type AccountWords = Dictionary['account']

/** The texts of a form; what is no text in it, and what is not there, is empty. */
export async function readForm(c: AppContext): Promise<(name: string) => string> {
  const form = await c.req.parseBody().catch((error) => {
    throw error instanceof AppError
      ? error
      : new InvalidInput('The form could not be read.', { cause: error })
  })
  return (name) => {
    const value = form[name]
    return typeof value === 'string' ? value : ''
  }
}

export const browserOf = (c: AppContext, { deps }: AccountRoutes): Browser => ({
  network: networkOf(c),
  mark: deviceMark(c, deps.env),
  device: deviceOf(c.req.header('User-Agent')),
  sessionId: c.var.viewer.sessionId,
})

export function giveSession(c: AppContext, { deps }: AccountRoutes, { token, role, mark }: SignedIn) {
  setSessionToken(c, deps.env, token, role)
  setDeviceMark(c, deps.env, mark)
}

/** Account pages are for one person, and no age is asked before them: they show nothing of what the site is about. */
export function renderPrivately(
  c: AppContext,
  site: SiteIdentity,
  page: Child,
  status: ContentfulStatusCode = 200,
) {
  c.header('Cache-Control', 'no-store')
  return renderForEveryone(c, site, page, status)
}

export function accountWords(c: AppContext, site: SiteIdentity): AccountWords {
  return DICTIONARIES[languageOf(c, site)].account
}

/** The form could be read, and cannot be taken as it is. */
export const REFUSED = 422

/**
 * The answer of `work`; when there were too many tries before it, the same form again, which says for how long.
 */
export async function unlessTooOften(
  c: AppContext,
  words: AccountWords,
  work: () => Promise<Response>,
  again: (refusal: string) => Response | Promise<Response>,
): Promise<Response> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof TooManyRequests)) throw error
    c.header('Retry-After', String(error.retryAfter))
    return again(words.errors.tooOften(words.minutes(Math.ceil(error.retryAfter / 60))))
  }
}

export interface CheckedEmail {
  email: string | null
  fault: string | undefined
}

export function checkEmail(typed: string, { errors }: AccountWords): CheckedEmail {
  const email = parseEmail(typed)
  if (email !== null) return { email, fault: undefined }
  return { email, fault: typed.trim() === '' ? errors.emailMissing : errors.emailInvalid }
}

const MOST_IN_NAME = 100

/** Null for none. */
export const nameOf = (typed: string): string | null =>
  typed.normalize('NFC').trim().replace(/\s+/g, ' ') || null

export function nameFault(typed: string, { errors }: AccountWords): string | undefined {
  const name = nameOf(typed) ?? ''
  if ([...name].length > MOST_IN_NAME) return errors.nameLong(MOST_IN_NAME)
  // Neither what nobody sees nor what turns the text around it.
  return /[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069<>]|:\/\//u.test(name) ? errors.nameCharacters : undefined
}

/** What is wrong with a new password, in words. */
export function newPasswordFault(
  password: string,
  owner: { role: 'user' | 'admin'; email: string; siteName: string },
  { errors }: AccountWords,
): string | undefined {
  const fault = passwordFault(password, owner)
  if (fault === null) return undefined
  return fault === 'short' ? errors.newPassword.short(SHORTEST[owner.role]) : errors.newPassword[fault]
}

export const hasErrors = ({ errors }: Pick<FormState, 'errors'>) => Object.values(errors).some(Boolean)

/** Who has signed in; the policy of the route let nobody else in. */
export function memberOf(c: AppContext): Viewer & { userId: number } {
  const { viewer } = c.var
  if (viewer.userId === null) throw new Error('A page for members was asked by a guest.')
  return { ...viewer, userId: viewer.userId }
}
