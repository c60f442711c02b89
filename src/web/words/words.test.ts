import { expect, test } from 'vitest'
import { en } from './en.ts'
import { ptBR } from './pt-BR.ts'

test.each([
  [0, '0 posts', '0 post'],
  [1, '1 post', '1 post'],
  [2, '2 posts', '2 posts'],
  [12_345, '12,345 posts', '12.345 posts'],
  [1_000_000, '1,000,000 posts', '1.000.000 de posts'],
])('%i posts are counted as each language does', (count, english, portuguese) => {
  expect(en.counts.posts(count)).toBe(english)
  expect(ptBR.counts.posts(count)).toBe(portuguese)
})

test('a date is the day its folder names, in every time zone', () => {
  const midnight = new Date('2024-05-01T00:00:00Z')
  expect(en.date(midnight)).toBe('May 1, 2024')
  expect(ptBR.date(midnight)).toBe('1 de maio de 2024')
  expect(en.shortDate(midnight)).toBe('May 1, 2024')
  expect(ptBR.shortDate(midnight)).toBe('1 de mai. de 2024')
})

test('people read of creators, never of models', () => {
  for (const dictionary of [en, ptBR]) {
    expect(
      JSON.stringify(dictionary, (_, value) => (typeof value === 'function' ? String(value) : value)),
    ).not.toMatch(/\bmodels?\b|modelo/i)
  }
})
