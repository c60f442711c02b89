import type { CreatorView, LibraryStats } from '#src/services/catalogue/views.ts'
import { creatorAddress } from '../addresses.ts'
import { CreatorCard } from '../components/creator-card.tsx'
import { Notice } from '../components/notice.tsx'
import { Picture } from '../components/picture.tsx'
import { SiteLayout } from '../layouts/site-layout.tsx'
import { usePage } from '../render.tsx'

interface HomePageProps {
  newest: CreatorView[]
  biggest: CreatorView[]
  stats: LibraryStats
}

export function HomePage({ newest, biggest, stats }: HomePageProps) {
  const { words } = usePage()
  const featured = biggest.find(({ banner }) => banner !== null) ?? biggest[0]
  return (
    <SiteLayout title={null} current="home">
      <Welcome stats={stats} {...(featured && { featured })} />
      {newest.length === 0 && (
        <div class="shell pt-12">
          <Notice title={words.home.empty} hint={words.home.emptyHint} />
        </div>
      )}
      <Shelf
        id="newest"
        title={words.home.newest}
        creators={newest}
        more="/creators"
        moreLabel={words.home.seeAllNewest}
      />
      <Shelf
        id="biggest"
        title={words.home.biggest}
        creators={biggest}
        more="/creators?order=biggest"
        moreLabel={words.home.seeAllBiggest}
      />
    </SiteLayout>
  )
}

function Welcome({ featured, stats }: { featured?: CreatorView; stats: LibraryStats }) {
  const { words, siteName } = usePage()
  return (
    <section class="hero isolate">
      {featured && (
        <div class="hero-backdrop">
          <Picture
            source={featured.banner ?? featured.thumbnail}
            name={featured.name}
            letters="text-transparent"
            isFirstSeen
          />
        </div>
      )}
      <div class="shell flex flex-col items-start gap-6 pt-16 pb-14 sm:pt-36 sm:pb-20">
        <h1 class="max-w-2xl text-4xl font-black tracking-tight text-balance sm:text-6xl">
          {words.home.welcome(siteName)}
        </h1>
        <p class="max-w-xl text-lg text-muted text-pretty sm:text-xl">{words.home.introduction}</p>
        <div class="flex flex-wrap gap-3">
          <a class="button" href="/creators">
            {words.home.seeCreators}
          </a>
          {featured && (
            <a class="button-quiet" href={creatorAddress(featured.slug)}>
              <bdi>{words.home.openCreator(featured.name)}</bdi>
            </a>
          )}
        </div>
        {stats.creators > 0 && <Stats stats={stats} />}
      </div>
    </section>
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

interface ShelfProps {
  id: string
  title: string
  creators: CreatorView[]
  more: string
  moreLabel: string
}

/** A row to swipe on a phone, a grid where there is room. */
function Shelf({ id, title, creators, more, moreLabel }: ShelfProps) {
  const { words } = usePage()
  if (creators.length === 0) return null
  return (
    <section class="pt-12" aria-labelledby={id}>
      <div class="shell flex items-center justify-between gap-4">
        <h2 class="text-xl font-bold tracking-tight sm:text-2xl" id={id}>
          {title}
        </h2>
        <a class="nav-link -me-3" href={more} aria-label={moreLabel}>
          {words.home.seeAll}
        </a>
      </div>
      <ul class="shelf shell mt-4">
        {creators.map((creator) => (
          <CreatorCard creator={creator} />
        ))}
      </ul>
    </section>
  )
}
