import type { Deps } from '#src/deps.ts'
import { readSetting } from '#src/services/settings/settings.ts'
import { knownLanguage, type Language } from './words/language.ts'

/** How the site presents itself, as the owner set it. */
export interface SiteIdentity {
  name: string
  language: Language
}

export interface SiteIdentitySource {
  /** The last one read; the default until then. Never waits, so that error pages need no database. */
  current(): SiteIdentity
  /** The one of the settings, at most ten seconds old. */
  fresh(): Promise<SiteIdentity>
}

const FRESH_MS = 10_000
const UNTIL_READ: SiteIdentity = { name: 'CreatorFlix', language: 'pt-BR' }

export function siteIdentitySource({ database, now }: Pick<Deps, 'database' | 'now'>): SiteIdentitySource {
  let identity = UNTIL_READ
  let freshUntil = 0

  return {
    current: () => identity,
    async fresh() {
      if (now().getTime() < freshUntil) return identity
      const [name, language] = await Promise.all([
        readSetting(database.reader, 'site_name'),
        readSetting(database.reader, 'language'),
      ])
      identity = { name, language: knownLanguage(language) ?? UNTIL_READ.language }
      freshUntil = now().getTime() + FRESH_MS
      return identity
    },
  }
}
