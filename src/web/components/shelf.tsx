import type { Child } from 'hono/jsx'
import { usePage } from '../render.tsx'
import { Icon } from './icon.tsx'

interface ShelfProps {
  id: string
  title: string
  /** Where all of them are. */
  more?: { address: string; label: string }
  children: Child
}

/** A row that is swiped, scrolled, or moved by its arrows, which show where there is a mouse and more to see. */
export function Shelf({ id, title, more, children }: ShelfProps) {
  const { words } = usePage()
  return (
    <section class="pt-10 sm:pt-14" aria-labelledby={id}>
      <div class="shell flex items-center justify-between gap-4">
        <h2 class="heading" id={id}>
          {title}
        </h2>
        {more && (
          <a class="nav-link -me-3" href={more.address} aria-label={more.label}>
            {words.home.seeAll}
            <Icon name="next" class="ms-1 size-4 rtl:rotate-180" />
          </a>
        )}
      </div>
      <div class="shelf-frame" data-shelf>
        <ShelfArrow direction="back" label={words.home.scrollBack(title)} />
        <ul class="shelf">{children}</ul>
        <ShelfArrow direction="on" label={words.home.scrollOn(title)} />
      </div>
    </section>
  )
}

/** Shown by the script: without it there is nothing that it could do. */
function ShelfArrow({ direction, label }: { direction: 'back' | 'on'; label: string }) {
  return (
    <button
      class={`shelf-arrow ${direction === 'back' ? 'start-0' : 'end-0'}`}
      type="button"
      aria-label={label}
      data-scroll={direction}
      hidden
    >
      <Icon name={direction === 'back' ? 'previous' : 'next'} class="size-7 rtl:rotate-180" />
    </button>
  )
}
