import { OpenAPIHono } from '@hono/zod-openapi'
import { pageRequest } from '#src/lib/pagination.ts'
import {
  type CatalogueDeps,
  creatorBySlug,
  listCreators,
  postById,
} from '#src/services/catalogue/catalogue.ts'
import { searchCreators } from '#src/services/catalogue/search.ts'
import { versionedPostsOfCreator } from '#src/services/catalogue/versioned-posts.ts'
import { searchWords, slugInPath } from '../../addresses.ts'
import { answerVersioned, openAnswerCache } from '../../answer-cache.ts'
import type { AppContext, AppEnv } from '../../app-env.ts'
import { allow } from '../../policies.ts'
import { modelAnswer, pageAnswer, postAnswer } from './answers.ts'
import { DOCUMENT, getModel, getPost, listModels, listPosts } from './contract.ts'

/** Where the slug stands in `/api/v1/models/:slug`. */
const SLUG_SEGMENT = 3

/** The catalogue as JSON, and its description at /api/openapi.json. */
export function apiRoutes(deps: CatalogueDeps) {
  const api = new OpenAPIHono<AppEnv>()
  const kept = openAnswerCache()
  const document = lazily(() => JSON.stringify(api.getOpenAPI31Document(DOCUMENT)))

  api.openapi(listModels, async (c) => {
    const words = searchWords(c)
    const creators = words
      ? await searchCreators(deps, c.var.viewer, words, requestedPage(c))
      : await listCreators(deps, c.var.viewer, { order: 'newest', page: requestedPage(c) })
    return c.json(pageAnswer(creators, modelAnswer), 200)
  })

  api.openapi(getModel, async (c) => {
    const creator = await creatorBySlug(deps, c.var.viewer, slugInPath(c, SLUG_SEGMENT))
    return c.json({ data: modelAnswer(creator) }, 200)
  })

  // Described like the others, but answered without being made when the client or the cache has it.
  api.openAPIRegistry.registerPath(listPosts)
  api.get(listPosts.getRoutingPath(), allow('public'), async (c) => {
    const slug = slugInPath(c, SLUG_SEGMENT)
    const posts = await versionedPostsOfCreator(deps, c.var.viewer, slug, requestedPage(c))
    return answerVersioned(c, kept, {
      ...posts,
      body: async () => JSON.stringify(pageAnswer(await posts.load(), postAnswer)),
    })
  })

  api.openapi(getPost, async (c) => {
    const post = await postById(deps, c.var.viewer, c.req.param('id'))
    return c.json({ data: postAnswer(post) }, 200)
  })

  api.get('/api/openapi.json', allow('public'), (c) =>
    c.body(document(), 200, { 'Content-Type': 'application/json', 'Cache-Control': 'public, max-age=300' }),
  )
  return api
}

const requestedPage = (c: AppContext) => pageRequest(c.req.query('page'), c.req.query('limit'))

function lazily<T>(make: () => T) {
  let made: T | undefined
  return () => {
    made ??= make()
    return made
  }
}
