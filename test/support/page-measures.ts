import type { Locator, Page } from 'playwright-core'

/**
 * What is measured inside a browser. Of a whole page it is written as text, for the types of the DOM have no place
 * in a program that runs on a server.
 */

export const isFocused = (element: Locator): Promise<boolean> =>
  element.evaluate((node) => node.matches(':focus'))

/** Whether the video has something to show: HAVE_CURRENT_DATA or more. */
export const hasFrames = (video: Locator): Promise<boolean> =>
  video.evaluate((player) => player.readyState >= 2)

/** Whether the video goes on once it is started. */
export function plays(video: Locator): Promise<boolean> {
  return video.evaluate(async (player) => {
    player.muted = true
    await player.play()
    await new Promise((resolve) => player.addEventListener('timeupdate', resolve, { once: true }))
    return player.currentTime > 0 && !player.paused
  })
}

/** Where the video is, in seconds, after it was asked to go there. */
export function seek(video: Locator, seconds: number): Promise<number> {
  return video.evaluate(async (player, target) => {
    player.pause()
    const arrived = new Promise((resolve) => player.addEventListener('seeked', resolve, { once: true }))
    player.currentTime = target
    await arrived
    return player.currentTime
  }, seconds)
}

/** The addresses of pictures that did not arrive. */
export const missingPictures = (page: Page) =>
  page.evaluate<string[]>(`(async () => {
    for (const picture of document.images) picture.loading = 'eager'
    const missing = await Promise.all(
      [...document.images].map((picture) => picture.decode().then(() => [], () => [picture.src])),
    )
    return missing.flat()
  })()`)

/** Pixels by which the page is wider than the window. */
export const overflow = (page: Page) =>
  page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth')

/** Links, buttons and fields that are lower or narrower than a fingertip: 44 pixels. */
export const smallTargets = (page: Page) =>
  page.evaluate<string[]>(`[...document.querySelectorAll('a, button, input')]
    .filter((target) => target.checkVisibility() && !target.classList.contains('skip-link'))
    .filter((target) => {
      const { width, height } = target.getBoundingClientRect()
      return width < 44 || height < 44
    })
    .map((target) => target.outerHTML)`)

/** Cumulative layout shift so far: 0 when nothing moved. */
export const layoutShift = (page: Page) =>
  page.evaluate<number>(`new Promise((resolve) => {
    let shift = 0
    const observer = new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) shift += entry.value
    })
    observer.observe({ type: 'layout-shift', buffered: true })
    requestAnimationFrame(() => requestAnimationFrame(() => resolve(shift)))
  })`)
