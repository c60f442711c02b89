import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { Database } from '#src/db/index.ts'
import { openTestSite, type TestSite } from '#test/support/app.ts'
import { openTestDatabase } from '#test/support/database.ts'
import { modelPageSchema, oneModelSchema, onePostSchema, postPageSchema } from './schemas.ts'

const HARD_NAMES = [
  'with space',
  'hash#tag',
  'what?',
  '100%',
  'a%2Fb',
  'a%20b',
  '"quoted" & \'quoted\'',
  '<b>bold</b>',
  '😀👩‍👩‍👧',
  'עברית שלום',
  'plus+plus',
  'semi;colon',
]

let database: Database
let site: TestSite

beforeAll(async () => {
  database = await openTestDatabase()
  site = await openTestSite(database)
  for (const name of HARD_NAMES) await site.addCreator(name, { 'one post': ['10.jpg', '2.jpg', 'clip.mp4'] })
})
afterAll(async () => {
  await site.close()
  await database.close()
})

/** The answer, held to what the document promises. */
async function answer<Answer>(address: string, schema: z.ZodType<Answer>): Promise<Answer> {
  const response = await site.app.request(address)
  expect(response.status, address).toBe(200)
  return schema.parse(await response.json())
}

const models = (query = '') => answer(`/api/v1/models${query}`, modelPageSchema)
const posts = (slug: string) => answer(`/api/v1/models/${slug}/posts`, postPageSchema)

describe('models', () => {
  test('come as a page with its place among all', async () => {
    const { data, meta } = await models('?page=2&limit=5')
    expect(meta).toEqual({ page: 2, limit: 5, total: 12, totalPages: 3 })
    expect(data).toHaveLength(5)
    expect(data[0]).toEqual({
      id: expect.stringMatching(/^\d+$/),
      slug: expect.any(String),
      name: expect.any(String),
      thumbnail: expect.stringMatching(/^\/pictures\/card\/[\w.-]+$/),
      icon: null,
      banner: null,
      postCount: 1,
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    })
  })

  test.each([
    ['page=-1', { page: 1, limit: 20 }],
    ['page=abc', { page: 1, limit: 20 }],
    ['page=', { page: 1, limit: 20 }],
    ['page=1.5', { page: 1, limit: 20 }],
    ['page=1&page=2', { page: 1, limit: 20 }],
    ['page[]=1', { page: 1, limit: 20 }],
    ['limit=0', { page: 1, limit: 20 }],
    ['limit=100000', { page: 1, limit: 100 }],
    ['limit=NaN&page=Infinity', { page: 1, limit: 20 }],
    ['%zz=%zz&page=%zz', { page: 1, limit: 20 }],
  ])('%s never fails', async (query, meta) => {
    const page = await models(`?${query}`)
    expect(page.meta).toMatchObject(meta)
    expect(page.data.length).toBe(12)
  })

  test('beyond the last page there is nothing', async () => {
    const { data, meta } = await models('?page=1e9')
    expect(data).toEqual([])
    expect(meta).toEqual({ page: 1_000_000_000, limit: 20, total: 12, totalPages: 1 })
  })

  test('are found by words', async () => {
    const { data } = await models('?q=quoted')
    expect(data.map(({ name }) => name)).toEqual(['"quoted" & \'quoted\''])
    expect((await models('?q=100%25')).meta.total).toBe(1)
    expect((await models('?q=%00')).meta.total).toBe(12)
  })

  test.each(HARD_NAMES)('of the folder %j are reachable by the slug they come with', async (folder) => {
    const { data } = await models('?limit=100')
    const {
      slug = '',
      id = '',
      name = '',
    } = data.find((model) => decodeURIComponent(model.slug) === folder) ?? {}
    expect(slug).toBe(encodeURIComponent(folder))
    expect((await answer(`/api/v1/models/${slug}`, oneModelSchema)).data).toMatchObject({ id, name })
    expect((await posts(slug)).data[0]?.model).toEqual({ id, slug, name })
  })
})

describe('posts', () => {
  test('come with their media in natural order, each link leading to its file', async () => {
    const { data, meta } = await posts('with%20space')
    expect(meta).toEqual({ page: 1, limit: 20, total: 1, totalPages: 1 })
    const [post] = data
    if (!post) throw new Error('There is no post.')
    expect(post).toMatchObject({
      id: expect.stringMatching(/^\d+$/),
      title: 'one post',
      folderName: 'one post',
      createdAt: '2026-01-31T00:00:00.000Z',
      imageCount: 2,
      videoCount: 1,
      locked: false,
    })
    const contents = await Promise.all(
      [...post.images, ...post.videos].map(async (link) => (await site.app.request(link)).text()),
    )
    expect(contents).toEqual(['2.jpg', '10.jpg', 'clip.mp4'])
    expect((await answer(`/api/v1/posts/${post.id}`, onePostSchema)).data).toEqual(post)
  })
})

describe('problems', () => {
  test.each([
    '/api/v1/models/nobody',
    '/api/v1/models/nobody/posts',
    '/api/v1/models/%zz',
    '/api/v1/models/%ff/posts',
    '/api/v1/models/a%00b',
    '/api/v1/posts/0',
    '/api/v1/posts/-1',
    '/api/v1/posts/abc',
    '/api/v1/posts/99999999999999999999',
    '/api/v1/posts/h999',
    "/api/v1/posts/1'--",
    '/api/v1/nothing',
    '/api/',
  ])('%s is not found, as RFC 9457 says', async (address) => {
    const response = await site.app.request(address, { headers: { Accept: 'text/html' } })
    expect(response.status).toBe(404)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    expect(await response.json()).toEqual({
      type: '/problems/not-found',
      title: 'Not Found',
      status: 404,
      detail: expect.any(String),
      instance: expect.stringMatching(/^urn:request:[0-9a-f]{16}$/),
    })
  })
})

describe('where members pay', () => {
  let members: TestSite

  beforeAll(async () => {
    members = await openTestSite(database, { access: 'members', mediaRoot: site.mediaRoot })
  })
  afterAll(async () => {
    await openTestSite(database, { access: 'open', mediaRoot: site.mediaRoot })
  })

  test('a guest gets true counts and not one link to an original', async () => {
    const response = await members.app.request('/api/v1/models/with%20space/posts')
    const text = await response.text()
    expect(JSON.parse(text).data[0]).toMatchObject({
      images: [],
      videos: [],
      imageCount: 2,
      videoCount: 1,
      locked: true,
    })
    expect(text).not.toContain('/media/')
    expect(await (await members.app.request('/api/v1/models?limit=100')).text()).not.toContain('/media/')
  })
})

test('the API describes itself as OpenAPI 3.1', async () => {
  const document = await answer('/api/openapi.json', documentSchema)
  expect(document.openapi).toBe('3.1.0')
  expect(Object.keys(document.paths)).toEqual([
    '/api/v1/models',
    '/api/v1/models/{slug}',
    '/api/v1/models/{slug}/posts',
    '/api/v1/posts/{id}',
  ])
  expect(document.paths['/api/v1/models']?.get.parameters.map(({ name }) => name)).toEqual([
    'page',
    'limit',
    'q',
  ])
  expect(Object.keys(document.components.schemas)).toEqual(
    expect.arrayContaining(['Model', 'Post', 'Problem']),
  )
})

const documentSchema = z.object({
  openapi: z.string(),
  paths: z.record(
    z.string(),
    z.object({ get: z.object({ parameters: z.array(z.object({ name: z.string() })) }) }),
  ),
  components: z.object({ schemas: z.record(z.string(), z.unknown()) }),
})
