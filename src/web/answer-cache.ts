import { LRUCache } from 'lru-cache'
import type { AppContext } from './app-env.ts'
import { entityTagOf, isSameEntity } from './entity-tag.ts'

const CACHE_BYTES = 32 * 1024 * 1024
const JSON_TYPE = 'application/json'
const encoder = new TextEncoder()

/** An answer whose version is known before it is made. */
export interface VersionedAnswer {
  /** Names everything the body depends on, the viewer's rights included; null is never kept. */
  version: string | null
  /** Milliseconds. */
  freshFor: number
  body(): Promise<string>
}

interface KeptAnswer {
  body: Uint8Array<ArrayBuffer>
  etag: string
}

export type AnswerCache = LRUCache<string, KeptAnswer>

/** Answers of this process, by version: a new version is a new entry, so that nothing has to be invalidated. */
export const openAnswerCache = (): AnswerCache =>
  new LRUCache({ maxSize: CACHE_BYTES, sizeCalculation: ({ body }) => body.byteLength || 1 })

/** The answer as JSON: 304 to a client that has it (RFC 9110 §13.1.2), from the cache, or made now. */
export async function answerVersioned(
  c: AppContext,
  cache: AnswerCache,
  answer: VersionedAnswer,
): Promise<Response> {
  const { version } = answer
  if (version === null) return c.body(await answer.body(), 200, { 'Content-Type': JSON_TYPE })

  const { body, etag } = cache.get(version) ?? (await keep(cache, answer, version))
  if (isSameEntity(c.req.header('If-None-Match'), etag)) return c.body(null, 304, { ETag: etag })
  return c.body(body, 200, { 'Content-Type': JSON_TYPE, ETag: etag })
}

async function keep(cache: AnswerCache, answer: VersionedAnswer, version: string): Promise<KeptAnswer> {
  const body = encoder.encode(await answer.body())
  const kept = { body, etag: entityTagOf(body) }
  cache.set(version, kept, { ttl: Math.max(answer.freshFor, 1) })
  return kept
}
