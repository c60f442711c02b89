import { preparePictures } from './pictures.ts'

/** A piece further than this from the window gives its posts up for an empty box of the same height. */
const KEPT_PX = 3_000

interface Piece {
  /** What it is fetched with; empty for the first, which came with the page. */
  cursor: string
  /** The cursor of the next one; empty at the end. */
  next: string
  /** Pixels, as it was when it was last there. */
  height: number
  element: HTMLElement
  isFilled: boolean
}

type StoredPiece = Pick<Piece, 'cursor' | 'next' | 'height'>

/** What is needed to find the same place again. */
interface Stored {
  pieces: StoredPiece[]
  top: number
  width: number
}

/**
 * The pieces of an endless list. As many are filled as are near the window, so that the page is as light after five
 * thousand posts as after fifty; and after a visit to a post all of them are there again, at the same place.
 */
export class Pieces {
  private readonly pieces: Piece[] = []
  private readonly watch: IntersectionObserver
  private readonly box: HTMLElement
  private readonly address: string
  private readonly storedAs: string

  /** @param address of the fragments, which take a cursor as `after`. */
  constructor(box: HTMLElement, address: string) {
    this.box = box
    this.address = address
    this.watch = new IntersectionObserver((entries) => this.moved(entries), { rootMargin: `${KEPT_PX}px` })
    const first = box.firstElementChild
    if (first instanceof HTMLElement) this.add({ cursor: '', next: first.dataset.next ?? '', element: first })
    this.storedAs = nameOfThisEntry()
    addEventListener('pagehide', () => this.store())
  }

  get isComplete() {
    return this.pieces.at(-1)?.next === ''
  }

  /** Fetches the next piece. @returns it, or null when it could not be had. */
  async append(): Promise<HTMLElement | null> {
    const cursor = this.pieces.at(-1)?.next ?? ''
    const element = await this.fetch(cursor)
    if (!element) return null
    this.box.append(element)
    this.add({ cursor, next: element.dataset.next ?? '', element })
    return element
  }

  /** Puts empty boxes where the pieces were that one had scrolled to, goes there, and fills those in sight. */
  async restore() {
    const stored = this.stored()
    if (!stored || stored.width !== this.box.clientWidth) return
    for (const { cursor, next, height } of stored.pieces.slice(1)) {
      const element = emptyBox(height)
      this.box.append(element)
      this.add({ cursor, next, element, height, isFilled: false })
    }
    history.scrollRestoration = 'manual'
    scrollTo({ top: stored.top, behavior: 'instant' })
    await Promise.all(this.pieces.filter(isNear).map((piece) => this.fill(piece)))
    scrollTo({ top: stored.top, behavior: 'instant' })
  }

  private add({
    isFilled = true,
    height = 0,
    ...piece
  }: Omit<Piece, 'height' | 'isFilled'> & Partial<Piece>) {
    this.pieces.push({ isFilled, height, ...piece })
    this.watch.observe(piece.element)
  }

  private moved(entries: IntersectionObserverEntry[]) {
    for (const { target, isIntersecting } of entries) {
      const piece = this.pieces.find(({ element }) => element === target)
      if (!piece) continue
      if (isIntersecting) this.fill(piece)
      else this.empty(piece)
    }
  }

  private async fill(piece: Piece) {
    if (piece.isFilled) return
    piece.isFilled = true
    const element = await this.fetch(piece.cursor)
    if (!element) {
      piece.isFilled = false
      return
    }
    this.exchange(piece, element)
    preparePictures(element)
  }

  private empty(piece: Piece) {
    // Whoever walks through the posts by keyboard stays where they are.
    if (!piece.isFilled || piece.element.contains(document.activeElement)) return
    piece.height = piece.element.getBoundingClientRect().height
    piece.isFilled = false
    this.exchange(piece, emptyBox(piece.height))
  }

  private exchange(piece: Piece, element: HTMLElement) {
    this.watch.unobserve(piece.element)
    piece.element.replaceWith(element)
    piece.element = element
    this.watch.observe(element)
  }

  private async fetch(cursor: string): Promise<HTMLElement | null> {
    try {
      const answer = await fetch(`${this.address}?${new URLSearchParams({ after: cursor })}`)
      if (!answer.ok) return null
      const fragment = document.createRange().createContextualFragment(await answer.text())
      return fragment.firstElementChild instanceof HTMLElement ? fragment.firstElementChild : null
    } catch {
      return null
    }
  }

  private store() {
    const pieces = this.pieces.map(({ cursor, next, height, element, isFilled }) => ({
      cursor,
      next,
      height: isFilled ? element.getBoundingClientRect().height : height,
    }))
    const stored: Stored = { pieces, top: scrollY, width: this.box.clientWidth }
    try {
      sessionStorage.setItem(this.storedAs, JSON.stringify(stored))
    } catch {
      // No room: one begins at the top of this page, and those that come have room again.
      forgetPlaces()
    }
  }

  private stored(): Stored | null {
    try {
      return JSON.parse(sessionStorage.getItem(this.storedAs) ?? 'null')
    } catch {
      // A browser may refuse a site its storage altogether.
      return null
    }
  }
}

const PREFIX = 'pieces '

/**
 * Names this entry of the history: another visit to the same page begins at its top. While a page is left, its entry
 * can no longer be written to everywhere; what belongs to the entry lies in the session under this name.
 */
function nameOfThisEntry(): string {
  const name: string = history.state?.pieces ?? `${PREFIX}${Date.now()} ${Math.random()}`
  try {
    history.replaceState({ ...history.state, pieces: name }, '')
  } catch {
    // A browser that allows no more changes of it: this visit is not found again.
  }
  return name
}

function forgetPlaces() {
  try {
    for (const name of Object.keys(sessionStorage))
      if (name.startsWith(PREFIX)) sessionStorage.removeItem(name)
  } catch {
    // A browser may refuse a site its storage altogether.
  }
}

function isNear({ element }: Piece) {
  const { top, bottom } = element.getBoundingClientRect()
  return bottom > -innerHeight && top < 2 * innerHeight
}

function emptyBox(height: number) {
  const box = document.createElement('div')
  box.style.height = `${height}px`
  return box
}
