const PAUSE_MS = 150
const FEWEST_CHARACTERS = 2

/** Suggestions below a search field while one types: a combobox (WAI-ARIA 1.2). */
export function startSearch(form: HTMLElement) {
  const field = form.querySelector('input')
  const list = form.querySelector<HTMLElement>('[role="listbox"]')
  if (field && list) new Suggestions(form, field, list).start()
}

class Suggestions {
  private selected = -1
  private timer = 0
  private request = new AbortController()
  private readonly form: HTMLElement
  private readonly field: HTMLInputElement
  private readonly list: HTMLElement

  constructor(form: HTMLElement, field: HTMLInputElement, list: HTMLElement) {
    this.form = form
    this.field = field
    this.list = list
  }

  start() {
    const { field, list, form } = this
    for (const [name, value] of Object.entries({
      role: 'combobox',
      'aria-expanded': 'false',
      'aria-controls': list.id,
      'aria-autocomplete': 'list',
    }))
      field.setAttribute(name, value)
    field.addEventListener('input', () => this.ask())
    field.addEventListener('focus', () => this.options.length > 0 && this.show(true))
    field.addEventListener('keydown', (event) => this.pressed(event))
    form.addEventListener('focusout', ({ relatedTarget }) => {
      if (!form.contains(relatedTarget as Node | null)) this.show(false)
    })
    // A press must not take the focus from the field, or the list would be gone before the click.
    list.addEventListener('pointerdown', (event) => event.preventDefault())
  }

  private get options() {
    return [...this.list.querySelectorAll<HTMLAnchorElement>('[role="option"]')]
  }

  private ask() {
    clearTimeout(this.timer)
    this.request.abort()
    const words = this.field.value.trim()
    if (words.length < FEWEST_CHARACTERS) this.fill('')
    else this.timer = window.setTimeout(() => this.fetch(words), PAUSE_MS)
  }

  private async fetch(words: string) {
    this.request = new AbortController()
    try {
      const address = `${this.form.dataset.suggestions}?${new URLSearchParams({ q: words })}`
      const answer = await fetch(address, { signal: this.request.signal })
      if (answer.ok) this.fill(await answer.text())
    } catch {
      // A newer question, or no connection: the form itself still searches.
    }
  }

  private fill(html: string) {
    this.list.innerHTML = html
    this.selected = -1
    for (const [index, option] of this.options.entries()) option.id = `${this.list.id}-${index}`
    this.show(this.options.length > 0)
    const status = this.form.querySelector('[role="status"]')
    if (status) status.textContent = this.list.querySelector<HTMLElement>('[data-said]')?.dataset.said ?? ''
  }

  private show(isShown: boolean) {
    this.list.hidden = !isShown
    this.field.setAttribute('aria-expanded', String(isShown))
    if (!isShown) this.select(-1)
  }

  private pressed(event: KeyboardEvent) {
    if (event.key === 'Escape' && !this.list.hidden) {
      this.show(false)
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      if (this.options.length === 0) return
      this.show(true)
      this.step(event.key === 'ArrowDown' ? 1 : -1)
    } else if (event.key === 'Enter' && this.options[this.selected]) {
      this.options[this.selected]?.click()
    } else return
    event.preventDefault()
  }

  /** Beyond either end is the field itself. */
  private step(by: number) {
    const places = this.options.length + 1
    this.select(((this.selected + 1 + by + places) % places) - 1)
  }

  private select(index: number) {
    this.selected = index
    for (const [place, option] of this.options.entries())
      option.setAttribute('aria-selected', String(place === index))
    const option = this.options[index]
    option?.scrollIntoView({ block: 'nearest' })
    if (option) this.field.setAttribute('aria-activedescendant', option.id)
    else this.field.removeAttribute('aria-activedescendant')
  }
}
