import { createHash } from 'node:crypto'
import { getCookie, setCookie } from 'hono/cookie'
import { html } from 'hono/html'
import { type Child, createContext, useContext } from 'hono/jsx'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { Forbidden } from '#src/errors.ts'
import { rawPath } from './addresses.ts'
import type { AppContext } from './app-env.ts'
import { mustAskAge } from './middleware/check-age.ts'
import { AgePage } from './pages/age-page.tsx'
import type { SiteIdentity } from './site-identity.ts'
import { siteOrigin } from './site-origin.ts'
import type { Dictionary } from './words/en.ts'
import { chooseLanguage, DICTIONARIES, knownLanguage, type Language } from './words/language.ts'

/** What every component of a page may want to know. */
export interface PageContext {
  words: Dictionary
  language: Language
  siteName: string
  /** How the owner wants the site to present itself. */
  site: SiteIdentity
  /** What absolute addresses begin with, without a slash at the end. */
  origin: string
  /** Chosen with the button in the header; null follows the visitor's system. */
  theme: Theme | null
  /** Path and query of this page without `lang`: what its canonical link and the language links are made of. */
  address: { path: string; query: URLSearchParams }
  /** Where the owner's own age check is passed; null where the site has none to lead to. */
  ageCheckAt: string | null
  isSignedIn: boolean
}

export type Theme = 'dark' | 'light'

const LANGUAGE_COOKIE = 'lang'
/** Written by the button's script, read here, so that no page appears in the other colours first. */
const THEME_COOKIE = 'theme'
const YEAR_SECONDS = 31_536_000

const Page = createContext<PageContext | null>(null)

/** The page being rendered. */
export function usePage(): PageContext {
  const page = useContext(Page)
  if (page === null) throw new Error('A component was rendered outside of a page.')
  return page
}

/**
 * Answers with a page, in the language its visitor reads. While the visitor's age has to be asked, the question comes
 * instead, and nothing of the page.
 */
export function renderPage(
  c: AppContext,
  identity: SiteIdentity,
  content: Child,
  status: ContentfulStatusCode = 200,
) {
  const isAsked = status === 200 && mustAskAge(c, identity)
  return renderForEveryone(c, identity, isAsked ? <AgePage /> : content, status)
}

/** As `renderPage`, for what has to be open to everybody: legal texts. */
export function renderForEveryone(
  c: AppContext,
  identity: SiteIdentity,
  content: Child,
  status: ContentfulStatusCode = 200,
) {
  return c.html(html`<!doctype html>${inPage(c, identity, content)}`, status)
}

/** All that makes two answers to the same address differ, beside what the page is about. */
export function pageVariant(c: AppContext, identity: SiteIdentity): string {
  const age = [c.var.viewer.agePassed, mustAskAge(c, identity)]
  const language = visitorsLanguage(c, identity.language)
  const origin = siteOrigin(c, identity)
  const isSignedIn = c.var.viewer.userId !== null
  return [language, rememberedTheme(c), ...age, isSignedIn, origin, fingerprintOf(identity), c.req.url].join(
    ' ',
  )
}

const fingerprints = new WeakMap<SiteIdentity, string>()

function fingerprintOf(identity: SiteIdentity) {
  const known = fingerprints.get(identity)
  if (known !== undefined) return known
  const fingerprint = createHash('sha256').update(JSON.stringify(identity)).digest('base64url')
  fingerprints.set(identity, fingerprint)
  return fingerprint
}

/** Answers with a piece of a page, which a script of that page puts where it belongs. */
export function renderFragment(c: AppContext, identity: SiteIdentity, content: Child) {
  if (mustAskAge(c, identity)) throw new Forbidden('This site asks for your age first. Reload the page.')
  return c.html(html`${inPage(c, identity, content)}`)
}

function inPage(c: AppContext, identity: SiteIdentity, content: Child) {
  const language = visitorsLanguage(c, identity.language)
  const page: PageContext = {
    words: DICTIONARIES[language],
    language,
    siteName: identity.name,
    site: identity,
    origin: siteOrigin(c, identity),
    theme: rememberedTheme(c),
    address: addressOf(c),
    ageCheckAt: ageCheckAt(c),
    isSignedIn: c.var.viewer.userId !== null,
  }
  c.header('Content-Language', language)
  c.header('Vary', 'Accept-Language, Cookie')
  return <Page.Provider value={page}>{content}</Page.Provider>
}

/** As every page is answered: for mails that come of a visit. */
export const languageOf = (c: AppContext, { language }: Pick<SiteIdentity, 'language'>): Language =>
  visitorsLanguage(c, language)

/** Chosen for this visit and the next ones by `?lang=`, else remembered, else what the browser asks for. */
function visitorsLanguage(c: AppContext, siteLanguage: Language) {
  const asked = c.req.query('lang')
  const chosen = knownLanguage(asked)
  if (chosen) rememberLanguage(c, chosen)
  return chooseLanguage(
    { asked, remembered: getCookie(c, LANGUAGE_COOKIE), acceptLanguage: c.req.header('Accept-Language') },
    siteLanguage,
  )
}

function rememberedTheme(c: AppContext): Theme | null {
  const theme = getCookie(c, THEME_COOKIE)
  return theme === 'dark' || theme === 'light' ? theme : null
}

function rememberLanguage(c: AppContext, language: Language) {
  setCookie(c, LANGUAGE_COOKIE, language, {
    path: '/',
    maxAge: YEAR_SECONDS,
    sameSite: 'Lax',
    httpOnly: true,
  })
}

function ageCheckAt(c: AppContext) {
  const { path, query } = addressOf(c)
  return c.var.ageCheckAt?.(query.size > 0 ? `${path}?${query}` : path) ?? null
}

function addressOf(c: AppContext): PageContext['address'] {
  const query = new URLSearchParams(c.req.url.split('?')[1]?.split('#')[0])
  query.delete('lang')
  // Two slashes at the start would make the rest the name of another host.
  return { path: rawPath(c).replace(/^\/+/, '/'), query }
}
