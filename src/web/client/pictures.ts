import { thumbHashToDataURL } from 'thumbhash'

/** Of what lies further away, placeholders are not worth decoding yet. */
const NEARBY = '600px'

let nearby: IntersectionObserver

/** Colours of a picture until it has arrived, and its placeholder where it never does. */
export function watchPictures() {
  nearby = new IntersectionObserver(showColours, { rootMargin: NEARBY })
  // These events do not bubble.
  document.addEventListener('load', ({ target }) => arrived(target), true)
  document.addEventListener('error', ({ target }) => failed(target), true)
  addEventListener('online', askAgain)
  preparePictures(document)
}

/** @param root whose pictures are new on the page. */
export function preparePictures(root: ParentNode) {
  for (const picture of root.querySelectorAll('img')) {
    if (!picture.complete) awaitPicture(picture)
    else if (picture.naturalWidth === 0 && picture.src) failed(picture)
  }
}

function awaitPicture(picture: HTMLImageElement) {
  if (picture.dataset.thumbhash) nearby.observe(picture)
}

function showColours(entries: IntersectionObserverEntry[]) {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting || !(target instanceof HTMLImageElement)) continue
    nearby.unobserve(target)
    if (!target.complete) target.style.backgroundImage = `url(${coloursOf(target.dataset.thumbhash ?? '')})`
  }
}

const coloursOf = (thumbhash: string) =>
  thumbHashToDataURL(Uint8Array.from(atob(thumbhash), (character) => character.charCodeAt(0)))

/** The colours would show through a transparent picture. */
function arrived(target: EventTarget | null) {
  if (target instanceof HTMLImageElement) target.style.backgroundImage = ''
}

function failed(target: EventTarget | null) {
  if (target instanceof HTMLImageElement) target.hidden = true
}

/** For those that a broken connection took. */
function askAgain() {
  for (const picture of document.querySelectorAll<HTMLImageElement>('img[hidden]')) {
    picture.hidden = false
    // The same address once more, with all that it is chosen from.
    picture.replaceWith(picture.cloneNode())
  }
}
