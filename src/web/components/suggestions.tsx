import type { Suggested } from '#src/services/catalogue/search.ts'
import { creatorAddress, postAddress } from '../addresses.ts'
import { usePage } from '../render.tsx'
import { Icon } from './icon.tsx'
import { Placeholder } from './placeholder.tsx'

/** The fragment that stands below a search field while one types: the options of its list. */
export function Suggestions({ search, found }: { search: string; found: Suggested }) {
  const { words } = usePage()
  return (
    <>
      {found.creators.map(({ slug, name }) => (
        <a class="suggestion" role="option" aria-selected="false" tabindex={-1} href={creatorAddress(slug)}>
          <span class="avatar size-10">
            <Placeholder name={name} class="text-sm" />
          </span>
          <bdi class="truncate font-medium">{name}</bdi>
        </a>
      ))}
      {found.posts.map(({ id, title, creator }) => (
        <a class="suggestion" role="option" aria-selected="false" tabindex={-1} href={postAddress(id)}>
          <span class="suggestion-mark">
            <Icon name="photo" class="size-5" />
          </span>
          <span class="min-w-0">
            <bdi class="block truncate">{title}</bdi>
            <span class="block truncate text-sm text-muted">{words.search.postBy(creator)}</span>
          </span>
        </a>
      ))}
      <a
        class="suggestion"
        role="option"
        aria-selected="false"
        tabindex={-1}
        data-said={words.search.suggestionsFound(found.creators.length + found.posts.length)}
        href={`/creators?${new URLSearchParams({ q: search })}`}
      >
        <span class="suggestion-mark">
          <Icon name="search" class="size-5" />
        </span>
        <span class="truncate">{words.search.seeAllResults(search)}</span>
      </a>
    </>
  )
}
