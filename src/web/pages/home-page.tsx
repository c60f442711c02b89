import type { CreatorView, LibraryStats } from '#src/services/catalogue/views.ts'
import { creatorAddress } from '../addresses.ts'
import { CreatorCard } from '../components/creator-card.tsx'
import { Hero, HeroSlide } from '../components/hero.tsx'
import { Notice } from '../components/notice.tsx'
import { Shelf } from '../components/shelf.tsx'
import { SiteLayout } from '../layouts/site-layout.tsx'
import { useHomeHead } from '../page-heads.ts'
import { usePage } from '../render.tsx'

export interface HomePageProps {
  /** Chosen by the owner, else the biggest that have a banner. */
  featured: CreatorView[]
  newest: CreatorView[]
  biggest: CreatorView[]
  recentlyUpdated: CreatorView[]
  stats: LibraryStats
}

export function HomePage({ featured, newest, biggest, recentlyUpdated, stats }: HomePageProps) {
  const { home } = usePage().words
  return (
    <SiteLayout title={null} current="home" {...useHomeHead(featured)}>
      <Highlights featured={featured} stats={stats} />
      {newest.length === 0 && (
        <div class="shell pt-12">
          <Notice title={home.empty} hint={home.emptyHint} />
        </div>
      )}
      <Creators
        id="newest"
        title={home.newest}
        creators={newest}
        more={{ address: '/creators', label: home.seeAllNewest }}
      />
      <Creators
        id="updated"
        title={home.updated}
        creators={recentlyUpdated}
        more={{ address: '/creators?order=updated', label: home.seeAllUpdated }}
      />
      <Creators
        id="biggest"
        title={home.biggest}
        creators={biggest}
        more={{ address: '/creators?order=biggest', label: home.seeAllBiggest }}
      />
    </SiteLayout>
  )
}

function Highlights({ featured, stats }: Pick<HomePageProps, 'featured' | 'stats'>) {
  const total = featured.length + 1
  return (
    <Hero total={total}>
      <Welcome stats={stats} total={total} {...(featured[0] && { backdrop: featured[0] })} />
      {featured.map((creator, index) => (
        <FeaturedCreator creator={creator} number={index + 2} total={total} />
      ))}
    </Hero>
  )
}

/** Says what the site is, before its creators speak for it. */
function Welcome({ backdrop, stats, total }: { backdrop?: CreatorView; stats: LibraryStats; total: number }) {
  const { words, siteName, site } = usePage()
  return (
    <HeroSlide number={1} total={total} {...(backdrop && { backdrop })} isFirst>
      <h1 class="hero-title">{site.heroTitle ?? words.home.welcome(siteName)}</h1>
      <p class="max-w-xl text-lg text-pretty text-muted sm:text-xl">
        {site.heroText ?? words.home.introduction}
      </p>
      <div class="mt-2 flex flex-wrap gap-3">
        <a class="button" href="/creators">
          {words.home.seeCreators}
        </a>
        {backdrop && (
          <a class="button-quiet" href={creatorAddress(backdrop.slug)}>
            <bdi class="line-clamp-2 min-w-0 break-words">{words.home.openCreator(backdrop.name)}</bdi>
          </a>
        )}
      </div>
      {stats.creators > 0 && <Stats stats={stats} />}
    </HeroSlide>
  )
}

function FeaturedCreator({
  creator,
  number,
  total,
}: {
  creator: CreatorView
  number: number
  total: number
}) {
  const { words } = usePage()
  return (
    <HeroSlide number={number} total={total} backdrop={creator}>
      <p class="eyebrow">{creator.isSponsored ? words.creator.sponsored : words.home.featured}</p>
      <h2 class="hero-title line-clamp-3">
        <bdi>{creator.name}</bdi>
      </h2>
      <p class="text-lg text-muted">
        {words.counts.posts(creator.postCount)}
        {creator.updatedAt && ` · ${words.creator.newestFrom(words.shortDate(creator.updatedAt))}`}
      </p>
      <div class="mt-2 flex flex-wrap gap-3">
        <a class="button" href={creatorAddress(creator.slug)}>
          <bdi class="line-clamp-2 min-w-0 break-words">{words.home.openCreator(creator.name)}</bdi>
        </a>
      </div>
    </HeroSlide>
  )
}

function Stats({ stats }: { stats: LibraryStats }) {
  const { counts } = usePage().words
  return (
    <ul class="flex flex-wrap gap-x-6 gap-y-1 text-sm font-medium text-muted">
      <li>{counts.creators(stats.creators)}</li>
      <li>{counts.posts(stats.posts)}</li>
      <li>{counts.pictures(stats.images)}</li>
      <li>{counts.videos(stats.videos)}</li>
    </ul>
  )
}

function Creators({
  id,
  title,
  creators,
  more,
}: {
  id: string
  title: string
  creators: CreatorView[]
  more: { address: string; label: string }
}) {
  if (creators.length === 0) return null
  return (
    <Shelf id={id} title={title} more={more}>
      {creators.map((creator) => (
        <CreatorCard creator={creator} />
      ))}
    </Shelf>
  )
}
