import { LANGUAGES } from '#src/services/settings/settings.ts'
import { usePage } from '../render.tsx'
import { DICTIONARIES, type Language } from '../words/language.ts'

/** The page in each language of the site. */
export function LanguageLinks() {
  const { words, language } = usePage()
  return (
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
  )
}

/** This page's address, in that language. */
function useAddress(language: Language) {
  const { path, query } = usePage().address
  const changed = new URLSearchParams(query)
  changed.set('lang', language)
  return `${path}?${changed}`
}
