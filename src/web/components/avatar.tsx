import type { CreatorView } from '#src/services/catalogue/views.ts'
import { Picture, type PictureWidth, WIDTHS } from './picture.tsx'

/** The creator's icon, else their cover, in a circle. @param size a class; the letters fit it. */
export function Avatar({
  creator,
  size,
  letters = 'text-base',
  width = WIDTHS.small,
}: {
  creator: Pick<CreatorView, 'name' | 'icon' | 'cover'>
  size: string
  letters?: string
  width?: PictureWidth
}) {
  return (
    <span class={`avatar ${size}`}>
      <Picture
        picture={creator.icon ?? creator.cover}
        name={creator.name}
        width={width}
        letters={letters}
        isFirstSeen
      />
    </span>
  )
}
