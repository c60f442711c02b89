import type { CreatorView } from '#src/services/catalogue/views.ts'
import { creatorAddress } from '../addresses.ts'
import { usePage } from '../render.tsx'
import { Picture, WIDTHS } from './picture.tsx'

export function CreatorCard({ creator, isFirstSeen }: { creator: CreatorView; isFirstSeen?: boolean }) {
  const { words } = usePage()
  return (
    <li class="min-w-0">
      <a class="card group aspect-3/4" href={creatorAddress(creator.slug)}>
        <Picture
          picture={creator.cover}
          name={creator.name}
          width={WIDTHS.poster}
          letters="pb-16 text-5xl"
          isFirstSeen={isFirstSeen ?? false}
        />
        {creator.isSponsored && <span class="badge start-3 top-3">{words.creator.sponsored}</span>}
        <span class="scrim">
          <bdi class="line-clamp-2 text-start font-semibold break-words hyphens-auto">{creator.name}</bdi>
          <span class="text-sm text-white/75">{words.counts.posts(creator.postCount)}</span>
        </span>
      </a>
    </li>
  )
}
