import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { contrast, fromHex, fromOklch, READABLE_CONTRAST, toHex } from '#src/lib/colour.ts'
import { accentOn, accentWords, GROUNDS, HARDEST_GROUNDS, SCHEMES } from './accent.ts'

const COLOURS = [
  ...['#e5484d', '#0090ff', '#30a46c', '#ffcc00', '#ffff00', '#00ff00', '#0000ff', '#ff00ff', '#8b5cf6'],
  ...['#000000', '#ffffff', '#808080', '#777777', '#09090f', '#fafafc', '#010203', '#123456'],
]

test.each(COLOURS)(
  '%s becomes shades that can be read on every ground, and text that can be read on them',
  (colour) => {
    for (const scheme of SCHEMES) {
      const { accent, onAccent, start, end } = accentOn(scheme, colour)
      for (const shade of [accent, start, end]) {
        for (const ground of [GROUNDS[scheme], HARDEST_GROUNDS[scheme]]) {
          expect(contrast(fromHex(shade), fromHex(ground))).toBeGreaterThanOrEqual(READABLE_CONTRAST)
        }
      }
      expect(contrast(fromHex(accent), fromHex(onAccent))).toBeGreaterThanOrEqual(READABLE_CONTRAST)
    }
  },
)

test('the owner is told which shades the colour becomes', () => {
  expect(accentWords('#ffcc00')).toMatch(
    /^ {4}#ffcc00 on dark pages\n {4}#[0-9a-f]{6} on light pages, a shade that can be read$/,
  )
})

test('the grounds are those of the stylesheet', async () => {
  const styles = await readFile(new URL('../../web/styles/site.css', import.meta.url), 'utf8')
  const shades = (name: string) =>
    [...styles.matchAll(new RegExp(`--color-${name}: oklch\\(([\\d.]+) ([\\d.]+) ([\\d.]+)\\)`, 'g'))].map(
      ([, lightness, chroma, degrees]) =>
        toHex(
          fromOklch({
            lightness: Number(lightness),
            chroma: Number(chroma),
            hue: (Number(degrees) * Math.PI) / 180,
          }),
        ),
    )
  expect(new Set(shades('ground'))).toEqual(new Set([GROUNDS.dark, GROUNDS.light]))
  expect(new Set(shades('raised'))).toEqual(new Set([HARDEST_GROUNDS.dark, HARDEST_GROUNDS.light]))
})
