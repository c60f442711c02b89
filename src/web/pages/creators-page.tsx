import type { Page } from '#src/lib/pagination.ts'
import type { CreatorOrder } from '#src/services/catalogue/catalogue.ts'
import type { CreatorView } from '#src/services/catalogue/views.ts'
import { CreatorGrid } from '../components/creator-grid.tsx'
import { Notice } from '../components/notice.tsx'
import { BeyondLastPage, isBeyondLast, Pagination } from '../components/pagination.tsx'
import { SearchForm } from '../components/search-form.tsx'
import { SiteLayout } from '../layouts/site-layout.tsx'
import { useCreatorsHead } from '../page-heads.ts'
import { usePage } from '../render.tsx'

const ORDERS: readonly CreatorOrder[] = ['newest', 'updated', 'biggest', 'name']
export const CREATOR_FILTERS = ['photos', 'videos'] as const
export type CreatorFilter = (typeof CREATOR_FILTERS)[number]

interface CreatorsPageProps {
  creators: Page<CreatorView>
  order: CreatorOrder
  /** Only who has such media; null is everybody. */
  filter: CreatorFilter | null
}

export function CreatorsPage({ creators, order, filter }: CreatorsPageProps) {
  const { words } = usePage()
  return (
    <SiteLayout title={words.creators.title} current="creators" {...useCreatorsHead(creators)}>
      <div class="shell pt-8 sm:pt-12">
        <h1 class="page-title">{words.creators.title}</h1>
        <p class="mt-1 text-muted">{words.counts.creators(creators.total)}</p>
        <SearchForm id="search" class="mt-6 block sm:max-w-xl" />
        <div class="mt-5 mb-8 flex flex-wrap items-center gap-x-6 gap-y-2">
          <Orders order={order} filter={filter} />
          <Filters order={order} filter={filter} />
        </div>
        <Creators creators={creators} filter={filter} />
        <Pagination pages={creators} />
      </div>
    </SiteLayout>
  )
}

type Choice = Pick<CreatorsPageProps, 'order' | 'filter'>

function Orders({ order, filter }: Choice) {
  const { creators } = usePage().words
  const names: Record<CreatorOrder, string> = {
    newest: creators.newestFirst,
    updated: creators.updatedFirst,
    biggest: creators.biggestFirst,
    name: creators.byName,
  }
  return (
    <nav class="chips" aria-label={creators.order}>
      {ORDERS.map((each) => (
        <Chip address={listAddress({ order: each, filter })} isCurrent={each === order}>
          {names[each]}
        </Chip>
      ))}
    </nav>
  )
}

function Filters({ order, filter }: Choice) {
  const { creators } = usePage().words
  const names = { photos: creators.withPhotos, videos: creators.withVideos }
  return (
    <nav class="chips" aria-label={creators.show}>
      <Chip address={listAddress({ order, filter: null })} isCurrent={filter === null}>
        {creators.everything}
      </Chip>
      {CREATOR_FILTERS.map((each) => (
        <Chip address={listAddress({ order, filter: each })} isCurrent={each === filter}>
          {names[each]}
        </Chip>
      ))}
    </nav>
  )
}

function Chip({ address, isCurrent, children }: { address: string; isCurrent: boolean; children: string }) {
  return (
    <a class="chip" href={address} {...(isCurrent && { 'aria-current': 'true' })}>
      {children}
    </a>
  )
}

function listAddress({ order, filter }: Choice) {
  const query = new URLSearchParams()
  if (order !== 'newest') query.set('order', order)
  if (filter) query.set('has', filter)
  return query.size > 0 ? `/creators?${query}` : '/creators'
}

function Creators({ creators, filter }: Pick<CreatorsPageProps, 'creators' | 'filter'>) {
  const { words } = usePage()
  if (isBeyondLast(creators)) return <BeyondLastPage />
  if (creators.total === 0 && filter !== null)
    return <Notice title={words.creators.nothingLikeIt} hint={words.creators.nothingLikeItHint} />
  if (creators.total === 0) return <Notice title={words.home.empty} hint={words.home.emptyHint} />
  return <CreatorGrid creators={creators.data} />
}
