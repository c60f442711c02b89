import { expect, test } from 'vitest'
import { pageOf, pageRequest } from './pagination.ts'

test.each([
  [undefined, 1],
  [null, 1],
  ['', 1],
  [' ', 1],
  ['abc', 1],
  ['-1', 1],
  [-1, 1],
  ['0', 1],
  ['1.5', 1],
  ['NaN', 1],
  ['Infinity', 1],
  ['1; drop table users', 1],
  [['2'], 1],
  [{}, 1],
  ['1', 1],
  ['7', 7],
  [7, 7],
  ['1e9', 1_000_000_000],
  ['1e300', 1_000_000_000],
  ['99999999999999999999', 1_000_000_000],
])('page=%j is page %d', (page, number) => {
  expect(pageRequest(page).page).toBe(number)
})

test.each([
  [undefined, 20],
  ['abc', 20],
  ['-5', 20],
  ['0', 20],
  ['5', 5],
  ['100', 100],
  ['101', 100],
  ['100000', 100],
])('limit=%j is %d rows', (limit, rows) => {
  expect(pageRequest(1, limit).limit).toBe(rows)
})

test('the last page that can be asked for begins at a number PostgreSQL takes', () => {
  const { offset } = pageRequest('1e300', 100)
  expect(Number.isSafeInteger(offset)).toBe(true)
})

test('a page knows how many there are', () => {
  expect(pageOf(['a'], 41, pageRequest(3, 20))).toEqual({
    data: ['a'],
    total: 41,
    page: 3,
    limit: 20,
    totalPages: 3,
  })
  expect(pageOf([], 0, pageRequest()).totalPages).toBe(0)
})
