import type { Deps } from '#src/deps.ts'
import type { ContentRating } from '#src/services/settings/brand-schemas.ts'
import { logoExtension, readIdentity, readLogo } from '#src/services/settings/identity.ts'
import type { Logo } from '#src/services/settings/logo.ts'
import type { AgeCheckMode } from '#src/services/settings/settings.ts'
import { type Contact, shownContacts } from '#src/services/support/contacts.ts'
import { knownLanguage, type Language } from './words/language.ts'

/** How the site presents itself, as the owner set it; what was not chosen is null. */
export interface SiteIdentity {
  name: string
  language: Language
  /** Where the site is reached from outside, without a slash at the end; null where nobody said. */
  baseUrl: string | null
  /** `#rrggbb` */
  accent: string | null
  logo: SiteLogo | null
  heroTitle: string | null
  heroText: string | null
  footerText: string | null
  description: string | null
  rating: ContentRating
  ageCheck: AgeCheckMode
  hasTerms: boolean
  hasPrivacy: boolean
  contacts: Contact[]
}

/** The owner's logo, at a name that changes with it. */
export interface SiteLogo extends Omit<Logo, 'bytes'> {
  servedAs: string
}

export interface SiteIdentitySource {
  /** The last one read; the default until then. Never waits, so that error pages need no database. */
  current(): SiteIdentity
  /** The one of the settings, at most five seconds old. */
  fresh(): Promise<SiteIdentity>
  /** As the settings are now, for who was told of a change by another node. */
  latest(): Promise<SiteIdentity>
}

const FRESH_MS = 5_000

export function siteIdentitySource({ database, env }: Pick<Deps, 'database' | 'env'>): SiteIdentitySource {
  let identity = untilRead(env)
  // By a clock that nobody sets.
  let freshUntil = 0
  let reading: Promise<SiteIdentity> | null = null

  async function read() {
    identity = await readSiteIdentity(database.reader, identity)
    freshUntil = performance.now() + FRESH_MS
    return identity
  }

  /** Requests at the same moment share one reading. */
  function latest() {
    reading ??= read().finally(() => {
      reading = null
    })
    return reading
  }

  return {
    current: () => identity,
    latest,
    fresh: () => (performance.now() < freshUntil ? Promise.resolve(identity) : latest()),
  }
}

async function readSiteIdentity(db: Deps['database']['reader'], last: SiteIdentity): Promise<SiteIdentity> {
  const [settings, contacts] = await Promise.all([readIdentity(db), shownContacts(db)])
  return {
    name: settings.site_name,
    language: knownLanguage(settings.language) ?? last.language,
    baseUrl: last.baseUrl,
    accent: settings.accent_color || null,
    logo: await readSiteLogo(db, settings.logo, last.logo),
    heroTitle: settings.hero_title || null,
    heroText: settings.hero_text || null,
    footerText: settings.footer_text || null,
    description: settings.meta_description || null,
    rating: settings.content_rating,
    ageCheck: settings.age_check,
    hasTerms: settings.terms !== null,
    hasPrivacy: settings.privacy !== null,
    contacts,
  }
}

/** Read again only when it is another one. */
async function readSiteLogo(
  db: Deps['database']['reader'],
  name: string | null,
  last: SiteLogo | null,
): Promise<SiteLogo | null> {
  if (name === null) return null
  if (last?.servedAs.startsWith(`logo.${name}.`)) return last
  const logo = await readLogo(db)
  if (!logo) return null
  const { contentType, width, height } = logo
  return { contentType, width, height, servedAs: `logo.${name}.${logoExtension(logo)}` }
}

/** Null where the owner has set none: what `env.ts` takes instead tells nothing of how visitors come here. */
export const givenBaseUrl = ({ BASE_URL, PORT }: Pick<Deps['env'], 'BASE_URL' | 'PORT'>): string | null =>
  BASE_URL === `http://localhost:${PORT}` ? null : BASE_URL

const untilRead = (env: Pick<Deps['env'], 'BASE_URL' | 'PORT'>): SiteIdentity => ({
  name: 'CreatorFlix',
  language: 'pt-BR',
  baseUrl: givenBaseUrl(env),
  accent: null,
  logo: null,
  heroTitle: null,
  heroText: null,
  footerText: null,
  description: null,
  rating: 'general',
  ageCheck: 'off',
  hasTerms: false,
  hasPrivacy: false,
  contacts: [],
})
