/** The page for being offline stands at the address that was wanted: once there is a connection, that is loaded. */
export function startOffline(page: HTMLElement) {
  const reload = () => location.reload()
  addEventListener('online', reload)
  page.querySelector('[data-reload]')?.addEventListener('click', reload)
}
