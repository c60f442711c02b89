import type { PostView } from '#src/services/catalogue/views.ts'
import { postAddress } from '../addresses.ts'
import { usePage } from '../render.tsx'
import { Icon } from './icon.tsx'
import { Picture, WIDTHS } from './picture.tsx'

interface PostCardProps {
  post: PostView
  /** Where posts of many creators stand side by side. */
  namesCreator?: boolean
  isFirstSeen?: boolean
}

export function PostCard({ post, namesCreator = false, isFirstSeen }: PostCardProps) {
  return (
    <li class="min-w-0">
      <a class="group block rounded-2xl" href={postAddress(post.id)}>
        <span class="card aspect-4/3">
          <Picture
            picture={post.cover}
            name={post.title}
            width={WIDTHS.post}
            letters="text-3xl"
            isFirstSeen={isFirstSeen ?? false}
          />
          {post.locked && <LockedMark />}
          <span class="badge end-2.5 bottom-2.5">
            <MediaCounts post={post} />
          </span>
        </span>
        <bdi class="post-title">{post.title}</bdi>
        <span class="mt-0.5 flex min-w-0 gap-1.5 text-sm text-muted">
          {namesCreator && (
            <>
              <bdi class="truncate">{post.model.name}</bdi>
              <span aria-hidden="true">·</span>
            </>
          )}
          <PostDate post={post} />
        </span>
      </a>
    </li>
  )
}

function PostDate({ post: { createdAt } }: { post: PostView }) {
  return (
    <time class="shrink-0" datetime={createdAt.toISOString()}>
      {usePage().words.shortDate(createdAt)}
    </time>
  )
}

function LockedMark() {
  return (
    <span class="badge start-2.5 top-2.5">
      <Icon name="lock" class="size-4" />
      {usePage().words.post.locked}
    </span>
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
