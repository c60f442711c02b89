import type { Offer } from '#src/services/billing/views.ts'
import type { CreatorView, PictureView, PostDetail, PostVideo } from '#src/services/catalogue/views.ts'
import { creatorAddress, postAddress } from './addresses.ts'
import type { Share } from './layouts/site-head.tsx'

/** Descriptions of pages for search engines, in the words of schema.org. */
export interface Structured {
  '@context': 'https://schema.org'
  '@graph': Thing[]
}

interface Thing {
  '@type': string
  [property: string]: unknown
}

/** The site that a page belongs to; a page context is one. */
export interface StructuredSite {
  origin: string
  siteName: string
  language: string
}

/** What is hidden on the page of a locked post: Google asks where the part for members is. */
const LOCKED_PART = '.locked-stage'

export function structuredForHome(site: StructuredSite): Structured {
  return graph([
    {
      '@type': 'WebSite',
      name: site.siteName,
      url: `${site.origin}/`,
      inLanguage: site.language,
      potentialAction: {
        '@type': 'SearchAction',
        target: { '@type': 'EntryPoint', urlTemplate: `${site.origin}/creators?q={search_term_string}` },
        'query-input': 'required name=search_term_string',
      },
    },
  ])
}

export function structuredForCreator(creator: CreatorView, site: StructuredSite): Structured {
  const url = `${site.origin}${creatorAddress(creator.slug)}`
  return graph([
    {
      '@type': 'ProfilePage',
      url,
      dateCreated: creator.createdAt.toISOString(),
      ...(creator.updatedAt && { dateModified: creator.updatedAt.toISOString() }),
      mainEntity: {
        '@type': 'Person',
        '@id': `${url}#creator`,
        name: creator.name,
        url,
        ...described(creator.description),
        ...withImage(imageOf(creator.icon ?? creator.cover), site),
        agentInteractionStatistic: {
          '@type': 'InteractionCounter',
          interactionType: 'https://schema.org/WriteAction',
          userInteractionCount: creator.postCount,
        },
      },
    },
    crumbs(site, [{ name: creator.name, path: creatorAddress(creator.slug) }]),
  ])
}

/** @param description of the post in the words of its page: what it holds. */
export function structuredForPost(post: PostDetail, site: StructuredSite, description: string): Structured {
  const creator = creatorAddress(post.model.slug)
  const videos = post.films.map((film) => videoObject(post, film, site, description))
  return graph([
    ...(post.videoCount > 0 && videos.length === 0 ? [videoObject(post, null, site, description)] : videos),
    ...(post.videoCount === 0 ? [gallery(post, site, description)] : []),
    crumbs(site, [
      { name: post.model.name, path: creator },
      { name: post.title, path: postAddress(post.id) },
    ]),
  ])
}

/** Membership as a product, each plan that can be bought as an offer of it. */
export function structuredForPlans(offers: Offer[], site: StructuredSite): Structured {
  const sold = offers.filter(({ methods }) => methods.length > 0)
  if (sold.length === 0) return graph([])
  return graph([
    {
      '@type': 'Product',
      name: site.siteName,
      url: `${site.origin}/plans`,
      offers: sold.map(({ plan, currency }) => ({
        '@type': 'Offer',
        name: plan.name,
        price: (plan.priceCents / 100).toFixed(2),
        priceCurrency: currency,
        availability: 'https://schema.org/InStock',
        url: `${site.origin}/plans`,
      })),
    },
  ])
}

/** @param description as for `structuredForPost`. */
export function shareOfPost(post: PostDetail, description: string): Share {
  const film = post.films[0]
  const isVideo = post.videoCount > 0
  return {
    title: `${post.title} · ${post.model.name}`,
    description,
    image: post.share ?? imageOf(post.cover),
    type: isVideo ? 'video.other' : 'article',
    ...(isVideo && {
      video: { durationSeconds: film?.durationSeconds ?? null, releasedAt: post.createdAt },
    }),
  }
}

/** @param description of the creator, or what the page says instead. */
export function shareOfCreator(creator: CreatorView, description: string): Share {
  return {
    title: creator.name,
    description,
    image: imageOf(creator.banner ?? creator.cover ?? creator.icon),
    type: 'profile',
  }
}

/** As it stands in the page: `</script>` and comments in a title end nothing. */
export function structuredText(structured: Structured): string {
  return JSON.stringify(structured).replace(/[<>&\u2028\u2029]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
}

const graph = (things: Thing[]): Structured => ({ '@context': 'https://schema.org', '@graph': things })

function videoObject(
  post: PostDetail,
  film: PostVideo | null,
  site: StructuredSite,
  description: string,
): Thing {
  return {
    '@type': 'VideoObject',
    ...creativeWork(post, site, description),
    uploadDate: post.createdAt.toISOString(),
    ...(film?.durationSeconds && { duration: isoDuration(film.durationSeconds) }),
    ...thumbnail(imageOf(film?.poster ?? post.cover), site),
  }
}

function gallery(post: PostDetail, site: StructuredSite, description: string): Thing {
  return {
    '@type': 'ImageGallery',
    ...creativeWork(post, site, description),
    datePublished: post.createdAt.toISOString(),
    ...withImage(imageOf(post.cover), site),
  }
}

/** https://developers.google.com/search/docs/appearance/structured-data/paywalled-content */
function creativeWork(post: PostDetail, site: StructuredSite, description: string) {
  const creator = `${site.origin}${creatorAddress(post.model.slug)}`
  return {
    name: post.title,
    description,
    url: `${site.origin}${postAddress(post.id)}`,
    creator: { '@type': 'Person', '@id': `${creator}#creator`, name: post.model.name, url: creator },
    isAccessibleForFree: !post.locked,
    ...(post.locked && {
      hasPart: { '@type': 'WebPageElement', isAccessibleForFree: false, cssSelector: LOCKED_PART },
    }),
  }
}

function crumbs(site: StructuredSite, places: Array<{ name: string; path: string }>): Thing {
  const all = [{ name: site.siteName, path: '/' }, ...places]
  return {
    '@type': 'BreadcrumbList',
    itemListElement: all.map(({ name, path }, index) => ({
      '@type': 'ListItem',
      position: index + 1,
      name,
      item: `${site.origin}${path}`,
    })),
  }
}

/** The widest that this visitor may see: of a locked post its teaser. */
export const imageOf = (picture: PictureView | null): string | null => picture?.sources.at(-1)?.link ?? null

const withImage = (image: string | null, site: StructuredSite) =>
  image ? { image: `${site.origin}${image}` } : {}

const thumbnail = (image: string | null, site: StructuredSite) =>
  image ? { thumbnailUrl: `${site.origin}${image}` } : {}

const described = (description: string | null) => (description ? { description } : {})

/** ISO 8601, as `PT1H2M3S`. */
function isoDuration(seconds: number): string {
  const whole = Math.max(Math.round(seconds), 1)
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)]
  return `PT${hours ? `${hours}H` : ''}${minutes ? `${minutes}M` : ''}${whole % 60}S`
}
