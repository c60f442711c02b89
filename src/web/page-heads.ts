import type { Page } from '#src/lib/pagination.ts'
import type { Offer } from '#src/services/billing/views.ts'
import type { CreatorPosts, CreatorView, PostDetail } from '#src/services/catalogue/views.ts'
import { feedAddress } from './addresses.ts'
import { isBeyondLast } from './components/pagination.tsx'
import type { SiteHeadProps } from './layouts/site-head.tsx'
import { usePage } from './render.tsx'
import {
  imageOf,
  shareOfCreator,
  shareOfPost,
  structuredForCreator,
  structuredForHome,
  structuredForPlans,
  structuredForPost,
} from './structured-data.ts'

/** What the head of each kind of page says beside its title. */
type Head = Omit<SiteHeadProps, 'title'>

export function useHomeHead(featured: CreatorView[]): Head {
  const { words, site, siteName, ...page } = usePage()
  const description = site.description ?? site.heroText ?? words.layout.tagline
  return {
    description,
    share: {
      title: site.heroTitle ? `${siteName}: ${site.heroTitle}` : siteName,
      description,
      image: imageOf(featured.find(({ banner }) => banner !== null)?.banner ?? null),
      type: 'website',
    },
    structured: structuredForHome({ siteName, ...page }),
  }
}

export function useCreatorsHead(creators: Page<CreatorView>): Head {
  return { pages: creators, isTransient: isBeyondLast(creators) }
}

export function useCreatorHead({ creator, posts }: CreatorPosts): Head {
  const page = usePage()
  const { words } = page
  const description =
    creator.description ??
    `${creator.name}: ${words.counts.posts(creator.postCount)}. ${words.layout.tagline}.`
  return {
    description,
    share: shareOfCreator(creator, description),
    structured: structuredForCreator(creator, page),
    pages: posts,
    feed: feedAddress(creator.slug),
    isTransient: isBeyondLast(posts),
  }
}

/** @param contents what the post holds, in words. */
export function usePostHead(post: PostDetail, contents: string): Head {
  const page = usePage()
  const description = `${post.title}, ${post.model.name}: ${contents}, ${page.words.date(post.createdAt)}.`
  return {
    description,
    share: shareOfPost(post, description),
    structured: structuredForPost(post, page, description),
  }
}

export function usePlansHead(offers: Offer[]): Head {
  const page = usePage()
  const description = page.words.plans.introduction(page.siteName)
  return { description, structured: structuredForPlans(offers, page) }
}
