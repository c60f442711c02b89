import { startHero } from './hero.ts'
import { startOffline } from './offline.ts'
import { watchPictures } from './pictures.ts'
import { startSearch } from './search.ts'
import { startShelf } from './shelf.ts'
import { startTheme } from './theme.ts'

/** Runs on every page, after it was read. What only some pages need is fetched when such a page is there. */

watchPictures()
startTheme()
each('[data-shelf]', startShelf)
each('[data-hero]', startHero)
each('[data-suggestions]', startSearch)

whereThereIs('[data-endless]', async (list) => (await import('./endless.ts')).startEndless(list))
whereThereIs('[data-gallery]', async (gallery) => (await import('./gallery.ts')).startGallery(gallery))
whereThereIs('[data-film]', () => afterLoad(async () => (await import('./player.ts')).startPlayers()))
whereThereIs('[data-neighbours]', async (links) => (await import('./neighbours.ts')).startNeighbours(links))
whereThereIs('[data-offline]', startOffline)
whereThereIs('[data-checkout-form]', async () => (await import('./checkout-form.ts')).startCheckoutForms())
whereThereIs('[data-checkout]', async (region) => (await import('./checkout.ts')).startCheckout(region))

navigator.serviceWorker?.register('/sw.js').catch(() => {
  // Where it is refused, as in a private window, the site works without.
})

/** What the page shows comes first. */
function afterLoad(start: () => void) {
  if (document.readyState === 'complete') start()
  else addEventListener('load', start, { once: true })
}

function each(selector: string, start: (element: HTMLElement) => void) {
  for (const element of document.querySelectorAll<HTMLElement>(selector)) start(element)
}

function whereThereIs(selector: string, start: (element: HTMLElement) => void) {
  const element = document.querySelector<HTMLElement>(selector)
  if (element) start(element)
}
