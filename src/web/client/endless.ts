import { preparePictures } from './pictures.ts'
import { Pieces } from './pieces.ts'

/** So far below the window, the next piece is on its way. */
const AHEAD_PX = 1_200

/** The list goes on as one scrolls: pieces of HTML, by cursor, in place of the links to other pages. */
export function startEndless(list: HTMLElement) {
  new EndlessList(list).start()
}

class EndlessList {
  private readonly pieces: Pieces
  private readonly foot: HTMLElement
  private readonly status: HTMLElement
  private readonly more: HTMLButtonElement
  private readonly list: HTMLElement
  /** What the button says as long as nothing failed. */
  private readonly moreWords: string
  private isFetching = false
  /** Whether the button was pressed for what is on its way: the focus moves on to the first of the new posts. */
  private isAwaited = false
  private hasFailed = false

  constructor(list: HTMLElement) {
    this.list = list
    this.foot = find(list, '[data-foot]')
    this.status = find(list, '[data-status]')
    this.more = find(list, '[data-more]') as HTMLButtonElement
    this.moreWords = this.more.textContent ?? ''
    this.pieces = new Pieces(find(list, '[data-pieces]'), list.dataset.endless ?? '')
  }

  async start() {
    find(this.list, '[data-pages]').hidden = true
    this.foot.hidden = false
    this.more.addEventListener('click', () => this.fetchMore(true))
    await this.pieces.restore()
    this.update()
    new IntersectionObserver(
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) this.fetchMore(false)
      },
      { rootMargin: `${AHEAD_PX}px` },
    ).observe(this.foot)
    addEventListener('online', () => {
      if (this.hasFailed) this.fetchMore(false)
    })
  }

  /** @param isAsked by the button, and not because one came near the end. */
  private async fetchMore(isAsked: boolean): Promise<void> {
    this.isAwaited ||= isAsked
    if (this.isFetching || this.pieces.isComplete) return
    this.isFetching = true
    this.say(this.status.dataset.loading)
    const piece = await this.pieces.append()
    this.isFetching = false
    this.hasFailed = piece === null
    if (!piece) return this.failed()
    this.more.textContent = this.moreWords
    preparePictures(piece)
    if (this.isAwaited) piece.querySelector('a')?.focus({ preventScroll: true })
    this.isAwaited = false
    this.say(piece.dataset.said)
    this.update()
    if (this.isNear) await this.fetchMore(false)
  }

  private get isNear() {
    return this.foot.getBoundingClientRect().top < innerHeight + AHEAD_PX
  }

  private update() {
    if (!this.pieces.isComplete) return
    this.more.hidden = true
    this.say(this.status.dataset.end)
    find(this.list, '[data-top]').hidden = false
  }

  private failed() {
    this.say(this.status.dataset.failed)
    this.more.textContent = this.more.dataset.again ?? ''
  }

  private say(words = '') {
    this.status.textContent = words
  }
}

function find(root: HTMLElement, selector: string): HTMLElement {
  const found = root.querySelector<HTMLElement>(selector)
  if (!found) throw new Error(`The list has no ${selector}.`)
  return found
}
