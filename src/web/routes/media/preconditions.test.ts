import { expect, test } from 'vitest'
import { type ConditionalHeaders, evaluatePreconditions, rangeStillCounts } from './preconditions.ts'

const NOW_THERE = { etag: '"v2"', lastModified: new Date('2024-05-01T12:00:00.700Z') }
const THEN = 'Wed, 01 May 2024 12:00:00 GMT'
const EARLIER = 'Wed, 01 May 2024 11:59:59 GMT'

const NONE: ConditionalHeaders = {
  ifMatch: undefined,
  ifNoneMatch: undefined,
  ifModifiedSince: undefined,
  ifUnmodifiedSince: undefined,
}

test.each<[Partial<ConditionalHeaders>, string]>([
  [{}, 'proceed'],
  [{ ifNoneMatch: '"v2"' }, 'not modified'],
  [{ ifNoneMatch: 'W/"v2"' }, 'not modified'],
  [{ ifNoneMatch: '"v1", "v2"' }, 'not modified'],
  [{ ifNoneMatch: '*' }, 'not modified'],
  [{ ifNoneMatch: '"v1"' }, 'proceed'],
  [{ ifNoneMatch: '"v1"', ifModifiedSince: THEN }, 'proceed'],
  [{ ifModifiedSince: THEN }, 'not modified'],
  [{ ifModifiedSince: EARLIER }, 'proceed'],
  [{ ifModifiedSince: 'yesterday' }, 'proceed'],
  [{ ifMatch: '"v2"' }, 'proceed'],
  [{ ifMatch: '*' }, 'proceed'],
  [{ ifMatch: '"v1"' }, 'failed'],
  [{ ifMatch: '"v1"', ifNoneMatch: '"v2"' }, 'failed'],
  [{ ifUnmodifiedSince: EARLIER }, 'failed'],
  [{ ifUnmodifiedSince: THEN }, 'proceed'],
  [{ ifUnmodifiedSince: EARLIER, ifMatch: '"v2"' }, 'proceed'],
])('%j comes to %s', (headers, outcome) => {
  expect(evaluatePreconditions({ ...NONE, ...headers }, NOW_THERE)).toBe(outcome)
})

test.each([
  [undefined, true],
  ['"v2"', true],
  ['"v1"', false],
  ['W/"v2"', false],
  [THEN, true],
  [EARLIER, false],
  ['nonsense', false],
])('with If-Range %j a part is given: %s', (ifRange, counts) => {
  expect(rangeStillCounts(ifRange, NOW_THERE)).toBe(counts)
})
