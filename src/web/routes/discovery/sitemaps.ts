import type { Db } from '#src/db/index.ts'
import { escapeXml } from '#src/lib/xml.ts'
import {
  ADDRESS_KINDS,
  type AddressKind,
  type PublicAddress,
  sitemapAddresses,
  sitemapNumbers,
} from '#src/services/discovery/public-addresses.ts'
import { creatorAddress, postAddress } from '../../addresses.ts'

/** https://www.sitemaps.org/protocol.html */
const NAMESPACE = 'http://www.sitemaps.org/schemas/sitemap/0.9'
const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
const ENTRANCES = ['/', '/creators']

const PATHS: Record<AddressKind, (name: string) => string> = {
  creators: creatorAddress,
  posts: postAddress,
  'handmade-creators': creatorAddress,
  'handmade-posts': postAddress,
}

/** The list of all sitemaps. */
export async function sitemapIndex(db: Db, origin: string): Promise<string> {
  const numbered = await Promise.all(
    ADDRESS_KINDS.map(async (kind) => (await sitemapNumbers(db, kind)).map((number) => `${kind}-${number}`)),
  )
  const entries = ['site', ...numbered.flat()].map(
    (name) => `<sitemap><loc>${escapeXml(`${origin}/sitemaps/${name}.xml`)}</loc></sitemap>\n`,
  )
  return `${DECLARATION}<sitemapindex xmlns="${NAMESPACE}">\n${entries.join('')}</sitemapindex>\n`
}

/** The sitemap of the pages that are there in every library. */
export function siteSitemap(origin: string, legalPages: string[]): string {
  const entries = [...ENTRANCES, ...legalPages].map((path) => entry(`${origin}${path}`))
  return `${HEAD}${entries.join('')}${FOOT}`
}

/** `posts-2.xml` as what it lists, or null when it is no sitemap's name. */
export function parseSitemapName(name: string): { kind: AddressKind; number: number } | null {
  const [, kindName, digits] = /^([a-z-]+)-([1-9]\d{0,5})\.xml$/.exec(name) ?? []
  const kind = ADDRESS_KINDS.find((known) => known === kindName)
  return kind ? { kind, number: Number(digits) } : null
}

/** One sitemap as it is read from the database: the next rows are asked for when the last ones are on their way. */
export function sitemapStream(
  db: Db,
  origin: string,
  { kind, number }: { kind: AddressKind; number: number },
): ReadableStream<Uint8Array> {
  const pieces = sitemapAddresses(db, kind, number)
  const encoder = new TextEncoder()
  return new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(encoder.encode(HEAD)),
    async pull(controller) {
      const { value, done } = await pieces.next()
      if (!done) return controller.enqueue(encoder.encode(entriesOf(value, kind, origin)))
      controller.enqueue(encoder.encode(FOOT))
      controller.close()
    },
    async cancel() {
      await pieces.return(undefined)
    },
  })
}

const HEAD = `${DECLARATION}<urlset xmlns="${NAMESPACE}">\n`
const FOOT = '</urlset>\n'

const entriesOf = (addresses: PublicAddress[], kind: AddressKind, origin: string) =>
  addresses.map(({ name, changedAt }) => entry(`${origin}${PATHS[kind](name)}`, changedAt)).join('')

function entry(address: string, changedAt?: Date) {
  const changed = changedAt ? `<lastmod>${changedAt.toISOString()}</lastmod>` : ''
  return `<url><loc>${escapeXml(address)}</loc>${changed}</url>\n`
}
