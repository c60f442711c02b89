import { directionOf, scrollBehavior, wantsLessMotion } from './motion.ts'

const SLIDE_MS = 7_000

/** Arrows, dots and a pause button for the slides; they change by themselves while nobody is at them. */
export function startHero(hero: HTMLElement) {
  const slides = hero.querySelector<HTMLElement>('[data-hero-slides]')
  const controls = hero.querySelector<HTMLElement>('[data-hero-controls]')
  const pause = hero.querySelector<HTMLButtonElement>('[data-hero-pause]')
  if (!slides || !controls || !pause) return
  const dots = [...hero.querySelectorAll<HTMLButtonElement>('[data-hero-dot]')]
  let isPaused = wantsLessMotion()
  let isAttended = false

  const current = () => Math.round(Math.abs(slides.scrollLeft) / slides.clientWidth)
  const show = (index: number) => {
    const wrapped = (index + dots.length) % dots.length
    slides.scrollTo({ left: wrapped * slides.clientWidth * directionOf(slides), behavior: scrollBehavior() })
  }
  const updateDots = () => {
    for (const [index, dot] of dots.entries()) {
      if (index === current()) dot.setAttribute('aria-current', 'true')
      else dot.removeAttribute('aria-current')
    }
    leaveUnseenAlone(slides, current())
  }
  const updatePause = () => {
    pause.classList.toggle('is-paused', isPaused)
    pause.setAttribute('aria-label', (isPaused ? pause.dataset.play : pause.dataset.pause) ?? '')
  }

  for (const [index, dot] of dots.entries()) dot.addEventListener('click', () => show(index))
  for (const button of hero.querySelectorAll<HTMLElement>('[data-hero-step]'))
    button.addEventListener('click', () => show(current() + Number(button.dataset.heroStep)))
  pause.addEventListener('click', () => {
    isPaused = !isPaused
    updatePause()
  })
  slides.addEventListener('scroll', updateDots, { passive: true })
  for (const [event, attended] of [
    ['pointerenter', true],
    ['pointerleave', false],
    ['focusin', true],
    ['focusout', false],
  ] as const)
    hero.addEventListener(event, () => {
      isAttended = attended
    })
  setInterval(() => {
    if (!isPaused && !isAttended && !document.hidden && isInView(hero)) show(current() + 1)
  }, SLIDE_MS)

  updatePause()
  updateDots()
  controls.hidden = false
}

/** The keyboard does not wander off to slides that nobody sees. */
function leaveUnseenAlone(slides: HTMLElement, current: number) {
  for (const [index, slide] of [...slides.children].entries())
    slide.toggleAttribute('inert', index !== current)
}

const isInView = (element: HTMLElement) => element.getBoundingClientRect().bottom > element.clientHeight / 2
