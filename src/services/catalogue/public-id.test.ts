import { expect, test } from 'vitest'
import { handmadeId, handmadeSlug, parsePublicId, publicId } from './public-id.ts'

test.each([
  ['12', { kind: 'synced', id: 12 }],
  ['h12', { kind: 'handmade', id: 12 }],
  ['2147483647', { kind: 'synced', id: 2_147_483_647 }],
  ['2147483648', null],
  ['9999999999', null],
  ['99999999999999999999', null],
  ['0', null],
  ['h0', null],
  ['012', null],
  ['-1', null],
  ['+1', null],
  ['1.0', null],
  ['1e3', null],
  ['H12', null],
  ['hh12', null],
  [' 12', null],
  ['12\n', null],
  ['12; drop table posts', null],
  ['', null],
  ['١٢', null],
])('the public id %j is %j', (text, ref) => {
  expect(parsePublicId(text)).toEqual(ref)
})

test('a public id leads back to its row', () => {
  for (const kind of ['synced', 'handmade'] as const) {
    expect(parsePublicId(publicId({ kind, id: 7 }))).toEqual({ kind, id: 7 })
  }
})

test.each([
  ['Ana', 'Ana~h7'],
  [' Ana & Zé ', 'Ana & Zé~h7'],
  ['AC/DC', 'AC-DC~h7'],
  ['a~h3', 'a~h3~h7'],
  ['..', '..~h7'],
  ['', '~h7'],
])('a creator called %j has the slug %j, which leads back', (name, slug) => {
  expect(handmadeSlug(name, 7)).toBe(slug)
  expect(handmadeId(slug)).toBe(7)
})

test.each(['Ana', 'Ana~h', 'Ana~h0', 'Ana~hx', 'Ana~h7x', 'Ana~h2147483648', 'Ana~h99999999999', '~H7'])(
  'the slug %j names no creator made by hand',
  (slug) => {
    expect(handmadeId(slug)).toBeNull()
  },
)
