import type { SearchResults } from '#src/services/catalogue/search.ts'
import { CreatorGrid } from '../components/creator-grid.tsx'
import { Notice } from '../components/notice.tsx'
import { BeyondLastPage, isBeyondLast, Pagination } from '../components/pagination.tsx'
import { PostCard } from '../components/post-card.tsx'
import { SearchForm } from '../components/search-form.tsx'
import { SiteLayout } from '../layouts/site-layout.tsx'
import { usePage } from '../render.tsx'

interface SearchPageProps {
  /** As it was typed. */
  search: string
  results: SearchResults
}

/** `/creators` with words to look for. */
export function SearchPage({ search, results }: SearchPageProps) {
  const { words } = usePage()
  const title = words.search.resultsFor(results.correctedTo ?? search)
  return (
    <SiteLayout title={title} current="creators" isTransient>
      <div class="shell pt-8 sm:pt-12">
        <h1 class="page-title">{title}</h1>
        {results.correctedTo && (
          <p class="mt-2 text-muted break-words">{words.search.correctedFrom(search)}</p>
        )}
        <div class="mt-6 mb-8 flex flex-wrap items-center gap-x-4 gap-y-1">
          <SearchForm id="search" value={search} class="w-full sm:max-w-xl" />
          <a class="nav-link max-sm:-ms-3" href="/creators">
            {words.search.clear}
          </a>
        </div>
        <Results search={search} results={results} />
      </div>
    </SiteLayout>
  )
}

function Results({ search, results: { creators, posts, isMore } }: SearchPageProps) {
  const { words } = usePage()
  const longer = posts.totalPages > creators.totalPages ? posts : creators
  if (isBeyondLast(longer)) return <BeyondLastPage />
  if (longer.total === 0)
    return <Notice icon="search" title={words.search.nothingFor(search)} hint={words.search.tryAnother} />

  const postCount = words.counts.posts(posts.total)
  return (
    <div class="flex flex-col gap-12">
      {creators.data.length > 0 && (
        <section aria-labelledby="found-creators">
          <ResultHeading
            id="found-creators"
            title={words.search.creators}
            count={words.counts.creators(creators.total)}
          />
          <CreatorGrid creators={creators.data} />
        </section>
      )}
      {posts.data.length > 0 && (
        <section aria-labelledby="found-posts">
          <ResultHeading
            id="found-posts"
            title={words.search.posts}
            count={isMore ? words.search.moreThan(postCount) : postCount}
          />
          <ul class="post-grid">
            {posts.data.map((post) => (
              <PostCard post={post} namesCreator />
            ))}
          </ul>
        </section>
      )}
      <Pagination pages={longer} />
    </div>
  )
}

function ResultHeading({ id, title, count }: { id: string; title: string; count: string }) {
  return (
    <div class="mb-4 flex items-baseline gap-3">
      <h2 class="heading" id={id}>
        {title}
      </h2>
      <p class="text-sm text-muted">{count}</p>
    </div>
  )
}
