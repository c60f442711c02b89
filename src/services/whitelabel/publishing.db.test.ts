import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Database } from '#src/db/index.ts'
import { NotFound } from '#src/errors.ts'
import { featuredRefs } from '#src/services/catalogue/queries/creator-refs.ts'
import { openTestDatabase } from '#test/support/database.ts'
import { emptyLibrary, halfSeen, libraryIds, libraryRows, openTestLibrary } from '#test/support/library.ts'
import {
  featureCreators,
  hideCreators,
  listCreators,
  publishCreators,
  showMedia,
  showPost,
  unfeatureCreators,
} from './publishing.ts'

let database: Database

beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

beforeEach(async () => {
  await emptyLibrary(database.db)
  const library = await openTestLibrary(database)
  await library.put(['creator-10/x/1.jpg', 'creator-2/x/1.jpg', 'creator-2/y/1.jpg', 'maria-clara/x/1.jpg'])
  await library.sync()
  await library.close()
  return async () => expect(await halfSeen(database.db)).toEqual([])
})

const statuses = async () =>
  Object.fromEntries((await listCreators(database.db)).map((creator) => [creator.folderName, creator.status]))

test('creators are listed in natural order, with their names and states', async () => {
  const creators = await listCreators(database.db)
  expect(
    creators.map(({ folderName, name, status, postCount }) => [folderName, name, status, postCount]),
  ).toEqual([
    ['creator-2', 'Creator 2', 'new', 2],
    ['creator-10', 'Creator 10', 'new', 1],
    ['maria-clara', 'Maria Clara', 'new', 1],
  ])
})

test('publishing all takes the new ones, and never those that were hidden', async () => {
  await hideCreators(database.db, ['creator-2'])
  expect(await publishCreators(database.db, 'all')).toEqual(['creator-10', 'maria-clara'])
  expect(await statuses()).toEqual({ 'creator-2': 'hidden', 'creator-10': 'active', 'maria-clara': 'active' })
  expect(await publishCreators(database.db, ['creator-2'])).toEqual(['creator-2'])
  expect(await publishCreators(database.db, 'all')).toEqual([])
})

test('hiding all takes every one', async () => {
  await publishCreators(database.db, ['maria-clara'])
  expect(await hideCreators(database.db, 'all')).toEqual(['creator-10', 'creator-2', 'maria-clara'])
  expect(await hideCreators(database.db, 'all')).toEqual([])
})

test('one unknown name changes nothing, and all unknown ones are named', async () => {
  const publishing = publishCreators(database.db, ['maria-clara', 'nobody', "x' or 1=1 --"])
  await expect(publishing).rejects.toThrow(
    `No creator has the folder name "nobody", "x' or 1=1 --". See them all: npx creatorflix creators list`,
  )
  await expect(publishing).rejects.toThrow(NotFound)
  expect((await statuses())['maria-clara']).toBe('new')
  expect(await publishCreators(database.db, [])).toEqual([])
})

test('featured creators come in the order they were named, those chosen last first, and only the public ones', async () => {
  const featured = async () => {
    const { refs } = await featuredRefs(database.db, 10)
    const ids = await libraryIds(database.db)
    return refs.map(({ id }) =>
      Object.keys(ids).find((place) => place.startsWith('model') && ids[place] === id),
    )
  }
  await publishCreators(database.db, 'all')
  expect(await featureCreators(database.db, ['maria-clara', 'creator-10'])).toEqual([
    'creator-10',
    'maria-clara',
  ])
  expect(await featured()).toEqual(['model maria-clara', 'model creator-10'])
  await featureCreators(database.db, ['creator-2'])
  expect(await featured()).toEqual(['model creator-2', 'model maria-clara', 'model creator-10'])
  await featureCreators(database.db, ['creator-10'])
  expect((await featured())[0]).toBe('model creator-10')
  await hideCreators(database.db, ['creator-2'])
  expect(await featured()).toEqual(['model creator-10', 'model maria-clara'])
  expect((await listCreators(database.db)).map(({ featuredAt }) => featuredAt !== null)).toEqual([
    true,
    true,
    true,
  ])
  expect(await unfeatureCreators(database.db, ['maria-clara'])).toEqual(['maria-clara'])
  expect(await unfeatureCreators(database.db, ['maria-clara'])).toEqual([])
  expect(await unfeatureCreators(database.db, 'all')).toEqual(['creator-10', 'creator-2'])
  expect(await featured()).toEqual([])
  await expect(featureCreators(database.db, ['maria-clara', 'nobody'])).rejects.toThrow(NotFound)
  expect(await featured()).toEqual([])
})

test('a post and a photo are taken down and shown again', async () => {
  const ids = await libraryIds(database.db)
  const hidden = async () => {
    const { posts, media } = await libraryRows(database.db)
    return [...posts, ...media].filter((row) => row.hidden).map((row) => row.s3_key ?? row.folder_name)
  }
  await showPost(database.db, ids['post creator-2/y'] ?? 0, false)
  await showMedia(database.db, 'creator-10/x/1.jpg', false)
  expect(await hidden()).toEqual(['y', 'creator-10/x/1.jpg'])
  expect((await listCreators(database.db))[0]?.postCount).toBe(1)
  await showPost(database.db, ids['post creator-2/y'] ?? 0, true)
  await showMedia(database.db, 'creator-10/x/1.jpg', true)
  expect(await hidden()).toEqual([])
})

test('what is not there is said to be not there', async () => {
  await expect(showPost(database.db, 0, false)).rejects.toThrow('There is no synced post 0.')
  await expect(showMedia(database.db, 'no/such/file.jpg', false)).rejects.toThrow(
    'The library has no file "no/such/file.jpg".',
  )
})
