import { expect, test } from 'vitest'
import { initialsOf, shadeOf } from './placeholder.tsx'

test.each([
  ['Ana Lima', 'AL'],
  ['ana & bia', 'AB'],
  ['  summer_tour 2024', 'ST'],
  ['Åsa', 'Å'],
  ['e\u0301toile', 'E\u0301'],
  ['日本語', '日'],
  ['עברית שלום', 'עש'],
  ['👩‍👩‍👧😀', '👩‍👩‍👧'],
  ['', ''],
])('the initials of %j are %j', (name, initials) => {
  expect(initialsOf(name)).toBe(initials)
})

test('a name always has the same colours, and names share all of them out', () => {
  const names = Array.from({ length: 1_000 }, (_, index) => `Creator ${index}`)
  const shades = names.map(shadeOf)
  const mostUsed = Math.max(...shades.map((shade) => shades.filter((other) => other === shade).length))

  expect(new Set(shades).size).toBe(10)
  expect(mostUsed).toBeLessThan(200)
  expect(names.map(shadeOf)).toEqual(shades)
})
