import { expect, test } from 'vitest'
import { formatCents, parseCents } from './money.ts'

test.each<[string, number]>([
  ['29.90', 2_990],
  ['29,90', 2_990],
  ['29', 2_900],
  ['29,9', 2_990],
  [' 0,01 ', 1],
  ['0', 0],
  ['1.234,56', 123_456],
  ['1,234.56', 123_456],
  ['1.234.567', 123_456_700],
  ['12345,67', 1_234_567],
  ['21.474.836,47', 2_147_483_647],
])('"%s" is %d cents', (written, cents) => {
  expect(parseCents(written)).toBe(cents)
})

test.each([
  '',
  '1.234',
  '1,234',
  '-1',
  '+1',
  '1e3',
  '0x10',
  'NaN',
  'Infinity',
  '1.2.3',
  '1,2,3',
  '12.34.567',
  '1.234.56',
  '29,901',
  'R$ 29',
  '١٢',
  '21.474.836,48',
  '9'.repeat(400),
])('"%s" is no amount, or could be two', (written) => {
  expect(parseCents(written)).toBe(null)
})

test('an amount is written as its language does', () => {
  expect(formatCents(2_990, 'BRL', 'pt-BR').replaceAll('\u00a0', ' ')).toBe('R$ 29,90')
  expect(formatCents(123_456, 'BRL', 'en')).toBe('R$1,234.56')
  expect(formatCents(500, 'JPY', 'en')).toBe('¥5')
})
