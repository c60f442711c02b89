/** Colours are written `#rrggbb`; a palette is a list of them, from one end of a scale to the other. */
export type Colour = string
export type Palette = readonly [Colour, ...Colour[]]

/** The colour `t` of the way from one to the other. */
export function mix(from: Colour, to: Colour, t: number): Colour {
  const other = channels(to)
  const mixed = channels(from).map((value, index) => Math.round(value + ((other[index] ?? 0) - value) * t))
  return `#${mixed.map((value) => value.toString(16).padStart(2, '0')).join('')}`
}

/** The colour at `t` (0 to 1) on the palette seen as a smooth scale. */
export function ramp(palette: Palette, t: number): Colour {
  const position = Math.min(Math.max(t, 0), 1) * (palette.length - 1)
  const index = Math.floor(position)
  const from = palette[index] ?? palette[0]
  return mix(from, palette[index + 1] ?? from, position - index)
}

export const lighter = (colour: Colour, t: number) => mix(colour, '#ffffff', t)
export const darker = (colour: Colour, t: number) => mix(colour, '#000000', t)

function channels(colour: Colour): number[] {
  return [1, 3, 5].map((start) => Number.parseInt(colour.slice(start, start + 2), 16))
}
