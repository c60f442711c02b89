import type { PostView } from '#src/services/catalogue/views.ts'
import { postAddress } from '../addresses.ts'
import { usePage } from '../render.tsx'
import { Icon } from './icon.tsx'
import { Picture } from './picture.tsx'

export function PostCard({ post }: { post: PostView }) {
  const { words } = usePage()
  return (
    <li class="min-w-0">
      <a class="group block rounded-2xl" href={postAddress(post.id)}>
        <span class="card aspect-4/3">
          <Picture source={post.thumbnail} name={post.title} />
          {post.locked && (
            <span class="badge top-3 left-3">
              <Icon name="lock" class="size-4" />
              {words.post.locked}
            </span>
          )}
          <span class="badge right-3 bottom-3">
            <MediaCounts post={post} />
          </span>
        </span>
        <bdi class="mt-3 line-clamp-2 text-left font-medium break-words group-hover:text-accent">
          {post.title}
        </bdi>
        <time class="mt-0.5 block text-sm text-muted" datetime={post.createdAt.toISOString()}>
          {words.shortDate(post.createdAt)}
        </time>
      </a>
    </li>
  )
}

function MediaCounts({ post }: { post: PostView }) {
  const { words } = usePage()
  return (
    <>
      {post.videoCount > 0 && (
        <MediaCount icon="play" count={post.videoCount} text={words.counts.videos(post.videoCount)} />
      )}
      {post.imageCount > 0 && (
        <MediaCount icon="photo" count={post.imageCount} text={words.counts.pictures(post.imageCount)} />
      )}
    </>
  )
}

function MediaCount({ icon, count, text }: { icon: 'play' | 'photo'; count: number; text: string }) {
  return (
    <span class="flex items-center gap-1">
      <Icon name={icon} class="size-4" />
      <span aria-hidden="true">{count}</span>
      <span class="sr-only">{text}</span>
    </span>
  )
}
