import type { Child } from 'hono/jsx'
import { Icon } from '../components/icon.tsx'
import { LanguageLinks } from '../components/language-links.tsx'
import { LegalLinks } from '../components/legal-links.tsx'
import { SearchForm } from '../components/search-form.tsx'
import { SiteName } from '../components/site-logo.tsx'
import { SupportContacts } from '../components/support-contacts.tsx'
import { type PageContext, usePage } from '../render.tsx'
import { SiteHead, type SiteHeadProps } from './site-head.tsx'

interface SiteLayoutProps extends SiteHeadProps {
  /** Which entry of the navigation this page is. */
  current?: 'home' | 'creators' | 'plans'
  /** There is nothing at the address: no place to come back to after signing in. */
  isError?: boolean
  children?: Child
}

/** Everything around the content of a page. */
export function SiteLayout({ current, isError = false, children, ...head }: SiteLayoutProps) {
  const { words, language, theme } = usePage()
  return (
    <html lang={language} {...(theme && { 'data-theme': theme })}>
      <SiteHead {...head} />
      <body>
        <a class="skip-link" href="#content">
          {words.layout.skipToContent}
        </a>
        <SiteHeader isError={isError} {...(current && { current })} />
        <main id="content" class="flex-1 pb-16" tabindex={-1}>
          {children}
        </main>
        <SiteFooter />
        <SupportContacts />
      </body>
    </html>
  )
}

/** A phone has room for one entry: the plans for who may want one, else the creators; the search leads to these too. */
function SiteHeader({ current, isError }: Pick<SiteLayoutProps, 'current' | 'isError'>) {
  const { words, isSignedIn } = usePage()
  return (
    <header class="site-header">
      <div class="shell flex h-16 items-center sm:gap-2">
        <a class="me-auto flex min-h-11 min-w-0 items-center gap-2 rounded-lg sm:me-4 sm:gap-2.5" href="/">
          <SiteName />
        </a>
        <nav class="flex items-center sm:me-auto" aria-label={words.layout.mainNavigation}>
          <a class="nav-link max-sm:hidden" href="/" {...(current === 'home' && { 'aria-current': 'page' })}>
            {words.layout.home}
          </a>
          <a
            class={`nav-link ${isSignedIn ? 'max-sm:px-1' : 'max-sm:hidden'}`}
            href="/creators"
            {...(current === 'creators' && { 'aria-current': 'page' })}
          >
            {words.layout.creators}
          </a>
          <a
            class={`nav-link ${isSignedIn ? 'max-sm:hidden' : 'max-sm:px-1'}`}
            href="/plans"
            {...(current === 'plans' && { 'aria-current': 'page' })}
          >
            {words.plans.nav}
          </a>
        </nav>
        {current !== 'creators' && <HeaderSearch />}
        <AccountLink comesBack={!isError} />
        <ThemeButton />
      </div>
    </header>
  )
}

/** A field where there is room, a link to the page with the field where there is not. */
function HeaderSearch() {
  const { words } = usePage()
  return (
    <>
      <SearchForm id="header-search" class="w-80 max-lg:hidden" />
      <a class="icon-button max-sm:-mx-1 max-sm:size-11 lg:hidden" href="/creators">
        <Icon name="search" />
        <span class="sr-only">{words.search.label}</span>
      </a>
    </>
  )
}

/** A word where there is room for it. @param comesBack after signing in one is on this page again. */
function AccountLink({ comesBack }: { comesBack: boolean }) {
  const { words, isSignedIn, address } = usePage()
  const { signIn, navigation } = words.account
  return (
    <a
      class="account-link"
      href={isSignedIn ? '/account' : signInAddress(comesBack ? address : null)}
      rel="nofollow"
    >
      <Icon name="person" class="size-5 sm:hidden" />
      <span class="max-sm:sr-only">{isSignedIn ? navigation : signIn}</span>
    </a>
  )
}

/** Pages about signing in are no place to come back to either. */
const ABOUT_ACCOUNTS = /^\/(sign-in|register|reset|account|outbox)(\/|$)/

function signInAddress(backTo: PageContext['address'] | null) {
  if (backTo === null || backTo.path === '/' || ABOUT_ACCOUNTS.test(backTo.path)) return '/sign-in'
  const { path, query } = backTo
  return `/sign-in?${new URLSearchParams({ to: query.size > 0 ? `${path}?${query}` : path })}`
}

/** Shown by the script, which is what it needs; its place is kept until then. */
function ThemeButton() {
  return (
    <button
      class="icon-button invisible -me-3 max-sm:size-11"
      type="button"
      aria-pressed="false"
      aria-label={usePage().words.layout.darkColours}
      data-theme-button
    >
      <Icon name="dark" />
    </button>
  )
}

function SiteFooter() {
  const { words, siteName, site, isSignedIn } = usePage()
  return (
    <footer class="border-t border-line">
      <div class={`shell footer ${site.contacts.length > 0 ? 'pb-20 sm:pe-24' : 'pb-6'}`}>
        <p class="min-w-0 break-words">
          {siteName} · {site.footerText ?? words.layout.tagline}
        </p>
        {/* What the header has no room for on a phone. */}
        <a class="nav-link -mx-3 sm:hidden" href={isSignedIn ? '/plans' : '/creators'}>
          {isSignedIn ? words.plans.nav : words.layout.creators}
        </a>
        <LegalLinks />
        <LanguageLinks />
      </div>
    </footer>
  )
}
