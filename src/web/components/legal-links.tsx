import { usePage } from '../render.tsx'

/** For whom the content is, and the owner's terms and privacy, as far as they are told. */
export function LegalLinks() {
  const { words, site } = usePage()
  const isTold = site.hasTerms || site.hasPrivacy || site.rating !== 'general'
  if (!isTold) return null
  return (
    <nav class="-mx-3 flex flex-wrap items-center" aria-label={words.legal.label}>
      {site.hasTerms && (
        <a class="nav-link" href="/terms">
          {words.legal.terms}
        </a>
      )}
      {site.hasPrivacy && (
        <a class="nav-link" href="/privacy">
          {words.legal.privacy}
        </a>
      )}
      <Rating />
    </nav>
  )
}

function Rating() {
  const { words, site } = usePage()
  if (site.rating === 'general') return null
  return (
    <span class="tag mx-3">
      <span aria-hidden="true">{site.rating}+</span>
      <span class="sr-only">{words.age.from(site.rating)}</span>
    </span>
  )
}
