import type { CreatorView } from '#src/services/catalogue/views.ts'
import { creatorAddress } from '../addresses.ts'
import { usePage } from '../render.tsx'
import { Picture } from './picture.tsx'

export function CreatorCard({ creator, isFirstSeen }: { creator: CreatorView; isFirstSeen?: boolean }) {
  const { words } = usePage()
  return (
    <li class="min-w-0">
      <a class="card group aspect-3/4" href={creatorAddress(creator.slug)}>
        <Picture
          source={creator.thumbnail}
          name={creator.name}
          letters="pb-16 text-5xl"
          isFirstSeen={isFirstSeen ?? false}
        />
        {creator.isSponsored && <span class="badge top-3 left-3">{words.creator.sponsored}</span>}
        <span class="scrim">
          <bdi class="line-clamp-2 text-left font-semibold break-words hyphens-auto">{creator.name}</bdi>
          <span class="text-sm text-white/80">{words.counts.posts(creator.postCount)}</span>
        </span>
      </a>
    </li>
  )
}
