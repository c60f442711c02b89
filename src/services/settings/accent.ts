import { fromHex, type Rgb, readableOn, textOn, toHex, turned } from '#src/lib/colour.ts'

/** The owner's colour as the pages of one scheme show it, each as `#rrggbb`. */
export interface Accent {
  /** For text, marks and edges on every ground of the scheme. */
  accent: string
  /** For text on the accent. */
  onAccent: string
  /** The two ends of the brand's gradient. */
  start: string
  end: string
}

export const SCHEMES = ['dark', 'light'] as const
export type Scheme = (typeof SCHEMES)[number]

/** Behind every page; a test holds them to the stylesheet. */
export const GROUNDS: Record<Scheme, string> = { dark: '#09090f', light: '#fafafc' }

/** Of the grounds that the stylesheet has, those on which a text is read worst: the raised ones. */
export const HARDEST_GROUNDS: Record<Scheme, string> = { dark: '#21212a', light: '#ececf1' }

/** Degrees from one end of the gradient to the other. */
const TURN = 50

export function accentOn(scheme: Scheme, colour: string): Accent {
  const ground = fromHex(HARDEST_GROUNDS[scheme])
  const accent = readableOn(ground, fromHex(colour))
  const hex = (shade: Rgb) => toHex(shade)
  return {
    accent: hex(accent),
    onAccent: hex(textOn(accent)),
    start: hex(accent),
    end: hex(readableOn(ground, turned(accent, -TURN))),
  }
}

/** Tells the owner what became of the colour. */
export function accentWords(colour: string): string {
  const shades = SCHEMES.map((scheme) => ({ scheme, accent: accentOn(scheme, colour).accent }))
  return shades
    .map(
      ({ scheme, accent }) =>
        `    ${accent} on ${scheme} pages${accent === colour ? '' : ', a shade that can be read'}`,
    )
    .join('\n')
}
