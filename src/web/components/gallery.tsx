import type { PostPicture } from '#src/services/catalogue/views.ts'
import { ASSETS, assetAddress } from '../assets.ts'
import { usePage } from '../render.tsx'
import { linkOfWidth, Picture, WIDTHS } from './picture.tsx'

/** Rows of pictures in their own shapes. Each opens in full: above the page where there is a script, else by itself. */
export function Gallery({ title, pictures }: { title: string; pictures: PostPicture[] }) {
  const { words } = usePage()
  return (
    <section aria-label={words.post.pictures}>
      <ul
        class={layoutOf(pictures)}
        data-gallery={assetAddress(ASSETS.galleryStyles)}
        data-words={JSON.stringify(words.post.gallery)}
      >
        {pictures.map((picture, index) => (
          <GalleryPicture
            title={title}
            picture={picture}
            number={index + 1}
            total={pictures.length}
            keepsShape={areMeasured(pictures)}
          />
        ))}
      </ul>
    </section>
  )
}

/** Rows of natural shapes need to know them; until each picture was read once, all are tiles. */
function layoutOf(pictures: PostPicture[]) {
  if (pictures.length === 1) return areMeasured(pictures) ? 'gallery-one' : 'gallery-tile'
  const areFew = pictures.length < 5
  if (areMeasured(pictures)) return areFew ? 'gallery gallery-few' : 'gallery'
  return areFew ? 'gallery-tiles gallery-tiles-few' : 'gallery-tiles'
}

const areMeasured = (pictures: PostPicture[]) => pictures.every(({ picture }) => picture.size)

interface GalleryPictureProps {
  title: string
  picture: PostPicture
  number: number
  total: number
  keepsShape: boolean
}

const FULL_WIDTH = 2048

function GalleryPicture({
  title,
  picture: { picture, original },
  number,
  total,
  keepsShape,
}: GalleryPictureProps) {
  const { words } = usePage()
  return (
    <li>
      <a
        class="card"
        href={linkOfWidth(picture, FULL_WIDTH)}
        aria-label={words.post.openPicture(number, total)}
        data-original={original}
        {...(picture.size && { 'data-width': picture.size.width, 'data-height': picture.size.height })}
      >
        <Picture
          picture={picture}
          name={title}
          alt={words.post.picture(title, number, total)}
          width={total === 1 ? WIDTHS.single : WIDTHS.gallery}
          isFirstSeen={number <= 4}
          isMain={number === 1}
          shape={keepsShape ? 'keeps' : 'fills'}
        />
      </a>
    </li>
  )
}
