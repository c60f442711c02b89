import type { Child } from 'hono/jsx'
import type { CreatorView } from '#src/services/catalogue/views.ts'
import { usePage } from '../render.tsx'
import { Icon } from './icon.tsx'
import { Picture, WIDTHS } from './picture.tsx'

/** Slides side by side, swiped or scrolled to. The script adds arrows, dots, and changing by themselves. */
export function Hero({ total, children }: { total: number; children: Child }) {
  const { words } = usePage()
  return (
    <section
      class="hero"
      aria-roledescription="carousel"
      aria-label={words.home.highlights}
      {...(total > 1 && { 'data-hero': true })}
    >
      <ul class="hero-slides" data-hero-slides aria-label={words.home.highlights}>
        {children}
      </ul>
      {total > 1 && <HeroControls total={total} />}
    </section>
  )
}

function HeroControls({ total }: { total: number }) {
  const { home } = usePage().words
  return (
    <div class="hero-controls shell" data-hero-controls hidden>
      <button
        class="hero-button"
        type="button"
        data-hero-pause
        aria-label={home.pauseSlides}
        data-play={home.playSlides}
        data-pause={home.pauseSlides}
      >
        <Icon name="pause" class="hero-pause size-5" />
        <Icon name="play" class="hero-play size-5" />
      </button>
      {Array.from({ length: total }, (_, index) => (
        <button
          class="hero-dot"
          type="button"
          data-hero-dot={index}
          aria-label={home.showSlide(index + 1, total)}
          {...(index === 0 && { 'aria-current': 'true' })}
        />
      ))}
      <button
        class="hero-button ms-auto max-sm:hidden"
        type="button"
        data-hero-step="-1"
        aria-label={home.previousSlide}
      >
        <Icon name="previous" class="size-5 rtl:rotate-180" />
      </button>
      <button class="hero-button max-sm:hidden" type="button" data-hero-step="1" aria-label={home.nextSlide}>
        <Icon name="next" class="size-5 rtl:rotate-180" />
      </button>
    </div>
  )
}

interface HeroSlideProps {
  number: number
  total: number
  backdrop?: CreatorView
  isFirst?: boolean
  children: Child
}

export function HeroSlide({ number, total, backdrop, isFirst = false, children }: HeroSlideProps) {
  return (
    <li class="hero-slide isolate" aria-label={usePage().words.home.slide(number, total)}>
      {backdrop && (
        <div class="hero-backdrop">
          <Picture
            picture={backdrop.banner ?? backdrop.cover}
            name={backdrop.name}
            width={WIDTHS.whole}
            letters="text-transparent"
            isMain={isFirst}
          />
        </div>
      )}
      <div class="hero-words shell">{children}</div>
    </li>
  )
}
