/** Red, green and blue of sRGB, each from 0 to 1. */
export type Rgb = readonly [number, number, number]

/** What text needs against its ground to be read by most (WCAG 2.2, success criterion 1.4.3). */
export const READABLE_CONTRAST = 4.5

const BLACK: Rgb = [0, 0, 0]
const WHITE: Rgb = [1, 1, 1]
/** Halvings of the lightness: finer than one step of an 8-bit channel. */
const STEPS = 12

/** `#rrggbb` as a colour. */
export function fromHex(hex: string): Rgb {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map(
    (at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255,
  )
  return [red, green, blue]
}

export function toHex(colour: Rgb): string {
  return `#${colour
    .map((channel) =>
      Math.round(channel * 255)
        .toString(16)
        .padStart(2, '0'),
    )
    .join('')}`
}

/** From 1, the same, to 21, black on white (WCAG 2.2, contrast ratio). */
export function contrast(one: Rgb, other: Rgb): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].sort((left, right) => left - right)
  return (lighter + 0.05) / (darker + 0.05)
}

/** The colour itself where it can be read on `ground`, else the nearest lighter or darker shade of its hue that can. */
export function readableOn(ground: Rgb, colour: Rgb): Rgb {
  if (contrast(colour, ground) >= READABLE_CONTRAST) return colour
  const { chroma, hue } = toOklch(colour)
  const shade = (lightness: number) => rounded(fromOklch({ lightness, chroma, hue }))

  let passes = contrast(WHITE, ground) > contrast(BLACK, ground) ? 1 : 0
  let fails = toOklch(colour).lightness
  for (let step = 0; step < STEPS; step++) {
    const between = (passes + fails) / 2
    if (contrast(shade(between), ground) >= READABLE_CONTRAST) passes = between
    else fails = between
  }
  return shade(passes)
}

/** Black or white, whichever is read better on the colour; one of them always can. */
export const textOn = (colour: Rgb): Rgb =>
  contrast(WHITE, colour) >= contrast(BLACK, colour) ? WHITE : BLACK

/** As far around the circle of hues, just as light. @param degrees 0 to 360. */
export function turned(colour: Rgb, degrees: number): Rgb {
  const { lightness, chroma, hue } = toOklch(colour)
  return rounded(fromOklch({ lightness, chroma, hue: hue + (degrees * Math.PI) / 180 }))
}

/** https://bottosson.github.io/posts/oklab: equal steps of lightness look equal, whatever the hue. */
export interface Oklch {
  /** 0 to 1. */
  lightness: number
  chroma: number
  /** Radians. */
  hue: number
}

/** With as much of the chroma as sRGB can show. */
export function fromOklch({ lightness, chroma, hue }: Oklch): Rgb {
  let [shown, tooMuch] = [0, chroma]
  const whole = oklchToLinear(lightness, chroma, hue)
  if (isShowable(whole)) return encoded(whole)
  for (let step = 0; step < STEPS; step++) {
    const between = (shown + tooMuch) / 2
    if (isShowable(oklchToLinear(lightness, between, hue))) shown = between
    else tooMuch = between
  }
  return encoded(oklchToLinear(lightness, shown, hue))
}

export function toOklch(colour: Rgb): Oklch {
  const [red, green, blue] = linear(colour)
  const long = Math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
  const middle = Math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
  const short = Math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
  const a = 1.9779984951 * long - 2.428592205 * middle + 0.4505937099 * short
  const b = 0.0259040371 * long + 0.7827717662 * middle - 0.808675766 * short
  return {
    lightness: 0.2104542553 * long + 0.793617785 * middle - 0.0040720468 * short,
    chroma: Math.hypot(a, b),
    hue: Math.atan2(b, a),
  }
}

function oklchToLinear(lightness: number, chroma: number, hue: number): Rgb {
  const [a, b] = [chroma * Math.cos(hue), chroma * Math.sin(hue)]
  const long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const short = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
  return [
    4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
    -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
    -0.0041960863 * long - 0.7034186147 * middle + 1.707614701 * short,
  ]
}

/** Rounding makes black and white of a hue a hair more than sRGB holds. */
const HAIR = 1e-4

const isShowable = (channels: Rgb) => channels.every((channel) => channel >= -HAIR && channel <= 1 + HAIR)

function luminance(colour: Rgb) {
  const [red, green, blue] = linear(colour)
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

const linear = (colour: Rgb) =>
  each(colour, (value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4))

function encoded(channels: Rgb) {
  return each(channels, (channel) => {
    const value = Math.min(Math.max(channel, 0), 1)
    return value <= 0.0031308 ? value * 12.92 : 1.055 * value ** (1 / 2.4) - 0.055
  })
}

/** As it will be written, so that what was measured is what is shown. */
const rounded = (colour: Rgb) => each(colour, (channel) => Math.round(channel * 255) / 255)

function each([red, green, blue]: Rgb, change: (channel: number) => number): Rgb {
  return [change(red), change(green), change(blue)]
}
