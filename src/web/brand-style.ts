import { createHash } from 'node:crypto'
import { accentOn, SCHEMES, type Scheme } from '#src/services/settings/accent.ts'

/** The owner's colour as a stylesheet, at an address that says which colour it is and changes with what is made of it. */
export const brandStyleAddress = (colour: string) => `/${brandStyleName(colour)}`

/** The stylesheet of that name, which any node can make, or null when it is none. */
export function brandStyleNamed(name: string): string | null {
  const digits = /^brand\.([0-9a-f]{6})[0-9a-f]{10}\.css$/.exec(name)?.[1]
  const colour = `#${digits}`
  return digits && name === brandStyleName(colour) ? brandStyle(colour) : null
}

const names = new Map<string, string>()

function brandStyleName(colour: string) {
  const known = names.get(colour)
  if (known) return known
  const hash = createHash('sha256').update(brandStyle(colour)).digest('hex').slice(0, 10)
  const name = `brand.${colour.slice(1)}${hash}.css`
  // An owner tries some colours; whoever asks for all of them gets no memory of ours.
  if (names.size < 100) names.set(colour, name)
  return name
}

/** Outside of every layer, so that it wins over the colours of the site's own stylesheet. */
function brandStyle(colour: string): string {
  const [dark, light] = SCHEMES.map((scheme) => declarations(scheme, colour))
  return [
    `:root{${dark};--color-accent-on-dark:${accentOn('dark', colour).accent}}`,
    `@media (prefers-color-scheme:light){:root:not([data-theme=dark]){${light}}}`,
    `:root[data-theme=light]{${light}}`,
    '',
  ].join('\n')
}

function declarations(scheme: Scheme, colour: string) {
  const { accent, onAccent, start, end } = accentOn(scheme, colour)
  return [
    `--color-accent:${accent}`,
    `--color-on-accent:${onAccent}`,
    `--color-brand-start:${start}`,
    `--color-brand-end:${end}`,
  ].join(';')
}
