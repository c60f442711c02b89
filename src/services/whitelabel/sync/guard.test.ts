import { describe, expect, test } from 'vitest'
import { holdReason, type Release, type RemovalFacts } from './guard.ts'

const LIMITS = { media: 20, mediaPercent: 10, modelsPercent: 10 }

/** A library of 10,000 files of 100 creators, of which so many are missing. */
function missing(media: number, models = 0, facts: Partial<RemovalFacts> = {}): RemovalFacts {
  return {
    listedMedia: 10_000 - media,
    library: { models: 100, posts: 1_000, media: 10_000 },
    removed: { models, posts: models * 10, media },
    previousSource: 's3://library/ at s3.example.com',
    source: 's3://library/ at s3.example.com',
    replacesSample: false,
    ...facts,
  }
}

const isHeld = (facts: RemovalFacts, release: Release = 'none') => holdReason(facts, LIMITS, release) !== null

test.each([
  [0, 0, false],
  [1, 1, false],
  [5, 5, false],
  [10, 10, false],
  [10.01, 10, true],
  [10, 11, true],
  [25, 25, true],
  [50, 50, true],
  [100, 100, true],
])('%d %% of the files and %d of 100 creators missing: held is %j', (percent, models, held) => {
  expect(isHeld(missing(percent * 100, models))).toBe(held)
})

test('of a small library twenty files may go, and not one more', () => {
  const small = (media: number) =>
    missing(media, 0, { listedMedia: 30, library: { models: 4, posts: 8, media: 50 } })
  expect([isHeld(small(20)), isHeld(small(21))]).toEqual([false, true])
})

test.each([
  [1, 1, false],
  [2, 1, false],
  [5, 1, false],
  [5, 2, true],
  [10, 1, false],
  [10, 2, true],
  [20, 2, false],
  [20, 3, true],
])('of %d creators %d missing: held is %j', (models, gone, held) => {
  const library = { models, posts: models, media: 1_000 }
  expect(isHeld(missing(gone, gone, { listedMedia: 900, library }))).toBe(held)
})

test('the owner’s limits count', () => {
  const strict = { media: 0, mediaPercent: 0, modelsPercent: 0 }
  expect(holdReason(missing(1), strict, 'none')).toMatch(/^More is missing/)
  const loose = { media: 0, mediaPercent: 100, modelsPercent: 100 }
  expect(holdReason(missing(9_999, 99), loose, 'none')).toBeNull()
})

describe('a listing without media', () => {
  const empty = missing(10_000, 100, { listedMedia: 0 })
  test('is released by an approval of that run and by nothing else', () => {
    expect([isHeld(empty), isHeld(empty, 'allow-deletes'), isHeld(empty, 'approval')]).toEqual([
      true,
      true,
      false,
    ])
  })
  test('says how much would go', () => {
    expect(holdReason(empty, LIMITS, 'none')).toBe(
      'The listing has no media, so all 10000 files of 100 creators would go.',
    )
  })
})

describe('a changed source', () => {
  const changed = (media: number) => missing(media, 0, { source: 's3://other/ at s3.example.com' })
  test('holds the first missing file, and names both', () => {
    expect(holdReason(changed(1), LIMITS, 'none')).toBe(
      'The source changed from s3://library/ at s3.example.com to s3://other/ at s3.example.com: ' +
        '1 file of 10000 and 0 creators of 100 would go.',
    )
  })
  test('is released by --allow-deletes and by an approval', () => {
    expect([isHeld(changed(5_000), 'allow-deletes'), isHeld(changed(5_000), 'approval')]).toEqual([
      false,
      false,
    ])
  })
  test('holds nothing when nothing is missing', () => {
    expect(isHeld(changed(0))).toBe(false)
  })
  test('is none when nothing was ever synced', () => {
    expect(isHeld(missing(1, 0, { previousSource: null }))).toBe(false)
  })
})

test('the sample library gives way whole', () => {
  expect(isHeld(missing(10_000, 100, { replacesSample: true }))).toBe(false)
})

test('posts that lost their media in the database only are held by nothing', () => {
  expect(isHeld(missing(0, 1))).toBe(false)
})
