import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  contrast,
  fromHex,
  fromOklch,
  READABLE_CONTRAST,
  readableOn,
  textOn,
  toHex,
  toOklch,
} from './colour.ts'

const DARK = fromHex('#242331')
const LIGHT = fromHex('#e7e7eb')
const hexColour = fc
  .integer({ min: 0, max: 0xffffff })
  .map((value) => `#${value.toString(16).padStart(6, '0')}`)

test.each([
  ['#000000', '#ffffff', 21],
  ['#777777', '#ffffff', 4.48],
  ['#767676', '#ffffff', 4.54],
  ['#ff0000', '#ffffff', 4.0],
  ['#123456', '#123456', 1],
])('%s and %s have the contrast that WCAG gives them', (one, other, ratio) => {
  expect(contrast(fromHex(one), fromHex(other))).toBeCloseTo(ratio, 1)
})

describe('a shade of any colour', () => {
  test.each([
    ['dark', DARK],
    ['light', LIGHT],
  ] as const)('can be read on a %s ground', (_, ground) => {
    fc.assert(
      fc.property(hexColour, (hex) => {
        const shade = fromHex(toHex(readableOn(ground, fromHex(hex))))
        expect(contrast(shade, ground)).toBeGreaterThanOrEqual(READABLE_CONTRAST)
      }),
      { numRuns: 500 },
    )
  })

  test('is the colour itself where that can be read', () => {
    expect(toHex(readableOn(DARK, fromHex('#ffcc00')))).toBe('#ffcc00')
    expect(toHex(readableOn(LIGHT, fromHex('#003366')))).toBe('#003366')
  })

  test.each(['#e5484d', '#0090ff', '#00ff00', '#8b5cf6', '#ffcc00'])('keeps the hue of %s', (hex) => {
    for (const ground of [DARK, LIGHT]) {
      const turn = toOklch(readableOn(ground, fromHex(hex))).hue - toOklch(fromHex(hex)).hue
      expect(Math.abs(Math.atan2(Math.sin(turn), Math.cos(turn)))).toBeLessThan(0.1)
    }
  })

  test.each(['#000000', '#ffffff', '#808080', '#010101', '#fefefe'])('of the grey %s is a grey', (hex) => {
    for (const ground of [DARK, LIGHT]) {
      expect(toOklch(readableOn(ground, fromHex(hex))).chroma).toBeLessThan(0.01)
    }
  })
})

test('black or white can be read on every colour', () => {
  fc.assert(
    fc.property(hexColour, (hex) => {
      expect(contrast(textOn(fromHex(hex)), fromHex(hex))).toBeGreaterThanOrEqual(READABLE_CONTRAST)
    }),
  )
})

test('a colour comes back from its lightness, chroma and hue', () => {
  fc.assert(
    fc.property(hexColour, (hex) => {
      expect(toHex(fromOklch(toOklch(fromHex(hex))))).toBe(hex)
    }),
  )
})
