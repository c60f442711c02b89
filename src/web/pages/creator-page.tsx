import type { CreatorPosts, CreatorView } from '#src/services/catalogue/views.ts'
import { creatorAddress } from '../addresses.ts'
import { Avatar } from '../components/avatar.tsx'
import { Icon } from '../components/icon.tsx'
import { Notice } from '../components/notice.tsx'
import { PageTitle } from '../components/page-title.tsx'
import { BeyondLastPage, isBeyondLast, Pagination } from '../components/pagination.tsx'
import { Picture, WIDTHS } from '../components/picture.tsx'
import { PostPiece } from '../components/post-piece.tsx'
import { SiteLayout } from '../layouts/site-layout.tsx'
import { useCreatorHead } from '../page-heads.ts'
import { usePage } from '../render.tsx'

export interface CreatorPageProps extends CreatorPosts {
  /** Where the list goes on behind this page; null where it ends, and on other pages than the first. */
  next: string | null
}

export function CreatorPage({ creator, posts, next }: CreatorPageProps) {
  const { words } = usePage()
  return (
    <SiteLayout title={creator.name} {...useCreatorHead({ creator, posts })}>
      <CreatorHeader creator={creator} />
      <section class="shell pt-10" aria-labelledby="posts">
        <h2 class="heading mb-5" id="posts">
          {words.creator.posts}
        </h2>
        <Posts creator={creator} posts={posts} next={next} />
      </section>
    </SiteLayout>
  )
}

function CreatorHeader({ creator }: { creator: CreatorView }) {
  return (
    <div>
      <div class="banner">
        <Picture
          picture={creator.banner ?? creator.cover}
          name={creator.name}
          width={WIDTHS.whole}
          letters="text-transparent"
          isMain
        />
      </div>
      <div class="shell relative -mt-16 flex flex-col gap-4 sm:-mt-20 sm:flex-row sm:items-end sm:gap-6">
        <Avatar
          creator={creator}
          size="size-28 sm:size-40 ring-4 ring-ground"
          letters="text-4xl"
          width={WIDTHS.avatar}
        />
        <div class="min-w-0 sm:pb-3">
          <PageTitle name={creator.name} />
          <CreatorFacts creator={creator} />
        </div>
      </div>
      {creator.description && (
        <div class="shell mt-5">
          <p class="max-w-prose leading-relaxed text-muted whitespace-pre-line break-words">
            {creator.description}
          </p>
        </div>
      )}
    </div>
  )
}

function CreatorFacts({ creator }: { creator: CreatorView }) {
  const { words } = usePage()
  return (
    <p class="mt-1.5 flex flex-wrap items-center gap-x-3 gap-y-1 text-muted">
      <span class="font-semibold text-ink">{words.counts.posts(creator.postCount)}</span>
      {creator.updatedAt && <span>{words.creator.newestFrom(words.date(creator.updatedAt))}</span>}
      {creator.isSponsored && <span class="tag">{words.creator.sponsored}</span>}
    </p>
  )
}

function Posts({ creator, posts, next }: CreatorPageProps) {
  const { words } = usePage()
  if (isBeyondLast(posts)) return <BeyondLastPage />
  if (posts.total === 0) return <Notice title={words.creator.noPosts} hint={words.creator.noPostsHint} />
  return (
    <div {...(next && { 'data-endless': `${creatorAddress(creator.slug)}/posts` })}>
      <div data-pieces>
        <PostPiece posts={posts.data} next={next} isFirst />
      </div>
      <div data-pages>
        <Pagination pages={posts} />
      </div>
      {next && <EndlessFoot />}
    </div>
  )
}

/** Shown by the script, in place of the links to other pages. */
function EndlessFoot() {
  const { creator } = usePage().words
  return (
    <div class="mt-10 flex flex-col items-center gap-3 text-center" data-foot hidden>
      <p
        class="text-muted"
        role="status"
        data-status
        data-loading={creator.loading}
        data-failed={creator.notLoaded}
        data-end={creator.allShown}
      />
      <button class="button-quiet" type="button" data-more data-again={creator.fetchAgain}>
        {creator.morePosts}
      </button>
      <a class="nav-link" href="#content" data-top hidden>
        <Icon name="up" class="me-1.5 size-4" />
        {creator.toTop}
      </a>
    </div>
  )
}
