import type { CreatorPosts, CreatorView } from '#src/services/catalogue/views.ts'
import { Notice } from '../components/notice.tsx'
import { BeyondLastPage, isBeyondLast, Pagination } from '../components/pagination.tsx'
import { Picture } from '../components/picture.tsx'
import { PostCard } from '../components/post-card.tsx'
import { SiteLayout } from '../layouts/site-layout.tsx'
import { usePage } from '../render.tsx'

export function CreatorPage({ creator, posts }: CreatorPosts) {
  const { words } = usePage()
  return (
    <SiteLayout title={creator.name} {...(creator.description && { description: creator.description })}>
      <CreatorHeader creator={creator} />
      <section class="shell pt-10" aria-labelledby="posts">
        <h2 class="mb-5 text-2xl font-bold tracking-tight" id="posts">
          {words.creator.posts}
        </h2>
        <Posts posts={posts} />
        <Pagination pages={posts} />
      </section>
    </SiteLayout>
  )
}

function CreatorHeader({ creator }: { creator: CreatorView }) {
  const { words } = usePage()
  return (
    <div>
      <div class="banner">
        <Picture source={creator.banner} name={creator.name} letters="text-transparent" isFirstSeen />
      </div>
      <div class="shell relative -mt-14 flex flex-col gap-4 sm:-mt-16 sm:flex-row sm:items-end sm:gap-6">
        <div class="avatar size-28 sm:size-36">
          <Picture source={creator.icon ?? creator.thumbnail} name={creator.name} isFirstSeen />
        </div>
        <div class="min-w-0 sm:pb-2">
          <h1 class="text-3xl font-black tracking-tight break-words sm:text-4xl">
            <bdi>{creator.name}</bdi>
          </h1>
          <p class="mt-1 flex flex-wrap items-center gap-2 text-muted">
            {words.counts.posts(creator.postCount)}
            {creator.isSponsored && <span class="tag">{words.creator.sponsored}</span>}
          </p>
        </div>
      </div>
      {creator.description && (
        <div class="shell mt-5">
          <p class="max-w-prose text-muted whitespace-pre-line">{creator.description}</p>
        </div>
      )}
    </div>
  )
}

function Posts({ posts }: Pick<CreatorPosts, 'posts'>) {
  const { words } = usePage()
  if (isBeyondLast(posts)) return <BeyondLastPage />
  if (posts.total === 0) return <Notice title={words.creator.noPosts} hint={words.creator.noPostsHint} />
  return (
    <ul class="post-grid">
      {posts.data.map((post) => (
        <PostCard post={post} />
      ))}
    </ul>
  )
}
