import type { z } from '@hono/zod-openapi'
import type { Page } from '#src/lib/pagination.ts'
import type { CreatorView, PostView } from '#src/services/catalogue/views.ts'
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
  const { id, slug, name, thumbnail, icon, banner, postCount, createdAt } = creator
  return {
    id,
    slug: encodeSlug(slug),
    name,
    thumbnail,
    icon,
    banner,
    postCount,
    createdAt: createdAt.toISOString(),
  }
}

export function postAnswer(post: PostView): z.infer<typeof postSchema> {
  const { id, model, title, folderName, createdAt } = post
  const { thumbnail, images, videos, imageCount, videoCount, locked } = post
  return {
    id,
    model: { id: model.id, slug: encodeSlug(model.slug), name: model.name },
    title,
    folderName,
    createdAt: createdAt.toISOString(),
    thumbnail,
    images,
    videos,
    imageCount,
    videoCount,
    locked,
  }
}
