import { expect, test } from 'vitest'
import { typosBetween } from './typos.ts'

test.each([
  ['praia', 'praia', 0],
  ['praia', 'praai', 1],
  ['praia', 'paia', 1],
  ['praia', 'priaia', 1],
  ['praia', 'traia', 1],
  ['praia', 'prata', 1],
  ['paria', 'praia', 1],
  ['fotografia', 'fotogarfai', 2],
  ['fotografia', 'otografi', 2],
  ['fotografia', 'fttogrrfia', 2],
  ['verão', 'verao', 1],
  ['😀😀', '😀', 1],
  ['', 'ab', 2],
  ['praia', 'piraña', 2],
  ['praia', 'montanha', 3],
])('from %s to %s it takes %i typos', (one, other, typos) => {
  expect([typosBetween(one, other, 2), typosBetween(other, one, 2)]).toEqual([typos, typos])
})
