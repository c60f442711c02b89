import type { PostDetail } from '#src/services/catalogue/views.ts'
import { creatorAddress } from '../addresses.ts'
import { usePage } from '../render.tsx'
import { Icon } from './icon.tsx'
import { Picture, WIDTHS } from './picture.tsx'

/** What a post holds, through fog, and the way to more. Nothing here comes from the originals but colours. */
export function LockedPost({ post, contents }: { post: PostDetail; contents: string }) {
  const { words } = usePage()
  return (
    <div class="locked-stage isolate">
      <Teasers post={post} />
      <div class="locked-words">
        <span class="locked-mark">
          <Icon name="lock" class="size-8" />
        </span>
        <h2 class="text-2xl font-bold text-balance sm:text-3xl">{words.post.lockedTitle}</h2>
        <p class="max-w-prose text-lg text-white">{words.post.lockedHint(contents)}</p>
        <p class="max-w-prose text-white">{words.post.lockedNow}</p>
        <a class="button-on-picture mt-3" href="/plans">
          {words.post.seePlans}
        </a>
        <a class="locked-link" href={creatorAddress(post.creator.slug)}>
          <bdi class="line-clamp-2 min-w-0 break-words">{words.post.lockedAction(post.creator.name)}</bdi>
        </a>
      </div>
    </div>
  )
}

/** So many fill rows of three. */
const WHOLE_ROWS = [6, 3, 2, 1]

function Teasers({ post: { teasers, cover, title } }: { post: PostDetail }) {
  const shown = WHOLE_ROWS.find((count) => count <= teasers.length) ?? 0
  const pictures = shown > 0 ? teasers.slice(0, shown) : [cover]
  return (
    <div class="locked-teasers" aria-hidden="true">
      {pictures.map((picture) => (
        <div class="relative min-h-0 min-w-0 flex-1 basis-1/3 overflow-hidden">
          <Picture
            picture={picture}
            name={title}
            width={WIDTHS.gallery}
            letters="text-transparent"
            isFirstSeen
          />
        </div>
      ))}
    </div>
  )
}
