import { getCookie, setCookie } from 'hono/cookie'
import { html } from 'hono/html'
import { type Child, createContext, useContext } from 'hono/jsx'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { rawPath } from './addresses.ts'
import type { AppContext } from './app-env.ts'
import type { SiteIdentity } from './site-identity.ts'
import type { Dictionary } from './words/en.ts'
import { chooseLanguage, DICTIONARIES, knownLanguage, type Language } from './words/language.ts'

/** What every component of a page may want to know. */
export interface PageContext {
  words: Dictionary
  language: Language
  siteName: string
  /** Path and query of this page without `lang`: what its canonical link and the language links are made of. */
  address: { path: string; query: URLSearchParams }
}

const LANGUAGE_COOKIE = 'lang'
const YEAR_SECONDS = 31_536_000

const Page = createContext<PageContext | null>(null)

/** The page being rendered. */
export function usePage(): PageContext {
  const page = useContext(Page)
  if (page === null) throw new Error('A component was rendered outside of a page.')
  return page
}

/** Answers with a page, in the language its visitor reads. */
export function renderPage(
  c: AppContext,
  identity: SiteIdentity,
  content: Child,
  status: ContentfulStatusCode = 200,
) {
  const language = visitorsLanguage(c, identity.language)
  const page: PageContext = {
    words: DICTIONARIES[language],
    language,
    siteName: identity.name,
    address: addressOf(c),
  }
  c.header('Content-Language', language)
  c.header('Vary', 'Accept-Language, Cookie')
  return c.html(html`<!doctype html>${<Page.Provider value={page}>{content}</Page.Provider>}`, status)
}

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

function rememberLanguage(c: AppContext, language: Language) {
  setCookie(c, LANGUAGE_COOKIE, language, {
    path: '/',
    maxAge: YEAR_SECONDS,
    sameSite: 'Lax',
    httpOnly: true,
  })
}

function addressOf(c: AppContext): PageContext['address'] {
  const query = new URLSearchParams(c.req.url.split('?')[1]?.split('#')[0])
  query.delete('lang')
  // Two slashes at the start would make the rest the name of another host.
  return { path: rawPath(c).replace(/^\/+/, '/'), query }
}
