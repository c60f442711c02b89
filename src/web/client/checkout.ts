import { startForm } from './checkout-form.ts'

/** So often the page is asked for where events do not come, and where something else than the status changes. */
const LOOK_AGAIN_MS = 4_000

/** What became of a payment arrives while one looks at it. */
export function startCheckout(region: HTMLElement) {
  new Checkout(region).start()
}

class Checkout {
  private region: HTMLElement
  private events: EventSource | null = null
  private looking = 0
  private counting = 0
  private isLooking = false

  constructor(region: HTMLElement) {
    this.region = region
  }

  start() {
    this.begin()
    // A phone stops the page while its owner pays in the app of the bank.
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden && this.region.dataset.checkout) this.look()
    })
    addEventListener('online', () => this.region.dataset.checkout && this.look())
  }

  /** For this state, until it is another. */
  private begin() {
    const { checkout, lookAgain } = this.region.dataset
    startCopying(this.region)
    for (const time of this.region.querySelectorAll<HTMLElement>('[data-countdown]')) this.count(time)
    if (!checkout) return
    if (lookAgain !== undefined) this.lookFromNowOn()
    this.listen(checkout)
  }

  private end() {
    this.events?.close()
    clearInterval(this.looking)
    clearInterval(this.counting)
  }

  private listen(address: string) {
    const events = new EventSource(address)
    this.events = events
    events.addEventListener('status', ({ data }) => {
      if (data !== this.region.dataset.status) this.look()
    })
    // It connects again by itself, or was refused for good: either way nothing is missed.
    events.addEventListener('error', () => this.lookFromNowOn())
    events.addEventListener('open', () => {
      if (this.region.dataset.lookAgain === undefined) clearInterval(this.looking)
    })
  }

  private lookFromNowOn() {
    clearInterval(this.looking)
    this.looking = window.setInterval(() => {
      if (!document.hidden) this.look()
    }, LOOK_AGAIN_MS)
  }

  private async look() {
    if (this.isLooking) return
    this.isLooking = true
    try {
      const answer = await fetch(location.href, { headers: { Accept: 'text/html' }, cache: 'no-store' })
      if (answer.ok) this.show(new DOMParser().parseFromString(await answer.text(), 'text/html'))
    } catch {
      // No connection: the next look may find one.
    } finally {
      this.isLooking = false
    }
  }

  private show(page: Document) {
    const fresh = page.querySelector<HTMLElement>('[data-checkout]')
    if (!fresh) return location.reload()
    const isSame = fresh.dataset.view === this.region.dataset.view
    if (isSame && fresh.dataset.status === this.region.dataset.status) return
    this.end()
    document.title = page.title
    this.region.replaceWith(fresh)
    this.region = fresh
    for (const form of fresh.querySelectorAll<HTMLFormElement>('[data-checkout-form]')) startForm(form)
    this.begin()
    const title = fresh.querySelector<HTMLElement>('[data-state-title]')
    title?.focus({ preventScroll: true })
    scrollTo({ top: 0 })
  }

  /** By how long it is, not until when: clocks differ. */
  private count(time: HTMLElement) {
    const end = Date.now() + Number(time.dataset.countdown) * 1_000
    const update = () => {
      const seconds = Math.max(Math.ceil((end - Date.now()) / 1_000), 0)
      time.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
      if (seconds > 0) return
      clearInterval(this.counting)
      this.lookFromNowOn()
    }
    this.counting = window.setInterval(update, 1_000)
    update()
  }
}

function startCopying(region: HTMLElement) {
  for (const field of region.querySelectorAll<HTMLTextAreaElement>('[data-select]'))
    field.addEventListener('focus', () => field.select())
  for (const button of region.querySelectorAll<HTMLButtonElement>('[data-copy]')) {
    button.classList.remove('invisible')
    button.addEventListener('click', () => copy(button, region))
  }
}

async function copy(button: HTMLButtonElement, region: HTMLElement) {
  const field = document.getElementById(button.dataset.copy ?? '')
  const status = region.querySelector('[data-copy-status]')
  if (!(field instanceof HTMLTextAreaElement) || !status) return
  const isCopied = (await writeClipboard(field.value)) || copySelected(field)
  if (isCopied) button.focus()
  status.textContent = (isCopied ? button.dataset.copied : button.dataset.copyFailed) ?? ''
}

/** There over TLS and on this machine alone. */
async function writeClipboard(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return false
  }
}

/** The old way, for a site that is tried on a phone without TLS. The code stays selected in any case. */
function copySelected(field: HTMLTextAreaElement): boolean {
  field.focus()
  field.select()
  return document.execCommand('copy')
}
