import type { z } from '@hono/zod-openapi'
import type { Page } from '#src/lib/pagination.ts'
import type { CreatorView, PictureView, PostLinks } from '#src/services/catalogue/views.ts'
import { encodeSlug } from '../../addresses.ts'
import type { modelSchema, postSchema } from './schemas.ts'

/** `{ data, meta }` of a page whose rows are shown by `show`. */
export function pageAnswer<Row, Shown>(
  { data, page, limit, total, totalPages }: Page<Row>,
  show: (row: Row) => Shown,
) {
  return { data: data.map(show), meta: { page, limit, total, totalPages } }
}

export function modelAnswer(creator: CreatorView): z.infer<typeof modelSchema> {
  const { id, slug, name, cover, icon, banner, postCount, createdAt } = creator
  return {
    id,
    slug: encodeSlug(slug),
    name,
    thumbnail: linkTo(cover, CARD_WIDTH),
    icon: linkTo(icon, CARD_WIDTH),
    banner: linkTo(banner, PAGE_WIDTH),
    postCount,
    createdAt: createdAt.toISOString(),
  }
}

export function postAnswer(post: PostLinks): z.infer<typeof postSchema> {
  const { id, model, title, folderName, createdAt } = post
  const { cover, images, videos, imageCount, videoCount, locked } = post
  return {
    id,
    model: { id: model.id, slug: encodeSlug(model.slug), name: model.name },
    title,
    folderName,
    createdAt: createdAt.toISOString(),
    thumbnail: linkTo(cover, CARD_WIDTH),
    images,
    videos,
    imageCount,
    videoCount,
    locked,
  }
}

/** Pixels. */
const CARD_WIDTH = 640
const PAGE_WIDTH = 1280

/** The largest of its sizes that is no wider than asked, or the smallest there is. */
function linkTo(picture: PictureView | null, width: number): string | null {
  const [smallest] = picture?.sources ?? []
  const fitting = picture?.sources.findLast((source) => source.width <= width)
  return (fitting ?? smallest)?.link ?? null
}
