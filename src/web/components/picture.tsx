import type { PictureView } from '#src/services/catalogue/views.ts'
import { Placeholder } from './placeholder.tsx'

/** How wide a picture stands on a page. */
export interface PictureWidth {
  /** `sizes` of HTML, for browsers to choose by. */
  sizes: string
  /** Pixels beyond which no screen needs more; larger sizes are not even named. */
  most: number
}

export const WIDTHS = {
  poster: {
    sizes: '(min-width: 80rem) 13rem, (min-width: 64rem) 23vw, (min-width: 40rem) 31vw, 46vw',
    most: 640,
  },
  post: { sizes: '(min-width: 80rem) 19rem, (min-width: 64rem) 31vw, 48vw', most: 640 },
  avatar: { sizes: '9rem', most: 320 },
  small: { sizes: '3rem', most: 320 },
  whole: { sizes: '100vw', most: 2048 },
  gallery: { sizes: '(min-width: 64rem) 30vw, (min-width: 40rem) 45vw, 75vw', most: 1280 },
  single: { sizes: '(min-width: 72rem) 70rem, 100vw', most: 2048 },
}

interface PictureProps {
  picture: PictureView | null
  /** What the placeholder is made from. */
  name: string
  width: PictureWidth
  /** Empty where the text beside it says the same. */
  alt?: string
  /** Whether it is seen at once, and so not worth waiting with. */
  isFirstSeen?: boolean
  /** Whether it is the largest thing that is seen at first. */
  isMain?: boolean
  /** Of the placeholder's letters. */
  letters?: string
  /** `fills` the box it is in, which gives it its shape; `keeps` its own shape. */
  shape?: 'fills' | 'keeps'
}

/** Stands before its placeholder, which shows until it has arrived and where it never does. */
export function Picture(props: PictureProps) {
  const { picture, name, letters } = props
  return (
    <>
      <Placeholder name={name} {...(letters && { class: letters })} />
      {picture && <Image {...props} picture={picture} />}
    </>
  )
}

function Image({
  picture,
  width: { sizes, most },
  alt = '',
  isFirstSeen = false,
  isMain = false,
  shape = 'fills',
}: PictureProps & { picture: PictureView }) {
  const sources = usefulSources(picture, most)
  return (
    <img
      class={shape === 'fills' ? 'picture-fills' : 'picture-keeps'}
      src={sources[Math.min(1, sources.length - 1)]?.link}
      {...(sources.length > 1 && {
        srcset: sources.map(({ link, width }) => `${link} ${width}w`).join(', '),
      })}
      {...(sources.length > 1 && { sizes })}
      {...(picture.size && { width: picture.size.width, height: picture.size.height })}
      {...(picture.thumbhash && { 'data-thumbhash': picture.thumbhash })}
      alt={alt}
      loading={isFirstSeen || isMain ? 'eager' : 'lazy'}
      decoding="async"
      {...(isMain && { fetchpriority: 'high' })}
    />
  )
}

/** Nothing is ever enlarged: of the sizes beyond the picture's own, one is enough. */
function usefulSources({ sources: all, size }: PictureView, most: number) {
  const sources = all.filter(({ width }, index) => index === 0 || width <= most)
  if (size === null) return sources
  const enough = sources.findIndex(({ width }) => width >= size.width)
  const useful = enough === -1 ? sources : sources.slice(0, enough + 1)
  return useful.map(({ width, link }) => ({ link, width: Math.min(width, size.width) }))
}

/** The largest there is, up to so many pixels. */
export function linkOfWidth({ sources }: PictureView, width: number): string {
  return (sources.findLast((source) => source.width <= width) ?? sources[0])?.link ?? ''
}
