import type { PostView } from '#src/services/catalogue/views.ts'
import { usePage } from '../render.tsx'
import { PostCard } from './post-card.tsx'

interface PostPieceProps {
  posts: PostView[]
  /** What the next piece is asked with; null at the end. */
  next: string | null
  isFirst?: boolean
}

/** A piece of an endless list: pieces below each other look like one grid. */
export function PostPiece({ posts, next, isFirst = false }: PostPieceProps) {
  const { words } = usePage()
  return (
    <ul class="post-grid" data-next={next ?? ''} data-said={words.creator.loaded(posts.length)}>
      {posts.map((post, index) => (
        <PostCard post={post} isFirstSeen={isFirst && index < 4} />
      ))}
    </ul>
  )
}
