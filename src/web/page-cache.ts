import { LRUCache } from 'lru-cache'
import type { AppContext } from './app-env.ts'
import { entityTagOf, isSameEntity } from './entity-tag.ts'
import { pageVariant } from './render.tsx'
import type { SiteIdentity } from './site-identity.ts'

const CACHE_BYTES = 16 * 1024 * 1024
/** What is learnt of pictures meanwhile shows up after so long. */
const KEPT_MS = 60_000
/** A page that sets a cookie is for one visitor. */
const CHOOSES_LANGUAGE = 'lang'

/** A page whose version is known before it is rendered. */
export interface VersionedPage {
  identity: SiteIdentity
  /** Names what the page is about, the viewer's rights included; null is never kept. */
  version: string | null
  /** Milliseconds. */
  freshFor: number
  render(): Promise<Response>
}

interface KeptPage {
  body: Uint8Array<ArrayBuffer>
  headers: Record<string, string>
}

export type PageCache = LRUCache<string, KeptPage>

/** Pages of this process, by version and variant: a new version is a new entry, so that nothing has to be invalidated. */
export const openPageCache = (): PageCache =>
  new LRUCache({ maxSize: CACHE_BYTES, sizeCalculation: ({ body }) => body.length })

/** 304 to a browser that has the page (RFC 9110 §13.1.2), from the cache, or rendered now. */
export async function answerPage(c: AppContext, cache: PageCache, page: VersionedPage): Promise<Response> {
  if (page.version === null || c.req.query(CHOOSES_LANGUAGE) !== undefined) return page.render()

  const key = `${page.version} ${pageVariant(c, page.identity)}`
  const kept = cache.get(key) ?? (await keep(cache, key, page))
  return kept instanceof Response ? kept : answerKept(c, kept)
}

function answerKept(c: AppContext, { body, headers }: KeptPage) {
  if (isSameEntity(c.req.header('If-None-Match'), headers.ETag ?? '')) return c.body(null, 304, headers)
  return c.body(body, 200, headers)
}

/** Only what is found is kept. */
async function keep(cache: PageCache, key: string, page: VersionedPage): Promise<KeptPage | Response> {
  const response = await page.render()
  if (response.status !== 200) return response
  const body = new Uint8Array(await response.arrayBuffer())
  const kept = { body, headers: { ...Object.fromEntries(response.headers), ETag: entityTagOf(body) } }
  cache.set(key, kept, { ttl: Math.max(Math.min(page.freshFor, KEPT_MS), 1) })
  return kept
}
