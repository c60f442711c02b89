import type { Child } from 'hono/jsx'
import { LANGUAGES } from '#src/services/settings/settings.ts'
import { ASSETS, assetAddress } from '../assets.ts'
import { Icon } from '../components/icon.tsx'
import { SearchForm } from '../components/search-form.tsx'
import { usePage } from '../render.tsx'
import { DICTIONARIES, type Language } from '../words/language.ts'

interface SiteLayoutProps {
  /** Null on the home page, whose title is the site's name. */
  title: string | null
  description?: string
  /** Which entry of the navigation this page is. */
  current?: 'home' | 'creators'
  /** Whether search engines should leave it out: errors, results of a search. */
  isTransient?: boolean
  children?: Child
}

/** Everything around the content of a page. */
export function SiteLayout({ title, description, current, isTransient = false, children }: SiteLayoutProps) {
  const { words, language, siteName } = usePage()
  return (
    <html lang={language}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="dark light" />
        <title>{title === null ? siteName : `${title} · ${siteName}`}</title>
        <meta name="description" content={description ?? words.layout.tagline} />
        {isTransient ? <meta name="robots" content="noindex" /> : <LanguageLinks />}
        <link rel="icon" href={assetAddress(ASSETS.favicon)} type="image/svg+xml" />
        <link rel="stylesheet" href={assetAddress(ASSETS.stylesheet)} />
      </head>
      <body>
        <a class="skip-link" href="#content">
          {words.layout.skipToContent}
        </a>
        <SiteHeader {...(current && { current })} />
        <main id="content" class="flex-1 pb-16" tabindex={-1}>
          {children}
        </main>
        <SiteFooter />
      </body>
    </html>
  )
}

/** One address for all languages, which `?lang=` chooses among. */
function LanguageLinks() {
  return (
    <>
      <link rel="canonical" href={useAddress()} />
      {LANGUAGES.map((language) => (
        <link rel="alternate" hreflang={language} href={useAddress(language)} />
      ))}
    </>
  )
}

function SiteHeader({ current }: Pick<SiteLayoutProps, 'current'>) {
  const { words, siteName } = usePage()
  return (
    <header class="sticky top-0 z-20 border-b border-line bg-ground/90 backdrop-blur">
      <div class="shell flex h-16 items-center gap-1 sm:gap-2">
        <a class="me-auto flex min-h-11 min-w-0 items-center gap-2.5 rounded-lg sm:me-4" href="/">
          <img class="size-8" src={assetAddress(ASSETS.favicon)} alt="" width="32" height="32" />
          <span class="truncate text-lg font-bold tracking-tight">{siteName}</span>
        </a>
        <nav class="flex items-center sm:me-auto" aria-label={words.layout.mainNavigation}>
          <a class="nav-link max-sm:hidden" href="/" {...(current === 'home' && { 'aria-current': 'page' })}>
            {words.layout.home}
          </a>
          <a class="nav-link" href="/creators" {...(current === 'creators' && { 'aria-current': 'page' })}>
            {words.layout.creators}
          </a>
        </nav>
        {current !== 'creators' && <HeaderSearch />}
      </div>
    </header>
  )
}

/** A field where there is room, a link to the page with the field where there is not. */
function HeaderSearch() {
  const { words } = usePage()
  return (
    <>
      <SearchForm id="header-search" class="w-64 max-md:hidden lg:w-80" />
      <a class="icon-button md:hidden" href="/creators">
        <Icon name="search" />
        <span class="sr-only">{words.search.label}</span>
      </a>
    </>
  )
}

function SiteFooter() {
  const { words, siteName, language } = usePage()
  return (
    <footer class="border-t border-line">
      <div class="shell flex flex-wrap items-center justify-between gap-x-8 gap-y-2 py-6 text-sm text-muted">
        <p>
          {siteName} · {words.layout.tagline}
        </p>
        <nav class="-mx-3 flex" aria-label={words.layout.language}>
          {LANGUAGES.map((other) => (
            <a
              class="nav-link"
              href={useAddress(other)}
              lang={other}
              hreflang={other}
              {...(other === language && { 'aria-current': 'true' })}
            >
              {DICTIONARIES[other].languageName}
            </a>
          ))}
        </nav>
      </div>
    </footer>
  )
}

/** This page's address, in a language when one is given. */
function useAddress(language?: Language) {
  const { path, query } = usePage().address
  const changed = new URLSearchParams(query)
  if (language) changed.set('lang', language)
  return changed.size > 0 ? `${path}?${changed}` : path
}
