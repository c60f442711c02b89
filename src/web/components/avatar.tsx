import type { CreatorView } from '#src/services/catalogue/views.ts'
import { Picture, SIZES } from './picture.tsx'

/** The creator's icon, else their cover, in a circle. @param size a class; the letters fit it. */
export function Avatar({
  creator,
  size,
  letters = 'text-base',
  sizes = SIZES.small,
}: {
  creator: Pick<CreatorView, 'name' | 'icon' | 'cover'>
  size: string
  letters?: string
  sizes?: string
}) {
  return (
    <span class={`avatar ${size}`}>
      <Picture
        picture={creator.icon ?? creator.cover}
        name={creator.name}
        sizes={sizes}
        letters={letters}
        isFirstSeen
      />
    </span>
  )
}
