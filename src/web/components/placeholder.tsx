const SHADES = [
  'shade-0',
  'shade-1',
  'shade-2',
  'shade-3',
  'shade-4',
  'shade-5',
  'shade-6',
  'shade-7',
  'shade-8',
  'shade-9',
]

const graphemes = new Intl.Segmenter()

/** Stands where there is no picture: initials on colours that are always the same for the same name. */
export function Placeholder({ name, class: size = 'text-4xl' }: { name: string; class?: string }) {
  return (
    <span class={`placeholder ${shadeOf(name)} ${size}`} aria-hidden="true">
      <bdi>{initialsOf(name)}</bdi>
    </span>
  )
}

export function shadeOf(name: string): string {
  let hash = 0
  for (const character of name) hash = (Math.imul(hash, 31) + (character.codePointAt(0) ?? 0)) | 0
  return SHADES[Math.abs(hash) % SHADES.length] ?? ''
}

/** Of the first two words that begin with a letter or a digit, else the name's first character. */
export function initialsOf(name: string): string {
  const words = name.match(/[\p{L}\p{N}][\p{L}\p{M}\p{N}]*/gu) ?? [name.trim()]
  return words.slice(0, 2).map(firstGrapheme).join('').toLocaleUpperCase()
}

function firstGrapheme(word: string) {
  for (const { segment } of graphemes.segment(word)) return segment
  return ''
}
