import { pictureSize } from './picture-size.ts'

/** The owner's logo, small enough to lie among the settings, where every node finds it. */
export interface Logo {
  contentType: LogoType
  bytes: Buffer
  /** Pixels; of an SVG, the proportions. */
  width: number
  height: number
}

const LOGO_TYPES = ['image/png', 'image/jpeg', 'image/webp', 'image/svg+xml'] as const
export type LogoType = (typeof LOGO_TYPES)[number]

export const LOGO_EXTENSIONS: Record<LogoType, string> = {
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/webp': 'webp',
  'image/svg+xml': 'svg',
}

const MOST_BYTES = 200_000
const MOST_PIXELS = 4096

const HOW = 'must be a picture: npx creatorflix settings set logo --file logo.svg (or .png, .webp, .jpg)'

/** The text by which the setting holds the picture in this file. What it is, its content tells, not its name. */
export const logoText = (bytes: Uint8Array): string =>
  `data:${typeOf(Buffer.from(bytes))};base64,${Buffer.from(bytes).toString('base64')}`

/** The logo in the text of the setting, or what is wrong with it. */
export function parseLogo(text: string): Logo | string {
  const [, named, base64] = /^data:([a-z+/]+);base64,([A-Za-z0-9+/]+={0,2})$/.exec(text) ?? []
  if (!named || !base64) return HOW
  const bytes = Buffer.from(base64, 'base64')
  if (bytes.length > MOST_BYTES) return 'must have at most 200 kB'

  const contentType = LOGO_TYPES.find((type) => type === typeOf(bytes))
  if (!contentType || contentType !== named) return HOW
  const fault = contentType === 'image/svg+xml' ? svgFault(bytes.toString()) : null
  if (fault) return fault

  const size = pictureSize(contentType, bytes)
  if (!size || Math.max(size.width, size.height) > MOST_PIXELS)
    return `must have a size, of at most ${MOST_PIXELS} × ${MOST_PIXELS} pixels`
  return { contentType, bytes, ...size }
}

function typeOf(bytes: Buffer): LogoType | 'application/octet-stream' {
  const head = bytes.toString('latin1', 0, 12)
  if (head.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png'
  if (head.startsWith('\xff\xd8\xff')) return 'image/jpeg'
  if (/^RIFF[\s\S]{4}WEBP$/.test(head)) return 'image/webp'
  return isSvg(bytes.toString('utf8', 0, 2048)) ? 'image/svg+xml' : 'application/octet-stream'
}

/** Comments and the XML declaration may come before. */
const isSvg = (start: string) => /^\uFEFF?\s*(<\?xml[^>]*>\s*)?(<!--[\s\S]*?-->\s*)*<svg[\s>]/.test(start)

const SCRIPTS = 'must be an SVG without scripts'
const LINKS = 'must be an SVG that holds everything itself, without links to other files'

/**
 * What an SVG may not have. Pages show it as a picture, where browsers run nothing of it, and its address has a policy
 * that runs nothing either; but the owner may pass the file on, so it should not have it in the first place.
 */
const SVG_FAULTS: Array<[RegExp, string]> = [
  [/<!(DOCTYPE|ENTITY)/i, 'must be an SVG without a DOCTYPE: export it as "plain SVG"'],
  [/<([\w-]+:)?(script|foreignObject|iframe|embed|object|handler|listener)\b/i, SCRIPTS],
  [/[\s"'/]on[a-z]+\s*=/i, SCRIPTS],
  [/(javascript|vbscript|data:text)/i, SCRIPTS],
  [/<([\w-]+:)?(set|animate\w*)\b[^>]*(href|\bon)/i, SCRIPTS],
  [
    /(href|src)\s{0,99}=\s{0,99}["']?\s{0,99}(?!["']?\s{0,99}(#|data:image\/(png|jpeg|webp);))[^\s"'>]/i,
    LINKS,
  ],
  [/url\(\s{0,99}["']?\s{0,99}(?!["']?\s{0,99}#)[^\s)]|@import|<\?xml-stylesheet/i, LINKS],
  [/\s{100}/, 'must be an SVG without long runs of spaces: export it as "optimized SVG"'],
  // CSS may spell any of the above with it.
  [/\\/, 'must be an SVG without backslashes in its styles'],
]

/** Character references could spell anything past the rules. */
function svgFault(source: string): string | null {
  const spelled = source.replace(/&#(x[0-9a-f]+|\d+);?/gi, (_, code: string) =>
    String.fromCodePoint(codePoint(code)),
  )
  return SVG_FAULTS.find(([pattern]) => pattern.test(spelled))?.[1] ?? null
}

function codePoint(code: string) {
  const value = code.toLowerCase().startsWith('x') ? Number.parseInt(code.slice(1), 16) : Number(code)
  return value <= 0x10ffff ? value : 0xfffd
}
