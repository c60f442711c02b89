import type { Page } from '#src/lib/pagination.ts'
import type { CreatorView } from '#src/services/catalogue/views.ts'
import { CreatorCard } from '../components/creator-card.tsx'
import { Notice } from '../components/notice.tsx'
import { BeyondLastPage, isBeyondLast, Pagination } from '../components/pagination.tsx'
import { SearchForm } from '../components/search-form.tsx'
import { SiteLayout } from '../layouts/site-layout.tsx'
import { usePage } from '../render.tsx'

export type CreatorOrder = 'newest' | 'biggest'

interface CreatorsPageProps {
  creators: Page<CreatorView>
  order: CreatorOrder
  /** What was searched for, or null when all are shown. */
  search: string | null
}

export function CreatorsPage({ creators, order, search }: CreatorsPageProps) {
  const { words } = usePage()
  const title = search === null ? words.creators.title : words.search.resultsFor(search)
  return (
    <SiteLayout title={title} current="creators" isTransient={search !== null}>
      <div class="shell pt-8 sm:pt-12">
        <h1 class="text-3xl font-black tracking-tight break-words sm:text-4xl">{title}</h1>
        <p class="mt-1 text-muted">{words.counts.creators(creators.total)}</p>
        <div class="mt-6 mb-8 flex flex-wrap items-center gap-3">
          <SearchForm id="search" value={search ?? ''} class="w-full sm:max-w-md" />
          {search === null ? <Orders order={order} /> : <ClearSearch />}
        </div>
        <Creators creators={creators} search={search} />
        <Pagination pages={creators} />
      </div>
    </SiteLayout>
  )
}

function Orders({ order }: { order: CreatorOrder }) {
  const { words } = usePage()
  return (
    <nav class="-mx-3 flex sm:mx-0 sm:ms-auto" aria-label={words.creators.order}>
      <a class="nav-link" href="/creators" {...(order === 'newest' && { 'aria-current': 'true' })}>
        {words.creators.newestFirst}
      </a>
      <a
        class="nav-link"
        href="/creators?order=biggest"
        {...(order === 'biggest' && { 'aria-current': 'true' })}
      >
        {words.creators.biggestFirst}
      </a>
    </nav>
  )
}

function ClearSearch() {
  return (
    <a class="nav-link" href="/creators">
      {usePage().words.search.clear}
    </a>
  )
}

function Creators({ creators, search }: Pick<CreatorsPageProps, 'creators' | 'search'>) {
  const { words } = usePage()
  if (isBeyondLast(creators)) return <BeyondLastPage />
  if (creators.total === 0 && search !== null) {
    return <Notice title={words.search.nothingFor(search)} hint={words.search.tryAnother} />
  }
  if (creators.total === 0) return <Notice title={words.home.empty} hint={words.home.emptyHint} />
  return (
    <ul class="card-grid">
      {creators.data.map((creator, index) => (
        <CreatorCard creator={creator} isFirstSeen={index < 4} />
      ))}
    </ul>
  )
}
