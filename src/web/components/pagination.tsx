import type { Page } from '#src/lib/pagination.ts'
import { usePage } from '../render.tsx'
import { Icon } from './icon.tsx'
import { Notice } from './notice.tsx'

type Pages = Pick<Page<unknown>, 'page' | 'totalPages' | 'total'>

/** Real links to the neighbouring pages; nothing when there is only one. */
export function Pagination({ pages }: { pages: Pages }) {
  const { words } = usePage()
  const addressOfPage = usePageAddress()
  const { page, totalPages } = pages
  if (totalPages <= 1 || page > totalPages) return null

  return (
    <nav class="mt-12 flex items-center justify-center gap-1 sm:gap-3" aria-label={words.pages.label}>
      {page > 1 && (
        <a class="button-quiet max-sm:px-4" rel="prev" href={addressOfPage(page - 1)}>
          <Icon name="previous" class="size-5 max-sm:hidden" />
          {words.pages.previous}
        </a>
      )}
      <span class="px-2 text-center text-sm text-muted">{words.pages.position(page, totalPages)}</span>
      {page < totalPages && (
        <a class="button-quiet max-sm:px-4" rel="next" href={addressOfPage(page + 1)}>
          {words.pages.next}
          <Icon name="next" class="size-5 max-sm:hidden" />
        </a>
      )}
    </nav>
  )
}

/** For who followed an old link beyond the last page. */
export function BeyondLastPage() {
  const { words } = usePage()
  const addressOfPage = usePageAddress()
  return (
    <Notice title={words.pages.beyond}>
      <a class="button" href={addressOfPage(1)}>
        {words.pages.toFirst}
      </a>
    </Notice>
  )
}

export const isBeyondLast = ({ page, totalPages, total }: Pages) => total > 0 && page > totalPages

/** This very address with another page. */
function usePageAddress() {
  const { path, query } = usePage().address
  return (page: number) => {
    const changed = new URLSearchParams(query)
    if (page === 1) changed.delete('page')
    else changed.set('page', String(page))
    return changed.size > 0 ? `${path}?${changed}` : path
  }
}
