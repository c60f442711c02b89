import { expect, test } from 'vitest'
import { requestedRange } from './byte-range.ts'

test.each([
  ['bytes=0-0', { start: 0, end: 0 }],
  ['bytes=0-499', { start: 0, end: 499 }],
  ['bytes=500-', { start: 500, end: 999 }],
  ['bytes=999-', { start: 999, end: 999 }],
  ['bytes=0-5000', { start: 0, end: 999 }],
  ['bytes=-1', { start: 999, end: 999 }],
  ['bytes=-5000', { start: 0, end: 999 }],
  ['BYTES=1-2', { start: 1, end: 2 }],
  ['bytes=000000000000000000000000000001-2', { start: 1, end: 2 }],
])('%s of 1,000 bytes is a part', (header, range) => {
  expect(requestedRange(header, 1_000)).toEqual(range)
})

test.each(['bytes=1000-', 'bytes=1000-2000', 'bytes=-0', `bytes=${'9'.repeat(400)}-`])(
  '%s of 1,000 bytes cannot be satisfied',
  (header) => {
    expect(requestedRange(header, 1_000)).toBe('unsatisfiable')
  },
)

test.each([
  undefined,
  '',
  'bytes=',
  'bytes=-',
  'bytes=2-1',
  'bytes=a-b',
  'bytes=0x1-2',
  'bytes=1.5-2',
  'bytes=--1',
  'bytes=0-1,5-6',
  'items=0-1',
  '0-1',
])('%j asks for the whole', (header) => {
  expect(requestedRange(header, 1_000)).toBeNull()
})

test('no part of an empty file can be had', () => {
  expect(requestedRange('bytes=0-', 0)).toBe('unsatisfiable')
  expect(requestedRange('bytes=-5', 0)).toBe('unsatisfiable')
})
