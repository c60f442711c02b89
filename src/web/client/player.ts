import Plyr from 'plyr'
import { resumeWatching, whenMeasured } from './resume.ts'
import { startShortcuts } from './shortcuts.ts'
import { attachStream } from './stream.ts'
import { loadStyles } from './styles.ts'

const SPEEDS = [0.5, 0.75, 1, 1.25, 1.5, 1.75, 2]
const CONTROLS = [
  'play-large',
  'play',
  'progress',
  'current-time',
  'duration',
  'mute',
  'volume',
  'captions',
  'settings',
  'pip',
  'airplay',
  'fullscreen',
]

const NEARBY = '200px'
const LONGEST_WAIT_MS = 2_000

/** One at a time, so that the page answers in between. */
function whenIdle(work: () => void) {
  if ('requestIdleCallback' in window) requestIdleCallback(work, { timeout: LONGEST_WAIT_MS })
  else setTimeout(work)
}

/** Dresses the videos of the page, one after the other as they come near; until then the browser's own player is there. */
export function startPlayers() {
  const nearby = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting || !(target instanceof HTMLElement)) continue
        nearby.unobserve(target)
        whenIdle(() => startPlayer(target))
      }
    },
    { rootMargin: NEARBY },
  )
  for (const film of document.querySelectorAll('[data-film]')) nearby.observe(film)
}

async function startPlayer(film: HTMLElement) {
  const video = film.querySelector('video')
  const { styles, icons, words, title } = film.dataset
  if (!video) return
  await loadStyles(styles ?? '')

  const i18n = JSON.parse(words ?? '{}')
  const player = new Plyr(video, {
    controls: CONTROLS,
    settings: ['captions', 'speed'],
    iconUrl: icons ?? '',
    // It asks for it when a source is taken away, which never happens here.
    blankVideo: '',
    title: title ?? '',
    i18n,
    speed: { selected: 1, options: SPEEDS },
    captions: { active: hasChosenCaptions(video), language: 'auto', update: true },
    keyboard: { focused: true, global: false },
    fullscreen: { enabled: true, fallback: true, iosNative: true },
    tooltips: { controls: false, seek: true },
    invertTime: false,
    storage: { enabled: true, key: 'player' },
  })
  // Only now: the player keeps a copy of the element, whose source must not be what is put together for this one.
  await attachStream(video)
  const dressed = film.querySelector<HTMLElement>('.plyr')
  if (dressed) {
    takeKeys(dressed)
    tellHeight(dressed)
  }
  whenMeasured(video, () => {
    showLength(video)
    resumeWatching(film, video)
  })
  startShortcuts(film, player)
  renewWhenRefused(film, video, player)
}

/** A click on the picture gives it the keys; by Tab it is reached through its buttons. */
function takeKeys(dressed: HTMLElement) {
  dressed.setAttribute('tabindex', '-1')
  // This button goes away when it is pressed, and the focus with it.
  const bigButton = dressed.querySelector('.plyr__control--overlaid')
  bigButton?.addEventListener('click', () => dressed.focus({ preventScroll: true }))
}

/** On a phone the menus are taller than the player, and scroll within it. */
function tellHeight(dressed: HTMLElement) {
  new ResizeObserver(() => {
    dressed.style.setProperty('--film-height', `${dressed.clientHeight}px`)
  }).observe(dressed)
}

/** The player reads it when it changes, at the very beginning of the video alone. */
function showLength(video: HTMLVideoElement) {
  video.currentTime = 0
  video.dispatchEvent(new Event('durationchange'))
}

const hasChosenCaptions = (video: HTMLVideoElement) => video.querySelector('track[default]') !== null

/** Not sooner than this after the last time: what is renewed and refused again is really gone. */
const RENEW_AGAIN_MS = 20_000

/** Links end; a film that is longer than its link, or was paused for long, goes on with a new one from the page. */
function renewWhenRefused(film: HTMLElement, video: HTMLVideoElement, player: Plyr) {
  const failed = film.querySelector<HTMLElement>('[data-failed]')
  let renewedAt = 0
  const renew = async () => {
    const { currentTime, playbackRate } = video
    const wasPlaying = player.playing
    renewedAt = Date.now()
    const source = await freshSource(film.dataset.film ?? '')
    if (!source) return show(failed, true)
    show(failed, false)
    video.src = source
    await attachStream(video)
    video.addEventListener(
      'loadedmetadata',
      () => {
        video.currentTime = currentTime
        video.playbackRate = playbackRate
        if (wasPlaying) video.play().catch(() => {})
      },
      { once: true },
    )
    video.load()
  }
  video.addEventListener('error', () => {
    if (Date.now() - renewedAt < RENEW_AGAIN_MS) show(failed, true)
    else renew()
  })
  if (video.error) renew()
  failed?.querySelector('[data-retry]')?.addEventListener('click', renew)
}

/** The video's source as the page would have it now, or null when it cannot be had. */
async function freshSource(id: string): Promise<string | null> {
  try {
    const answer = await fetch(location.href, { headers: { Accept: 'text/html' } })
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
    return page.querySelector(`[data-film="${CSS.escape(id)}"] video`)?.getAttribute('src') ?? null
  } catch {
    return null
  }
}

function show(element: HTMLElement | null, isShown: boolean) {
  if (element) element.hidden = !isShown
}
