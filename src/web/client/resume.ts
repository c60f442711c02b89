const STORED_AS = 'watched'
/** Of so many videos the place is kept; the longest unseen are forgotten first. */
const MOST_KEPT = 200
/** What was hardly begun, or is all but over, begins again. */
const HARDLY_BEGUN_SECONDS = 10
const ALL_BUT_OVER_SECONDS = 15
const SAVE_EVERY_MS = 3_000

/** By the video's id: where it was left, in seconds, and when. */
type Watched = Record<string, { at: number; on: number }>

/** Goes on where one left, in this browser, and offers to start over. @param video whose length is known. */
export function resumeWatching(film: HTMLElement, video: HTMLVideoElement) {
  const id = film.dataset.film ?? ''
  const left = read()[id]?.at ?? 0
  let savedAt = 0

  if (left >= HARDLY_BEGUN_SECONDS && left < video.duration - ALL_BUT_OVER_SECONDS) resume(film, video, left)
  video.addEventListener('timeupdate', () => {
    if (video.paused || Date.now() - savedAt < SAVE_EVERY_MS) return
    savedAt = Date.now()
    save(id, video)
  })
  video.addEventListener('pause', () => save(id, video))
  video.addEventListener('ended', () => save(id, video))
  addEventListener('pagehide', () => save(id, video))
}

/** Once its length is known. */
export function whenMeasured(video: HTMLVideoElement, then: () => void) {
  if (video.readyState >= HTMLMediaElement.HAVE_METADATA) then()
  else video.addEventListener('loadedmetadata', then, { once: true })
}

function resume(film: HTMLElement, video: HTMLVideoElement, left: number) {
  video.currentTime = left
  const note = film.querySelector<HTMLElement>('[data-resumed]')
  const at = note?.querySelector('[data-resumed-at]')
  if (!note || !at) return
  at.textContent = clock(left)
  note.hidden = false
  const hide = () => {
    note.hidden = true
  }
  note.querySelector('[data-start-over]')?.addEventListener('click', () => {
    video.currentTime = 0
    hide()
    film.querySelector<HTMLElement>('.plyr')?.focus()
    video.play().catch(() => {})
  })
  video.addEventListener('play', () => setTimeout(hide, 5_000), { once: true })
}

function save(id: string, video: HTMLVideoElement) {
  const isWorthIt =
    video.currentTime >= HARDLY_BEGUN_SECONDS && video.currentTime < video.duration - ALL_BUT_OVER_SECONDS
  const watched = read()
  if (isWorthIt) watched[id] = { at: Math.round(video.currentTime), on: Date.now() }
  else if (video.currentTime > 1) delete watched[id]
  else return
  write(watched)
}

function read(): Watched {
  try {
    return JSON.parse(localStorage.getItem(STORED_AS) ?? '{}')
  } catch {
    return {}
  }
}

function write(watched: Watched) {
  const newest = Object.entries(watched)
    .sort(([, left], [, right]) => right.on - left.on)
    .slice(0, MOST_KEPT)
  try {
    localStorage.setItem(STORED_AS, JSON.stringify(Object.fromEntries(newest)))
  } catch {
    // Where nothing may be stored, every video starts at its beginning.
  }
}

/** 3:07, or 1:02:09. */
function clock(seconds: number) {
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, Math.floor(seconds) % 60]
  const [first = 0, ...rest] = parts[0] === 0 ? parts.slice(1) : parts
  return [first, ...rest.map((part) => String(part).padStart(2, '0'))].join(':')
}
