import PhotoSwipe, { type SlideData } from 'photoswipe'
import { wantsLessMotion } from './motion.ts'
import { loadStyles } from './styles.ts'

interface GalleryWords {
  close: string
  zoom: string
  previous: string
  next: string
  notShown: string
  original: string
  position: string
}

/** Of a picture whose size is not known before it arrives: it is replaced then. */
const UNMEASURED = { width: 1600, height: 1200 }
const FULL_WIDTH = 2048

/** Pictures open above the page: keys, swipes, pinches and the back button do what one expects. */
export function startGallery(gallery: HTMLElement) {
  const links = [...gallery.querySelectorAll<HTMLAnchorElement>('a')]
  const words: GalleryWords = JSON.parse(gallery.dataset.words ?? '{}')
  const styles = gallery.dataset.gallery ?? ''

  gallery.addEventListener('pointerenter', () => loadStyles(styles), { once: true })
  gallery.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a') : null
    if (!link || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    open(links, links.indexOf(link), words, styles)
  })
}

async function open(links: HTMLAnchorElement[], index: number, words: GalleryWords, styles: string) {
  await loadStyles(styles)
  const viewer = new PhotoSwipe({
    dataSource: links.map(slideOf),
    index,
    bgOpacity: 1,
    paddingFn: roomAround,
    wheelToZoom: true,
    loop: links.length > 2,
    counter: links.length > 1,
    showHideAnimationType: wantsLessMotion() ? 'none' : 'zoom',
    zoomAnimationDuration: wantsLessMotion() ? 0 : 250,
    closeTitle: words.close,
    zoomTitle: words.zoom,
    arrowPrevTitle: words.previous,
    arrowNextTitle: words.next,
    errorMsg: words.notShown,
    indexIndicatorSep: words.position,
  })
  viewer.on('uiRegister', () => registerOriginal(viewer, links, words.original))
  viewer.on('loadComplete', ({ content }) => takeMeasure(viewer, content))
  viewer.on('destroy', () => focusLink(links[viewer.currIndex]))
  closeOnBack(viewer)
  viewer.init()
}

const WIDE_PX = 800

/** On a wide window the buttons stand beside the picture, on a phone above it. */
const roomAround = ({ x }: { x: number }) =>
  x < WIDE_PX ? { top: 0, bottom: 0, left: 0, right: 0 } : { top: 60, bottom: 28, left: 76, right: 76 }

/** The gallery's own link brings the reader back to where they are now. */
function focusLink(link: HTMLAnchorElement | undefined) {
  link?.focus({ preventScroll: true })
  link?.scrollIntoView({ block: 'nearest' })
}

function slideOf(link: HTMLAnchorElement): SlideData {
  const image = link.querySelector('img')
  return {
    src: link.href,
    alt: image?.alt ?? '',
    element: link,
    // A placeholder of its own is already there.
    ...(image && { msrc: image.currentSrc || image.src }),
    ...measured(Number(link.dataset.width), Number(link.dataset.height), image),
  }
}

/** As large as it is sent, so that it is never blown up. */
function measured(width: number, height: number, image: HTMLImageElement | null) {
  if (width > 0 && height > 0) {
    const scale = Math.min(1, FULL_WIDTH / width)
    return { width: Math.round(width * scale), height: Math.round(height * scale) }
  }
  if (!image || image.naturalWidth === 0) return UNMEASURED
  return { width: FULL_WIDTH, height: Math.round((FULL_WIDTH * image.naturalHeight) / image.naturalWidth) }
}

type Content = Parameters<Parameters<typeof PhotoSwipe.prototype.on<'loadComplete'>>[1]>[0]['content']

/** What was only guessed is put right when the picture has arrived. */
function takeMeasure(viewer: PhotoSwipe, content: Content) {
  const { element, data, index } = content
  if (!(element instanceof HTMLImageElement) || element.naturalWidth === 0) return
  const guessed = (data.width ?? 0) / (data.height ?? 1)
  if (Math.abs(guessed - element.naturalWidth / element.naturalHeight) < 0.02) return
  data.width = element.naturalWidth
  data.height = element.naturalHeight
  content.width = element.naturalWidth
  content.height = element.naturalHeight
  viewer.refreshSlideContent(index)
}

function registerOriginal(viewer: PhotoSwipe, links: HTMLAnchorElement[], label: string) {
  viewer.ui?.registerElement({
    name: 'original',
    order: 8,
    isButton: true,
    tagName: 'a',
    title: label,
    ariaLabel: label,
    html: {
      isCustomSVG: true,
      inner:
        '<path d="M16 6v12m-5.5-5 5.5 5.5 5.5-5.5M7 25h18" fill="none" stroke="currentColor" stroke-width="2.2" stroke-linecap="round" stroke-linejoin="round" id="pswp__icn-original"/>',
      outlineID: 'pswp__icn-original',
    },
    onInit: (element) => {
      if (!(element instanceof HTMLAnchorElement)) return
      element.target = '_blank'
      element.rel = 'noopener'
      viewer.on('change', () => {
        element.href = links[viewer.currIndex]?.dataset.original ?? ''
      })
    },
  })
}

/** On a phone, back means out of the picture, not out of the page. */
function closeOnBack(viewer: PhotoSwipe) {
  let isLeft = false
  const close = () => {
    isLeft = true
    // While it opens, it hears of no closing.
    if (viewer.opener.isOpening) viewer.on('openingAnimationEnd', () => viewer.close())
    else viewer.close()
  }
  history.pushState({ ...history.state, gallery: true }, '')
  addEventListener('popstate', close)
  viewer.on('destroy', () => {
    removeEventListener('popstate', close)
    if (!isLeft) history.back()
  })
}
