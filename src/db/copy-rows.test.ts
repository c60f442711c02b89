import { expect, test } from 'vitest'
import { CopyRows, copyValue } from './copy-rows.ts'

const MEBIBYTE = 1 << 20

test.each([
  ['plain', 'plain'],
  [null, '\\N'],
  ['\\N', '\\\\N'],
  ['\\.', '\\\\.'],
  ['', ''],
  ['tab\tline\nreturn\r', 'tab\\tline\\nreturn\\r'],
  ['back\\slash \\t', 'back\\\\slash \\\\t'],
  ['ação 😀 \u2028', 'ação 😀 \u2028'],
])('the value %j is written as %j', (value, text) => {
  expect(copyValue(value)).toBe(text)
})

test('rows come out as they went in, one a line', () => {
  const rows = new CopyRows()
  for (const line of ['1\tação', '2\t😀', '']) rows.add(line)
  expect(rows.take().toString()).toBe('1\tação\n2\t😀\n\n')
})

test('what was taken stays as it is while others are added', () => {
  const rows = new CopyRows()
  rows.add('first')
  const taken = rows.take()
  rows.add('other')
  expect([taken.toString(), rows.take().toString()]).toEqual(['first\n', 'other\n'])
  expect(rows.take()).toHaveLength(0)
})

test('it is full at nearly a mebibyte, and takes more all the same', () => {
  const rows = new CopyRows()
  const line = 'é'.repeat(500)
  let added = 0
  while (!rows.isFull) {
    rows.add(line)
    added++
  }
  expect(added * 1_001).toBeLessThan(MEBIBYTE)
  for (let more = 0; more < 5_000; more++) rows.add(line)
  expect(rows.take().toString()).toBe(`${line}\n`.repeat(added + 5_000))
})

test('a row may be longer than all it had room for', () => {
  const rows = new CopyRows()
  const long = '😀'.repeat(MEBIBYTE)
  rows.add('short')
  rows.add(long)
  expect(rows.take().toString()).toBe(`short\n${long}\n`)
})
