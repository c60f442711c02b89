import type { PostDetail, PostNeighbour } from '#src/services/catalogue/views.ts'
import { creatorAddress, postAddress } from '../addresses.ts'
import { Avatar } from '../components/avatar.tsx'
import { Film } from '../components/film.tsx'
import { Gallery } from '../components/gallery.tsx'
import { Icon } from '../components/icon.tsx'
import { LockedPost } from '../components/locked-post.tsx'
import { PageTitle } from '../components/page-title.tsx'
import { ShortcutHelp } from '../components/shortcut-help.tsx'
import { SiteLayout } from '../layouts/site-layout.tsx'
import { usePostHead } from '../page-heads.ts'
import { usePage } from '../render.tsx'
import type { Dictionary } from '../words/en.ts'

export function PostPage({ post }: { post: PostDetail }) {
  const contents = contentsOf(post, usePage().words)
  return (
    <SiteLayout title={post.title} {...usePostHead(post, contents)}>
      <article class="shell pt-5 sm:pt-8">
        <div class="mx-auto max-w-6xl">
          <PostHeader post={post} contents={contents} />
          {post.locked ? <LockedPost post={post} contents={contents} /> : <OpenPost post={post} />}
          <Neighbours post={post} />
        </div>
      </article>
    </SiteLayout>
  )
}

function PostHeader({ post, contents }: { post: PostDetail; contents: string }) {
  const { words } = usePage()
  return (
    <header class="mb-6 sm:mb-8">
      <a class="creator-chip" href={creatorAddress(post.creator.slug)}>
        <Avatar creator={post.creator} size="size-10" letters="text-sm" />
        <bdi class="min-w-0 truncate">{post.creator.name}</bdi>
      </a>
      <PageTitle name={post.title} class="mt-3" />
      <p class="mt-2 flex flex-wrap gap-x-3 text-muted">
        <time datetime={post.createdAt.toISOString()}>{words.date(post.createdAt)}</time>
        <span aria-hidden="true">·</span>
        <span>{contents}</span>
      </p>
    </header>
  )
}

function OpenPost({ post }: { post: PostDetail }) {
  return (
    <div class="flex flex-col gap-10">
      {post.films.length > 0 && <Films post={post} />}
      {post.pictures.length > 0 && <Gallery title={post.title} pictures={post.pictures} />}
    </div>
  )
}

function Films({ post: { title, films } }: { post: PostDetail }) {
  const { words } = usePage()
  const arePlayable = films.some(({ kind }) => kind !== 'unplayable')
  return (
    <section aria-label={words.post.videos}>
      <ul class="flex flex-col gap-8">
        {films.map((film, index) => (
          <li>
            <Film film={film} title={title} label={words.post.video(title, index + 1, films.length)} />
          </li>
        ))}
      </ul>
      {arePlayable && <ShortcutHelp />}
    </section>
  )
}

/** By the arrow keys too, where they mean nothing else. */
function Neighbours({ post: { newer, older, creator, locked } }: { post: PostDetail }) {
  const { words } = usePage()
  return (
    <nav
      class="mt-12 grid gap-3 border-t border-line pt-8 sm:grid-cols-2"
      aria-label={words.post.neighbours}
      data-neighbours
    >
      {newer && <Neighbour post={newer} rel="prev" label={words.post.newer} />}
      {older && <Neighbour post={older} rel="next" label={words.post.older} />}
      {!locked && (
        <a class="button-quiet mt-3 justify-self-center sm:col-span-2" href={creatorAddress(creator.slug)}>
          <bdi class="line-clamp-2 min-w-0 break-words">{words.post.moreOf(creator.name)}</bdi>
        </a>
      )}
    </nav>
  )
}

function Neighbour({ post, rel, label }: { post: PostNeighbour; rel: 'prev' | 'next'; label: string }) {
  const isNewer = rel === 'prev'
  return (
    <a
      class={`neighbour ${isNewer ? '' : 'flex-row-reverse justify-between sm:col-start-2 sm:justify-start sm:text-end'}`}
      rel={rel}
      href={postAddress(post.id)}
    >
      <Icon name={isNewer ? 'previous' : 'next'} class="size-6 text-muted rtl:rotate-180" />
      <span class="min-w-0">
        <span class="block text-sm text-muted">{label}</span>
        <bdi class="line-clamp-2 font-semibold break-words">{post.title}</bdi>
      </span>
    </a>
  )
}

/** "12 photos and 2 videos", with the true counts. */
function contentsOf({ imageCount, videoCount }: PostDetail, { counts, post }: Dictionary) {
  if (videoCount === 0) return counts.pictures(imageCount)
  if (imageCount === 0) return counts.videos(videoCount)
  return post.and(counts.pictures(imageCount), counts.videos(videoCount))
}
