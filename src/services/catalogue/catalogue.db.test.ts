import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Database } from '#src/db/index.ts'
import { models, posts, whitelabelModels } from '#src/db/schema.ts'
import { NotFound } from '#src/errors.ts'
import { type PageRequest, pageRequest } from '#src/lib/pagination.ts'
import { openLinkLimit } from '#src/services/access/link-limit.ts'
import { GUEST, type Viewer } from '#src/services/access/viewer.ts'
import { openPictureLink } from '#src/services/derivatives/picture-links.ts'
import { writeSetting } from '#src/services/settings/settings.ts'
import { hideCreators, publishCreators, showMedia, showPost } from '#src/services/whitelabel/publishing.ts'
import { WhitelabelModelQueries } from '#src/services/whitelabel/queries/models.ts'
import { WhitelabelPostQueries } from '#src/services/whitelabel/queries/posts.ts'
import { hasAllWords } from '#src/services/whitelabel/queries/search-words.ts'
import { decodeKey } from '#src/storage/object-key.ts'
import { HASH_KEY, PICTURE_KEY, STREAM_KEY } from '#test/support/app.ts'
import { openTestDatabase } from '#test/support/database.ts'
import { HARD_KEYS } from '#test/support/hard-keys.ts'
import { emptyLibrary, libraryIds, openTestLibrary, type TestLibrary } from '#test/support/library.ts'
import {
  type CatalogueDeps,
  creatorBySlug,
  libraryStats,
  linksFor,
  listCreators,
  postById,
  postsOfCreator,
} from './catalogue.ts'
import { searchCreators } from './search.ts'
import { versionedPostsOfCreator } from './versioned-posts.ts'
import type { PictureView } from './views.ts'

let database: Database
let library: TestLibrary
let deps: CatalogueDeps

beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

beforeEach(async () => {
  await emptyLibrary(database.db)
  await writeSetting(database.db, 'access', 'open')
  library = await openTestLibrary(database)
  deps = {
    database,
    media: library.media,
    pictureKey: PICTURE_KEY,
    streamKey: STREAM_KEY,
    env: { MEDIA_LINK_SECONDS: 1800 },
    linkLimit: openLinkLimit({ database, hashKey: HASH_KEY }),
    now: () => new Date('2026-01-01T12:00:00Z'),
  }
  return () => library.close()
})

/** Syncs these files and publishes all creators. */
async function publish(...keys: string[]) {
  await library.put(keys)
  const { status } = await library.sync({ allowDeletes: true })
  expect(status).toBe('applied')
  await publishCreators(database.db, 'all')
}

interface Handmade {
  name: string
  at?: string
  description?: string
  posts?: { url: string; title?: string; type?: 'image' | 'video'; at?: string }[]
}

async function addHandmade({ name, at = '2024-01-01', description, posts: added = [] }: Handmade) {
  const [model] = await database.db
    .insert(models)
    .values({ name, description: description ?? null, createdAt: new Date(at) })
    .returning({ id: models.id })
  const modelId = model?.id ?? 0
  for (const { url, title = null, type = 'image', at = '2024-01-01' } of added) {
    await database.db.insert(posts).values({ modelId, title, contentUrl: url, type, createdAt: new Date(at) })
  }
  return modelId
}

const setDate = (folder: string, at: string) =>
  database.db
    .update(whitelabelModels)
    .set({ createdAt: new Date(at) })
    .where(eq(whitelabelModels.folderName, folder))

/** A creator's posts as programs get them. */
async function linksOf(slug: string) {
  const { load } = await versionedPostsOfCreator(deps, GUEST, slug, page())
  return (await load()).data
}

/** The key that the server would make a picture of. */
function keyBehind({ sources: [source] }: PictureView) {
  const [, , variant = '', token = ''] = source?.link.split('/') ?? []
  return decodeKey(openPictureLink(PICTURE_KEY, variant, token)?.encodedKey ?? '')
}

const page = (number?: unknown, limit?: unknown) => pageRequest(number, limit)
type List = (deps: CatalogueDeps, viewer: Viewer, page: PageRequest) => ReturnType<typeof listCreators>
const newestCreators: List = (deps, viewer, page) => listCreators(deps, viewer, { order: 'newest', page })
const biggestCreators: List = (deps, viewer, page) => listCreators(deps, viewer, { order: 'biggest', page })
const slugs = (creators: { slug: string }[]) => creators.map((creator) => creator.slug)
const found = async (words: string) => slugs((await searchCreators(deps, GUEST, words, page())).data)

describe('creators that are not public', () => {
  test.each(['new', 'hidden'] as const)('appear nowhere while %s', async (status) => {
    await publish('shown/a/1.jpg', 'away/secret title/1.jpg', 'away/secret title/2.mp4')
    const ids = await libraryIds(database.db)
    await database.db.update(whitelabelModels).set({ status }).where(eq(whitelabelModels.folderName, 'away'))

    expect(slugs((await newestCreators(deps, GUEST, page())).data)).toEqual(['shown'])
    expect(slugs((await biggestCreators(deps, GUEST, page())).data)).toEqual(['shown'])
    expect((await newestCreators(deps, GUEST, page())).total).toBe(1)
    expect([await found('away'), await found('secret title')]).toEqual([[], []])
    await expect(creatorBySlug(deps, GUEST, 'away')).rejects.toThrow(NotFound)
    await expect(postsOfCreator(deps, await linksFor(deps, GUEST), 'away', page())).rejects.toThrow(NotFound)
    await expect(postById(deps, GUEST, String(ids['post away/secret title']))).rejects.toThrow(NotFound)

    const { db } = database
    expect((await WhitelabelModelQueries.list(db)).data.map((model) => model.folderName)).toEqual(['shown'])
    expect((await WhitelabelModelQueries.topWithThumbnails(db)).total).toBe(1)
    expect(await WhitelabelModelQueries.bySlug(db, 'away')).toBeNull()
    expect(await WhitelabelModelQueries.byIds(db, [ids['model away'] ?? 0])).toEqual([])
    expect(await WhitelabelPostQueries.byModel(db, ids['model away'] ?? 0)).toMatchObject({
      data: [],
      total: 0,
    })
    expect(await WhitelabelPostQueries.byId(db, ids['post away/secret title'] ?? 0)).toBeNull()
  })

  test('are not counted', async () => {
    await publish('shown/a/1.jpg', 'shown/a/2.mp4', 'away/b/1.jpg')
    await hideCreators(database.db, ['away'])
    await addHandmade({ name: 'By hand', posts: [{ url: 'x.jpg' }, { url: 'y.mp4', type: 'video' }] })
    // A subject of its own, because what is remembered is remembered a minute.
    const fresh = { database: { ...database, reader: Object.create(database.db) } }
    expect(await libraryStats(fresh)).toEqual({ creators: 2, posts: 3, images: 2, videos: 2 })
  })
})

describe('what was taken down', () => {
  test('a post is in no list and not counted', async () => {
    await publish('a/shown/1.jpg', 'a/taken/1.jpg')
    const taken = (await libraryIds(database.db))['post a/taken'] ?? 0
    await showPost(database.db, taken, false)
    const { creator, posts } = await postsOfCreator(deps, await linksFor(deps, GUEST), 'a', page())
    expect(creator.postCount).toBe(1)
    expect(posts).toMatchObject({ total: 1, totalPages: 1 })
    expect(posts.data.map((post) => post.folderName)).toEqual(['shown'])
    expect(await found('taken')).toEqual([])
    await expect(postById(deps, GUEST, String(taken))).rejects.toThrow(NotFound)
  })

  test('a photo is in no post, no count and no thumbnail', async () => {
    await publish('a/post/1.jpg', 'a/post/2.jpg')
    await showMedia(database.db, 'a/post/1.jpg', false)
    const { creator, posts } = await postsOfCreator(deps, await linksFor(deps, GUEST), 'a', page())
    expect(posts.data[0]).toMatchObject({ imageCount: 1 })
    expect(JSON.stringify({ creator, posts })).not.toContain('1.jpg')
    expect(creator.cover && keyBehind(creator.cover)).toBe('a/post/2.jpg')
  })
})

describe('pages', () => {
  const LISTS = { newestCreators, biggestCreators } as const

  test.each(['-1', 'abc', '0', undefined])('page=%s is the first', async (number) => {
    await publish('a/x/1.jpg', 'b/x/1.jpg')
    for (const list of Object.values(LISTS)) {
      expect(await list(deps, GUEST, page(number))).toMatchObject({ page: 1, total: 2, totalPages: 1 })
    }
  })

  test('page=1e9 is empty and still knows the total', async () => {
    await publish('a/x/1.jpg', 'b/x/1.jpg')
    await addHandmade({ name: 'By hand' })
    const far = page('1e9', 100)
    for (const list of Object.values(LISTS)) {
      expect(await list(deps, GUEST, far)).toMatchObject({ data: [], page: 1_000_000_000, total: 3 })
    }
    expect(await searchCreators(deps, GUEST, 'a', far)).toMatchObject({ data: [], total: 2 })
    expect((await postsOfCreator(deps, await linksFor(deps, GUEST), 'a', far)).posts).toMatchObject({
      data: [],
      total: 1,
    })
    expect(await WhitelabelModelQueries.list(database.db, '1e9', 100)).toMatchObject({ data: [], total: 2 })
    expect(await WhitelabelModelQueries.search(database.db, 'a', '1e9')).toMatchObject({ data: [], total: 1 })
  })

  test('an empty library has no pages', async () => {
    for (const list of Object.values(LISTS)) {
      expect(await list(deps, GUEST, page())).toMatchObject({ data: [], total: 0, totalPages: 0 })
    }
  })

  test('those of the same age are ordered by id, and every one is on exactly one page', async () => {
    const names = Array.from({ length: 11 }, (_, index) => `creator-${index}`)
    await publish(...names.map((name) => `${name}/x/1.jpg`))
    for (const list of Object.values(LISTS)) {
      const seen: string[] = []
      for (let number = 1; number <= 4; number++) {
        seen.push(...slugs((await list(deps, GUEST, page(number, 3))).data))
      }
      expect(seen).toHaveLength(11)
      expect(new Set(seen).size).toBe(11)
      const ids = await libraryIds(database.db)
      const inOrder = seen.map((slug) => ids[`model ${slug}`] ?? 0)
      expect(inOrder).toEqual(inOrder.toSorted((left, right) => right - left))
    }
  })

  test('posts come newest first, and of one day by id', async () => {
    await publish('a/2024-01-01 old/1.jpg', 'a/2024-03-01 b/1.jpg', 'a/2024-03-01 c/1.jpg')
    const { posts } = await postsOfCreator(deps, await linksFor(deps, GUEST), 'a', page())
    expect(posts.data.map((post) => post.folderName)).toEqual([
      '2024-03-01 c',
      '2024-03-01 b',
      '2024-01-01 old',
    ])
  })
})

describe('a thumbnail', () => {
  const thumbnailOf = async (slug: string) => {
    const { cover } = await creatorBySlug(deps, GUEST, slug)
    return cover && keyBehind(cover)
  }

  test('is the stored cover', async () => {
    await publish('a/profile/cover.png', 'a/x/1.jpg')
    expect(await thumbnailOf('a')).toBe('a/profile/cover.png')
  })

  test('else the first image, in natural order, of the newest post that has one', async () => {
    await publish(
      'a/2024-01-01 old/1.jpg',
      'a/2024-02-01 newer/10.jpg',
      'a/2024-02-01 newer/2.jpg',
      'a/2024-02-01 newer/1.mp4',
      'a/2024-03-01 only video/1.mp4',
      'b/2024-03-01 only video/1.mp4',
    )
    expect(await thumbnailOf('a')).toBe('a/2024-02-01 newer/2.jpg')
    expect(await thumbnailOf('b')).toBeNull()
  })

  test('is never of a post that was taken down', async () => {
    await publish('a/2024-01-01/1.jpg', 'a/2024-02-01/1.jpg')
    await showPost(database.db, (await libraryIds(database.db))['post a/2024-02-01'] ?? 0, false)
    expect(await thumbnailOf('a')).toBe('a/2024-01-01/1.jpg')
  })

  test('of a creator made by hand is that of the newest post with a picture', async () => {
    const id = await addHandmade({
      name: 'Zé',
      posts: [
        { url: 'uploads/old.jpg', at: '2024-01-01' },
        { url: 'uploads/new & shiny.jpg', at: '2024-02-01' },
        { url: 'uploads/film.mp4', type: 'video', at: '2024-03-01' },
      ],
    })
    expect(await thumbnailOf(`Zé~h${id}`)).toBe('uploads/new & shiny.jpg')
  })
})

describe('hand-made and synced creators', () => {
  test('are one catalogue, in one order', async () => {
    await publish('old/x/1.jpg', 'new/x/1.jpg', 'new/y/1.jpg')
    await setDate('old', '2024-01-01')
    await setDate('new', '2024-03-01')
    const middle = await addHandmade({ name: 'Middle', at: '2024-02-01' })
    const big = await addHandmade({
      name: 'Big',
      at: '2023-01-01',
      posts: [{ url: 'a.jpg' }, { url: 'b.jpg' }, { url: 'c.jpg' }],
    })
    const newest = await newestCreators(deps, GUEST, page())
    expect(slugs(newest.data)).toEqual(['new', `Middle~h${middle}`, 'old', `Big~h${big}`])
    expect(newest.data.map(({ id }) => id[0] === 'h')).toEqual([false, true, false, true])
    const biggest = await biggestCreators(deps, GUEST, page())
    expect(slugs(biggest.data)).toEqual([`Big~h${big}`, 'new', 'old', `Middle~h${middle}`])
    expect(biggest.total).toBe(4)
    expect(biggest.data.map(({ postCount }) => postCount)).toEqual([3, 2, 1, 0])
    expect(slugs((await newestCreators(deps, GUEST, page(2, 3))).data)).toEqual([`Big~h${big}`])
  })

  test('of the same age keep one order over the pages', async () => {
    await publish('a/x/1.jpg', 'b/x/1.jpg', 'c/x/1.jpg')
    for (const folder of ['a', 'b', 'c']) await setDate(folder, '2024-01-01')
    for (const name of ['h', 'i', 'j']) await addHandmade({ name })
    const all = slugs((await newestCreators(deps, GUEST, page(1, 10))).data)
    const singly: string[] = []
    for (let number = 1; number <= 6; number++) {
      singly.push(...slugs((await newestCreators(deps, GUEST, page(number, 1))).data))
    }
    expect(singly).toEqual(all)
  })

  test('a post made by hand is read by its own id', async () => {
    await addHandmade({ name: 'Zé', posts: [{ url: 'uploads/1.mp4', type: 'video' }] })
    const [row] = await database.db.select().from(posts)
    const post = await postById(deps, GUEST, `h${row?.id}`)
    expect(post).toMatchObject({ id: `h${row?.id}`, title: 'Zé', videoCount: 1, imageCount: 0, images: [] })
    await expect(postById(deps, GUEST, String(row?.id))).rejects.toThrow(NotFound)
  })

  test('an address of the web stays as it is, and nothing else is taken for one', async () => {
    const id = await addHandmade({
      name: 'Zé',
      posts: [
        { url: 'HTTPS://video.example.com/a b.mp4?x=1', type: 'video' },
        { url: 'javascript:alert(1)', type: 'video' },
        { url: '//evil.example.com/1.mp4', type: 'video' },
      ],
    })
    const [third, second, first] = (await linksOf(`Zé~h${id}`)).map((post) => post.videos[0])
    expect(first).toBe('HTTPS://video.example.com/a b.mp4?x=1')
    expect(second).toMatch(/^\/media\/javascript%3Aalert/)
    expect(third).toMatch(/^\/media\//)
  })

  test('a folder with the name of such a slug comes first, while it is public', async () => {
    const id = await addHandmade({ name: 'Zé' })
    await publish(`Zé~h${id}/x/1.jpg`)
    expect((await creatorBySlug(deps, GUEST, `Zé~h${id}`)).id).not.toBe(`h${id}`)
    await hideCreators(database.db, 'all')
    expect((await creatorBySlug(deps, GUEST, `Zé~h${id}`)).id).toBe(`h${id}`)
  })

  test('a renamed creator is found under the old slug', async () => {
    const id = await addHandmade({ name: 'New name' })
    expect((await creatorBySlug(deps, GUEST, `Old name~h${id}`)).slug).toBe(`New name~h${id}`)
  })
})

describe('every folder name', () => {
  test('is reachable by its slug, byte for byte', async () => {
    const keys = HARD_KEYS.filter((key) => key.startsWith('at ') || key.includes('/post/1.jpg'))
    const printable = keys.filter((key) => !/\p{Cc}/u.test(key) && !/^\.\.?\//.test(key))
    const long = `${'n'.repeat(250)}/x/1.jpg`
    await publish(...printable, long)
    for (const key of [...printable, long]) {
      const folder = key.slice(0, key.indexOf('/'))
      const slug = decodeKey(encodeURIComponent(folder)) ?? ''
      expect((await creatorBySlug(deps, GUEST, slug)).slug).toBe(folder)
      const [link = ''] = (await linksOf(slug)).flatMap((post) => post.images)
      expect(decodeKey(link.slice('/media/'.length).split('?')[0] ?? '')).toBe(key)
    }
  })

  test.each(['', ' ', '\u0000', 'a\u0000b', '%', '../..', 'a/b', '~h1', '~h', "' or 1=1 --", '\ud800'])(
    'that is not there is not found: %j',
    async (slug) => {
      await publish('a/x/1.jpg')
      await expect(creatorBySlug(deps, GUEST, slug)).rejects.toThrow(NotFound)
    },
  )

  test('tells case, composition and spaces apart', async () => {
    const names = ['ana', 'Ana', 'ana ', ' ana', 'zu\u0308rich', 'z\u00fcrich']
    await publish(...names.map((name) => `${name}/x/1.jpg`))
    for (const name of names) expect((await creatorBySlug(deps, GUEST, name)).slug).toBe(name)
  })
})

describe('search', () => {
  test('finds names in any case and with or without accents', async () => {
    await publish('João_da-Silva/x/1.jpg', 'other/x/1.jpg')
    for (const words of ['joao', 'JOÃO', 'joão silva', 'silva joa', 'da_silva', 'da-silva', 'Da Silva']) {
      expect(await found(words)).toEqual(['João_da-Silva'])
    }
  })

  test('finds titles, and names first', async () => {
    await publish('praia/x/1.jpg', 'ana/2024-05-Noite na Praia/1.jpg', 'zeca/y/1.jpg')
    expect(await found('praia')).toEqual(['praia', 'ana'])
    expect(await found('noite praia')).toEqual(['ana'])
  })

  test('takes all the words together', async () => {
    await publish('ana maria/x/1.jpg', 'ana/maria/1.jpg', 'maria/x/1.jpg')
    expect(await found('ana maria')).toEqual(['ana maria'])
  })

  test.each(['%', '_', '\\', '％', '＿', '＼', '%%', '\\%', "'", '"', '.*', '(', '100%'])(
    'takes %s literally',
    async (sign) => {
      await publish('plain/x/1.jpg')
      expect(await found(sign)).toEqual([])
    },
  )

  test('finds a sign that stands for something in a pattern', async () => {
    await publish('100% ana/x/1.jpg', '1000 ana/x/1.jpg', 'back\\slash/x/1.jpg')
    expect(await found('100%')).toEqual(['100% ana'])
    expect(await found('k\\s')).toEqual(['back\\slash'])
  })

  test('can use the indexes made for it', async () => {
    const plan = await database.db.transaction(async (tx) => {
      await tx.execute(sql`set local enable_seqscan = off`)
      const condition = hasAllWords(sql`search_text(folder_name)`, ['ana%', 'souza'])
      return tx.execute(sql`explain select id from whitelabel_models where ${condition}`)
    })
    expect(JSON.stringify(plan.rows)).toContain('whitelabel_models_search')
  })

  test('of nothing finds nothing', async () => {
    await publish('ana/x/1.jpg')
    for (const words of ['', '   ', '_', '\u0000', '-']) {
      expect(await searchCreators(deps, GUEST, words, page())).toMatchObject({ data: [], total: 0 })
    }
  })

  test('bears any text', async () => {
    await publish('ana/x/1.jpg')
    for (const words of [
      'x'.repeat(100_000),
      'a '.repeat(10_000),
      '\ud800',
      '😀'.repeat(99),
      "'; drop table models; --",
    ]) {
      await expect(searchCreators(deps, GUEST, words, page())).resolves.toBeDefined()
    }
  })

  test('finds creators made by hand by name, description and titles, and shows them first', async () => {
    await publish('ana/x/1.jpg')
    const first = await addHandmade({ name: 'Ana Souza', at: '2024-01-01' })
    const second = await addHandmade({ name: 'Zé', description: 'with ANA', at: '2024-02-01' })
    const third = await addHandmade({
      name: 'Bia',
      at: '2024-03-01',
      posts: [{ url: 'x.jpg', title: 'Aná e Bia' }],
    })
    expect(await found('ana')).toEqual([`Bia~h${third}`, `Zé~h${second}`, `Ana Souza~h${first}`, 'ana'])
  })

  test('has pages that are never longer than asked, over both kinds', async () => {
    await publish(...['1', '2', '3', '4'].map((name) => `ana ${name}/x/1.jpg`))
    for (const name of ['a', 'b', 'c']) await addHandmade({ name: `ana ${name}` })
    const pages = await Promise.all(
      [1, 2, 3, 4, 5].map((number) => searchCreators(deps, GUEST, 'ana', page(number, 2))),
    )
    expect(pages.map(({ data }) => data.length)).toEqual([2, 2, 2, 1, 0])
    expect(pages.map(({ total, totalPages }) => [total, totalPages])).toEqual(pages.map(() => [7, 4]))
    const seen = pages.flatMap(({ data }) => slugs(data))
    expect(new Set(seen).size).toBe(7)
    expect(seen.slice(0, 3).every((slug) => slug.includes('~h'))).toBe(true)
  })
})

describe('access', () => {
  const everything = async () => {
    await library.put(['a/profile/icon.png', 'a/profile/banner.png', 'a/profile/cover.png'])
    await publish('a/x/original-1.jpg', 'a/x/original-2.jpg', 'a/x/original-3.mp4')
    const hand = await addHandmade({
      name: 'Zé',
      posts: [{ url: 'uploads/original.jpg' }, { url: 'https://example.com/original.mp4', type: 'video' }],
    })
    await database.db
      .update(models)
      .set({ iconUrl: 'uploads/original-icon.png', bannerUrl: 'https://example.com/original-banner.png' })
    const ids = await libraryIds(database.db)
    const [handPost] = await database.db.select().from(posts)
    return {
      answers: [
        await newestCreators(deps, GUEST, page()),
        await biggestCreators(deps, GUEST, page()),
        await searchCreators(deps, GUEST, 'a', page()),
        await searchCreators(deps, GUEST, 'zé', page()),
        await creatorBySlug(deps, GUEST, 'a'),
        await postsOfCreator(deps, await linksFor(deps, GUEST), 'a', page()),
        await postsOfCreator(deps, await linksFor(deps, GUEST), `Zé~h${hand}`, page()),
        await linksOf('a'),
        await linksOf(`Zé~h${hand}`),
        await postById(deps, GUEST, `h${handPost?.id}`),
      ],
      post: await postById(deps, GUEST, String(ids['post a/x'])),
    }
  }

  test('members only: no address of an original in any field, and true counts', async () => {
    await writeSetting(database.db, 'access', 'members')
    const { answers, post } = await everything()
    expect(JSON.stringify([answers, post])).not.toMatch(/original|profile|\/media\/|example\.com|uploads/)
    expect(post).toMatchObject({
      locked: true,
      images: [],
      videos: [],
      imageCount: 2,
      videoCount: 1,
      cover: { isBlurred: true },
    })
  })

  test('open: signed links, in natural order', async () => {
    const { post } = await everything()
    expect(post.locked).toBe(false)
    expect(post.images.map((link) => link.split('?')[0])).toEqual([
      '/media/a/x/original-1.jpg',
      '/media/a/x/original-2.jpg',
    ])
    expect(post.videos[0]).toMatch(/^\/media\/a\/x\/original-3\.mp4\?e=\d+&s=[\w-]+$/)
  })
})

test('a post of many files is read whole', async () => {
  await publish('a/x/1.jpg')
  await database.db.execute(sql`
    insert into whitelabel_media (whitelabel_post_id, s3_key, url, type)
    select post.id, 'a/x/big-' || number || '.jpg', 'a/x/big-' || number || '.jpg', 'image'
    from whitelabel_posts as post, generate_series(1, 20000) as number`)
  expect((await linksOf('a'))[0]?.images).toHaveLength(20_001)
})

test('no query that takes a visitor’s words is made of a string', async () => {
  const root = path.join(import.meta.dirname, '..')
  const files = (await readdir(root, { recursive: true })).filter(
    (name) =>
      /^(catalogue|whitelabel\/(queries|publishing))/.test(name) &&
      name.endsWith('.ts') &&
      !name.includes('.test.'),
  )
  const sources = await Promise.all(files.map((name) => readFile(path.join(root, name), 'utf8')))
  const offending = files.filter((_, index) => /sql\.raw\(|\.execute\(\s*['"`]/.test(sources[index] ?? ''))
  expect(files).toContain(path.join('whitelabel', 'queries', 'models.ts'))
  expect(offending).toEqual([])
})
