const asked = new Map<string, Promise<void>>()

/** Fetches a stylesheet of ours, once. Resolves when it counts. */
export function loadStyles(address: string): Promise<void> {
  const loading = asked.get(address) ?? load(address)
  asked.set(address, loading)
  return loading
}

function load(address: string): Promise<void> {
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
