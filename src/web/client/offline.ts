const LOOK_AGAIN_MS = 5_000
/** Asks nothing of the database. */
const SITE_IS_THERE = '/health/live'
/** Where the page is kept from; opened there, nothing else was wanted. */
const OWN_ADDRESS = '/offline'

/**
 * The page for being offline stands at the address that was wanted: once the site can be reached, that is loaded. A
 * browser that says it is online may not be through yet, so the site itself is asked.
 */
export function startOffline(page: HTMLElement) {
  const reload = () => location.reload()
  page.querySelector('[data-reload]')?.addEventListener('click', reload)
  if (location.pathname === OWN_ADDRESS) return

  const reloadOnceThere = async () => {
    const answer = await fetch(SITE_IS_THERE, { cache: 'no-store' }).catch(() => null)
    if (answer?.ok) reload()
  }
  addEventListener('online', reloadOnceThere)
  setInterval(reloadOnceThere, LOOK_AGAIN_MS)
}
