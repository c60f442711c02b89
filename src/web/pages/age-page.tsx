import { LanguageLinks } from '../components/language-links.tsx'
import { LegalLinks } from '../components/legal-links.tsx'
import { SiteName } from '../components/site-logo.tsx'
import { SiteHead } from '../layouts/site-head.tsx'
import { usePage } from '../render.tsx'

/** Asks for the visitor's age before anything else is shown. */
export function AgePage() {
  const { words, language, theme, site } = usePage()
  return (
    <html lang={language} {...(theme && { 'data-theme': theme })}>
      <SiteHead title={null} isTransient />
      <body>
        <main id="content" class="flex flex-1 items-center">
          <div class="shell flex max-w-xl flex-col items-center gap-5 py-16 text-center">
            <p class="flex min-w-0 max-w-full items-center gap-2.5">
              <SiteName />
            </p>
            <h1 class="page-title">{words.age.title(site.rating)}</h1>
            <Question />
            <LegalLinks />
            <LanguageLinks />
          </div>
        </main>
      </body>
    </html>
  )
}

function Question() {
  const { words, site, address, ageCheckAt } = usePage()
  if (site.ageCheck === 'provider' && ageCheckAt === null) {
    return <p class="text-lg text-muted text-pretty">{words.age.unavailable}</p>
  }
  return (
    <>
      <p class="text-lg text-muted text-pretty">{words.age.hint(site.rating)}</p>
      {ageCheckAt === null ? (
        <form method="post" action="/age">
          <input type="hidden" name="to" value={pathOf(address)} />
          <button class="button" type="submit">
            {words.age.accept(site.rating)}
          </button>
        </form>
      ) : (
        <a class="button" href={ageCheckAt} rel="nofollow">
          {words.age.check}
        </a>
      )}
      <p class="text-sm text-muted text-pretty">{words.age.leave}</p>
    </>
  )
}

const pathOf = ({ path, query }: { path: string; query: URLSearchParams }) =>
  query.size > 0 ? `${path}?${query}` : path
