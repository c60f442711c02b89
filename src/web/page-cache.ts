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

export interface PageCache {
  kept: LRUCache<string, KeptPage>
  /** What is being rendered right now: whoever asks meanwhile waits for the same. Null when it is not for keeping. */
  coming: Map<string, Promise<KeptPage | null>>
}

/** Pages of this process, by version and variant: a new version is a new entry, so that nothing has to be invalidated. */
export const openPageCache = (): PageCache => ({
  kept: new LRUCache({ maxSize: CACHE_BYTES, sizeCalculation: ({ body }) => body.length }),
  coming: new Map(),
})

/** 304 to a browser that has the page (RFC 9110 §13.1.2), from the cache, or rendered now. */
export async function answerPage(c: AppContext, cache: PageCache, page: VersionedPage): Promise<Response> {
  if (page.version === null || c.req.query(CHOOSES_LANGUAGE) !== undefined) return page.render()

  const key = `${page.version} ${pageVariant(c, page.identity)}`
  const known = cache.kept.get(key) ?? (await cache.coming.get(key))
  if (known) return answerKept(c, known)

  const rendering = keep(cache, key, page)
  cache.coming.set(
    key,
    rendering.then(forOthers, () => null),
  )
  const rendered = await rendering.finally(() => cache.coming.delete(key))
  return rendered instanceof Response ? rendered : answerKept(c, rendered)
}

const forOthers = (rendered: KeptPage | Response) => (rendered instanceof Response ? null : rendered)

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
  cache.kept.set(key, kept, { ttl: Math.max(Math.min(page.freshFor, KEPT_MS), 1) })
  return kept
}
