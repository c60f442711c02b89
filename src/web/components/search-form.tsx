import { usePage } from '../render.tsx'
import { Icon } from './icon.tsx'

/** Searches as one types, where there is a script. @param id tells apart the forms of one page. */
export function SearchForm({
  id,
  value = '',
  class: size = '',
}: {
  id: string
  value?: string
  class?: string
}) {
  const { words } = usePage()
  return (
    <search class={size}>
      <form class="relative" action="/creators" method="get" data-suggestions={SUGGESTIONS}>
        <label class="sr-only" for={id}>
          {words.search.label}
        </label>
        <input
          class="field w-full ps-5 pe-14"
          id={id}
          name="q"
          type="search"
          value={value}
          placeholder={words.search.placeholder}
          maxlength={100}
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          enterkeyhint="search"
        />
        <button class="icon-button absolute inset-y-0 end-0" type="submit">
          <Icon name="search" />
          <span class="sr-only">{words.search.submit}</span>
        </button>
        <div
          class="suggestions"
          id={`${id}-suggestions`}
          role="listbox"
          aria-label={words.search.suggestions}
          hidden
        />
        <p class="sr-only" role="status" />
      </form>
    </search>
  )
}

const SUGGESTIONS = '/search/suggestions'
