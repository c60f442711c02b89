/** Fetches a stylesheet of ours, once. */
export function loadStyles(address: string): Promise<void> {
  if (document.querySelector(`link[href="${address}"]`)) return Promise.resolve()
  return new Promise((resolve) => {
    const link = document.createElement('link')
    link.rel = 'stylesheet'
    link.href = address
    link.addEventListener('load', () => resolve())
    // Without its looks it still works.
    link.addEventListener('error', () => resolve())
    document.head.append(link)
  })
}
