const YEAR_SECONDS = 31_536_000

/** The button of the header. What agrees with the system's choice needs no remembering. */
export function startTheme() {
  const button = document.querySelector<HTMLButtonElement>('[data-theme-button]')
  if (!button) return
  const root = document.documentElement
  const system = matchMedia('(prefers-color-scheme: light)')
  const isDark = () => (root.dataset.theme ? root.dataset.theme === 'dark' : !system.matches)
  const show = () => button.setAttribute('aria-pressed', String(isDark()))

  button.classList.remove('invisible')
  show()
  system.addEventListener('change', show)
  button.addEventListener('click', () => {
    const theme = isDark() ? 'light' : 'dark'
    const isSystems = (theme === 'light') === system.matches
    if (isSystems) delete root.dataset.theme
    else root.dataset.theme = theme
    remember(isSystems ? null : theme)
    show()
  })
}

function remember(theme: string | null) {
  const lasting = theme ? `max-age=${YEAR_SECONDS}` : 'max-age=0'
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is younger than the browsers that visit.
  document.cookie = `theme=${theme ?? ''}; path=/; ${lasting}; samesite=lax`
}
