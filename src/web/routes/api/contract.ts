import { createRoute, type z } from '@hono/zod-openapi'
import { DEFAULT_LIMIT, MAX_LIMIT } from '#src/lib/pagination.ts'
import { allow, type Policy } from '../../policies.ts'
import { modelPageSchema, oneModelSchema, onePostSchema, postPageSchema, problemSchema } from './schemas.ts'

/**
 * Parameters are described here and read leniently by the handlers: a page that is no positive integer is
 * page 1, never an error (spec §3).
 */
const page = {
  name: 'page',
  in: 'query',
  description: 'From 1. Anything else counts as 1; a page beyond the last is empty.',
  schema: { type: 'integer', minimum: 1, default: 1 },
} as const

const limit = {
  name: 'limit',
  in: 'query',
  description: `Rows on a page, ${MAX_LIMIT} at most.`,
  schema: { type: 'integer', minimum: 1, maximum: MAX_LIMIT, default: DEFAULT_LIMIT },
} as const

const words = {
  name: 'q',
  in: 'query',
  description: 'Words to find in names and titles.',
  schema: { type: 'string' },
} as const

const slug = {
  name: 'slug',
  in: 'path',
  required: true,
  description: 'The `slug` of a model, as it was given.',
  schema: { type: 'string' },
} as const

const id = {
  name: 'id',
  in: 'path',
  required: true,
  description: 'The `id` of a post.',
  schema: { type: 'string' },
} as const

export const listModels = route('/models', {
  policy: 'public',
  summary: 'Models, newest first, or those that match `q`',
  parameters: [page, limit, words],
  answer: modelPageSchema,
})

export const getModel = route('/models/{slug}', {
  policy: 'public',
  summary: 'One model',
  parameters: [slug],
  answer: oneModelSchema,
})

export const listPosts = route('/models/{slug}/posts', {
  policy: 'public',
  summary: 'The posts of a model, newest first',
  parameters: [slug, page, limit],
  answer: postPageSchema,
})

export const getPost = route('/posts/{id}', {
  policy: 'public',
  summary: 'One post',
  parameters: [id],
  answer: onePostSchema,
})

export const DOCUMENT = {
  openapi: '3.1.0',
  info: {
    title: 'CreatorFlix',
    version: '1',
    description: 'Creators (here: models), their posts, and signed links to photos and videos.',
  },
}

type Parameter = typeof page | typeof limit | typeof words | typeof slug | typeof id

interface Operation<Answer extends z.ZodType> {
  policy: Policy
  summary: string
  parameters: Parameter[]
  answer: Answer
}

function route<Path extends string, Answer extends z.ZodType>(
  path: Path,
  { policy, summary, parameters, answer }: Operation<Answer>,
) {
  return createRoute({
    method: 'get',
    path: `/api/v1${path}` as const,
    summary,
    parameters,
    middleware: allow(policy),
    responses: {
      200: { description: 'Found', content: { 'application/json': { schema: answer } } },
      default: {
        description: 'Not done',
        content: { 'application/problem+json': { schema: problemSchema } },
      },
    },
  })
}
