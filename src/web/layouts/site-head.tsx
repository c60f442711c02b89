import { raw } from 'hono/html'
import { GROUNDS } from '#src/services/settings/accent.ts'
import { LANGUAGES } from '#src/services/settings/settings.ts'
import { ASSETS, assetAddress } from '../assets.ts'
import { brandStyleAddress } from '../brand-style.ts'
import { usePage } from '../render.tsx'
import { type Structured, structuredText } from '../structured-data.ts'
import type { Language } from '../words/language.ts'

/** What other sites show of a link to a page. */
export interface Share {
  title: string
  description: string
  /** An address of ours; never an original. */
  image: string | null
  type: 'website' | 'profile' | 'video.other' | 'article'
  video?: { durationSeconds: number | null; releasedAt: Date }
}

export interface SiteHeadProps {
  /** Null on the home page, whose title is the site's name. */
  title: string | null
  description?: string
  /** Whether search engines should leave it out: errors, results of a search. */
  isTransient?: boolean
  share?: Share
  /** What the page is about, in the words of schema.org. */
  structured?: Structured
  /** Where the page is one of several. */
  pages?: { page: number; totalPages: number }
  /** Path of the page's feed. */
  feed?: string
  /** Without a script, it is loaded again after so many seconds. */
  reloadSeconds?: number | undefined
}

/** What browsers, search engines and other sites read of a page. */
export function SiteHead(props: SiteHeadProps) {
  const { words, siteName, theme, site } = usePage()
  const title = props.title === null ? siteName : `${props.title} · ${siteName}`
  const description = shortened(props.description ?? site.description ?? words.layout.tagline)
  return (
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content={theme ?? 'dark light'} />
      <ThemeColour />
      <title>{title}</title>
      <meta name="description" content={description} />
      {site.rating === '18' && <meta name="rating" content="adult" />}
      {props.isTransient ? <meta name="robots" content="noindex" /> : <Addresses {...props} />}
      <Icons />
      <link rel="stylesheet" href={assetAddress(ASSETS.stylesheet)} />
      {site.accent && <link rel="stylesheet" href={brandStyleAddress(site.accent)} />}
      {!props.isTransient && (
        <ShareTags
          {...(props.share ?? { title: props.title ?? siteName, description, image: null, type: 'website' })}
        />
      )}
      {props.structured && !props.isTransient && <StructuredData structured={props.structured} />}
      <script type="module" src={assetAddress(ASSETS.script)} />
      {props.reloadSeconds && (
        <noscript>
          <meta http-equiv="refresh" content={String(props.reloadSeconds)} />
        </noscript>
      )}
    </head>
  )
}

/** Of the browser around the page. */
function ThemeColour() {
  const { theme } = usePage()
  if (theme) return <meta name="theme-color" content={GROUNDS[theme]} />
  return (
    <>
      <meta name="theme-color" media="(prefers-color-scheme: light)" content={GROUNDS.light} />
      <meta name="theme-color" media="(prefers-color-scheme: dark)" content={GROUNDS.dark} />
    </>
  )
}

/** One address for all languages, which `?lang=` chooses among; beside it the pages before and after, and the feed. */
function Addresses({ pages, feed, title }: SiteHeadProps) {
  const canonical = useCanonical()
  return (
    <>
      <link rel="canonical" href={canonical()} />
      {LANGUAGES.map((language) => (
        <link rel="alternate" hreflang={language} href={canonical({ lang: language })} />
      ))}
      <link rel="alternate" hreflang="x-default" href={canonical()} />
      {pages && pages.page > 1 && <link rel="prev" href={canonical({ page: pageNumber(pages.page - 1) })} />}
      {pages && pages.page < pages.totalPages && (
        <link rel="next" href={canonical({ page: pageNumber(pages.page + 1) })} />
      )}
      {feed && <link rel="alternate" type="application/rss+xml" href={feed} title={title ?? undefined} />}
    </>
  )
}

const pageNumber = (page: number) => (page > 1 ? String(page) : null)

function Icons() {
  const { logo } = usePage().site
  return (
    <>
      {logo ? (
        <link rel="icon" href={`/${logo.servedAs}`} type={logo.contentType} />
      ) : (
        <link rel="icon" href={assetAddress(ASSETS.favicon)} type="image/svg+xml" />
      )}
      <link
        rel="apple-touch-icon"
        href={logo?.contentType === 'image/png' ? `/${logo.servedAs}` : assetAddress(ASSETS.touchIcon)}
      />
      <link rel="manifest" href="/manifest.webmanifest" />
    </>
  )
}

/** Open Graph (ogp.me), which all the others read too. */
function ShareTags({ title, description, image, type, video }: Share) {
  const { siteName, language, origin } = usePage()
  const canonical = useCanonical()
  return (
    <>
      <meta property="og:site_name" content={siteName} />
      <meta property="og:title" content={title} />
      <meta property="og:description" content={shortened(description)} />
      <meta property="og:type" content={type} />
      <meta property="og:url" content={canonical()} />
      <meta property="og:locale" content={OPEN_GRAPH_LOCALES[language]} />
      {LANGUAGES.filter((other) => other !== language).map((other) => (
        <meta property="og:locale:alternate" content={OPEN_GRAPH_LOCALES[other]} />
      ))}
      {image && <meta property="og:image" content={`${origin}${image}`} />}
      {image && <meta property="og:image:alt" content={title} />}
      {video && <meta property="video:release_date" content={video.releasedAt.toISOString()} />}
      {video?.durationSeconds && (
        <meta property="video:duration" content={String(Math.ceil(video.durationSeconds))} />
      )}
      <meta name="twitter:card" content={image ? 'summary_large_image' : 'summary'} />
    </>
  )
}

const OPEN_GRAPH_LOCALES: Record<Language, string> = { 'pt-BR': 'pt_BR', en: 'en_US' }

/** A block of data, which nobody runs and no script policy is about. */
function StructuredData({ structured }: { structured: Structured }) {
  return <script type="application/ld+json">{raw(structuredText(structured))}</script>
}

/** What makes another page of an address; everything else in a query only tells where a visitor came from. */
const MEANT = ['order', 'has', 'page']

/** The page's absolute address, with some of its query changed. */
function useCanonical() {
  const { origin, address } = usePage()
  return (changes: Record<string, string | null> = {}) => {
    const query = new URLSearchParams([...address.query].filter(([name]) => MEANT.includes(name)))
    if (query.get('page') === '1') query.delete('page')
    for (const [name, value] of Object.entries(changes)) {
      if (value === null) query.delete(name)
      else query.set(name, value)
    }
    return `${origin}${address.path}${query.size > 0 ? `?${query}` : ''}`
  }
}

const LONGEST_DESCRIPTION = 300

/** Search engines show half of it at most. */
function shortened(text: string) {
  const characters = [...text.replace(/\s+/g, ' ').trim()]
  return characters.length <= LONGEST_DESCRIPTION
    ? characters.join('')
    : `${characters.slice(0, LONGEST_DESCRIPTION - 1).join('')}…`
}
