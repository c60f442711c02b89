import type { PostView } from '#src/services/catalogue/views.ts'
import { creatorAddress } from '../addresses.ts'
import { Icon } from '../components/icon.tsx'
import { Picture } from '../components/picture.tsx'
import { Placeholder } from '../components/placeholder.tsx'
import { Video } from '../components/video.tsx'
import { SiteLayout } from '../layouts/site-layout.tsx'
import { usePage } from '../render.tsx'
import type { Dictionary } from '../words/en.ts'

export function PostPage({ post }: { post: PostView }) {
  return (
    <SiteLayout title={post.title} description={`${post.title}, ${post.model.name}`}>
      <article class="shell pt-6 sm:pt-10">
        <div class="mx-auto max-w-5xl">
          <PostHeader post={post} />
          {post.locked ? <LockedPost post={post} /> : <OpenPost post={post} />}
          <MoreOfCreator post={post} />
        </div>
      </article>
    </SiteLayout>
  )
}

function PostHeader({ post }: { post: PostView }) {
  const { words } = usePage()
  return (
    <header class="mb-8">
      <a
        class="-ms-1 inline-flex min-h-11 items-center gap-3 rounded-full pe-4 ps-1 font-medium"
        href={creatorAddress(post.model.slug)}
      >
        <span class="relative size-9 overflow-hidden rounded-full">
          <Placeholder name={post.model.name} class="text-sm" />
        </span>
        <bdi class="min-w-0 break-words hover:text-accent">{post.model.name}</bdi>
      </a>
      <h1 class="mt-2 text-3xl font-black tracking-tight break-words text-balance sm:text-4xl">
        <bdi>{post.title}</bdi>
      </h1>
      <p class="mt-2 flex flex-wrap gap-x-4 text-muted">
        <time datetime={post.createdAt.toISOString()}>{words.date(post.createdAt)}</time>
        <span>{contentsOf(post, words)}</span>
      </p>
    </header>
  )
}

function OpenPost({ post }: { post: PostView }) {
  return (
    <div class="flex flex-col gap-10">
      {post.videos.length > 0 && <Videos post={post} />}
      {post.images.length > 0 && <Pictures post={post} />}
    </div>
  )
}

function Videos({ post: { title, videos } }: { post: PostView }) {
  const { words } = usePage()
  return (
    <section aria-label={words.post.videos}>
      <ul class="flex flex-col gap-6">
        {videos.map((source, index) => (
          <li>
            <Video source={source} label={words.post.video(title, index + 1, videos.length)} />
          </li>
        ))}
      </ul>
    </section>
  )
}

/** Many are tiles that open on a tap; one or two are shown whole. */
function Pictures({ post: { title, images } }: { post: PostView }) {
  const { words } = usePage()
  const areFew = images.length <= 2
  return (
    <section aria-label={words.post.pictures}>
      <ul class={areFew ? 'picture-pair' : 'picture-grid'}>
        {images.map((source, index) => (
          <li class="min-w-0">
            <a
              class={`card ${areFew ? 'aspect-4/3' : 'aspect-square'}`}
              href={source}
              aria-label={words.post.openPicture(index + 1, images.length)}
            >
              <Picture
                source={source}
                name={title}
                alt={words.post.picture(title, index + 1, images.length)}
                isFirstSeen={index < 3}
                isWhole={areFew}
              />
            </a>
          </li>
        ))}
      </ul>
    </section>
  )
}

function LockedPost({ post }: { post: PostView }) {
  const { words } = usePage()
  return (
    <div class="locked-stage isolate">
      <Picture source={post.thumbnail} name={post.title} letters="text-transparent" isFirstSeen />
      <div class="locked-words">
        <Icon name="lock" class="size-10" />
        <h2 class="text-2xl font-bold text-balance">{words.post.lockedTitle}</h2>
        <p class="max-w-prose text-white/85">{words.post.lockedHint(contentsOf(post, words))}</p>
        <p class="max-w-prose text-white/85">{words.post.lockedSoon}</p>
      </div>
    </div>
  )
}

function MoreOfCreator({ post: { model } }: { post: PostView }) {
  return (
    <p class="mt-12">
      <a class="button-quiet" href={creatorAddress(model.slug)}>
        <Icon name="previous" />
        <bdi>{usePage().words.post.moreOf(model.name)}</bdi>
      </a>
    </p>
  )
}

/** "12 photos and 2 videos", with the true counts. */
function contentsOf({ imageCount, videoCount }: PostView, { counts, post }: Dictionary) {
  if (videoCount === 0) return counts.pictures(imageCount)
  if (imageCount === 0) return counts.videos(videoCount)
  return post.and(counts.pictures(imageCount), counts.videos(videoCount))
}
