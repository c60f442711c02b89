import { z } from '@hono/zod-openapi'

const link = z.string().nullable().meta({ description: 'A signed link that works for a while, or null.' })

const slug = z.string().meta({
  description: 'The folder name, percent-encoded: goes into an address as it is.',
  example: 'Ana%20%26%20Bia',
})

export const modelSchema = z
  .object({
    id: z.string().meta({ description: '`12`, or `h12` for a creator made by hand.', example: '12' }),
    slug,
    name: z.string(),
    thumbnail: link,
    icon: link,
    banner: link,
    postCount: z.int().min(0),
    createdAt: z.iso.datetime(),
  })
  .openapi('Model')

export const postSchema = z
  .object({
    id: z.string().meta({ description: '`34`, or `h34` for a post made by hand.', example: '34' }),
    model: z.object({ id: z.string(), slug, name: z.string() }),
    title: z.string(),
    folderName: z.string(),
    createdAt: z.iso.datetime(),
    thumbnail: link,
    images: z.array(z.string()).meta({ description: 'Signed links in natural order; empty when locked.' }),
    videos: z.array(z.string()).meta({ description: 'Signed links in natural order; empty when locked.' }),
    imageCount: z.int().min(0).meta({ description: 'The true count, locked or not.' }),
    videoCount: z.int().min(0).meta({ description: 'The true count, locked or not.' }),
    locked: z.boolean().meta({ description: 'Whether this viewer has to subscribe first.' }),
  })
  .openapi('Post')

const metaSchema = z
  .object({
    page: z.int().min(1),
    limit: z.int().min(1).max(100),
    total: z.int().min(0),
    totalPages: z.int().min(0),
  })
  .openapi('PageMeta')

export const modelPageSchema = z.object({ data: z.array(modelSchema), meta: metaSchema }).openapi('ModelPage')
export const postPageSchema = z.object({ data: z.array(postSchema), meta: metaSchema }).openapi('PostPage')
export const oneModelSchema = z.object({ data: modelSchema }).openapi('OneModel')
export const onePostSchema = z.object({ data: postSchema }).openapi('OnePost')

export const problemSchema = z
  .object({
    type: z.string().meta({ example: '/problems/not-found' }),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    instance: z.string().meta({ description: 'Names this very request; the log of the server does too.' }),
  })
  .openapi('Problem')
