import { expect, test } from 'vitest'
import { searchWords } from './search-words.ts'

test.each([
  ['maria', ['maria']],
  ['maria clara', ['maria', 'clara']],
  ['  maria_clara-souza ', ['maria', 'clara', 'souza']],
  ['100% \\', ['100%', '\\']],
  ['tab\there\u0000nul', ['tab', 'here', 'nul']],
  ['', []],
  [' _-_ ', []],
])('%j is looked for as %j', (text, words) => {
  expect(searchWords(text)).toEqual(words)
})

test('so many words and letters that nobody types are cut', () => {
  expect(searchWords(Array.from({ length: 500 }, (_, word) => `w${word}`).join(' '))).toHaveLength(8)
  expect(searchWords('x'.repeat(100_000))).toEqual(['x'.repeat(64)])
})

test('a long word is never cut inside a character', () => {
  expect(searchWords(`x${'😀'.repeat(100)}`)).toEqual([`x${'😀'.repeat(63)}`])
})
