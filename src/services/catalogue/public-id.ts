/** Synced rows carry their plain id in public, hand-made ones an `h` before it (spec §3). */
export interface CreatorRef {
  kind: 'synced' | 'handmade'
  id: number
}

const PUBLIC_ID = /^(h?)([1-9]\d{0,9})$/
const HANDMADE_SLUG = /~h([1-9]\d{0,9})$/
/** PostgreSQL's integer. */
const LARGEST_ID = 2_147_483_647

export const publicId = ({ kind, id }: CreatorRef) => (kind === 'handmade' ? `h${id}` : String(id))

/** The row behind a public id, or null when it is none. */
export function parsePublicId(text: string): CreatorRef | null {
  const [, prefix, digits] = PUBLIC_ID.exec(text) ?? []
  const id = Number(digits)
  if (digits === undefined || id > LARGEST_ID) return null
  return { kind: prefix === 'h' ? 'handmade' : 'synced', id }
}

export const handmadeSlug = (name: string, id: number) => `${name.trim().replaceAll('/', '-')}~h${id}`

/** The id at the end of a hand-made creator's slug, whatever the name before it says by now. */
export function handmadeId(slug: string): number | null {
  const id = Number(HANDMADE_SLUG.exec(slug)?.[1])
  return id <= LARGEST_ID ? id : null
}
