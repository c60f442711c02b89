import { expect, test } from 'vitest'
import { catalogue } from './catalogue.ts'
import { LARGEST_LIBRARY_BYTES, libraryFiles } from './library.ts'

test('the sample library holds what the catalogue says, no more and no less', async () => {
  const drawn = await libraryFiles()
  const listed = catalogue.flatMap(({ folder, files }) =>
    Object.keys(files).map((name) => `${folder}/${name}`),
  )
  expect([...drawn.keys()].sort()).toEqual(listed.sort())
})

test('the sample library stays small enough to be part of every clone', async () => {
  const sizes = [...(await libraryFiles()).values()]
  expect(sizes.every((size) => size > 0)).toBe(true)
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(LARGEST_LIBRARY_BYTES)
})

test('every creator of the sample has an icon, a banner and three posts or more', () => {
  for (const { folder, files } of catalogue) {
    const names = Object.keys(files)
    const posts = new Set(
      names.filter((name) => !name.startsWith('profile/')).map((name) => name.split('/').slice(0, -1)[0]),
    )
    expect(names, folder).toEqual(expect.arrayContaining(['profile/icon.webp', 'profile/banner.webp']))
    expect(posts.size, folder).toBeGreaterThanOrEqual(3)
  }
})
