import { Readable } from 'node:stream'
import { Hono } from 'hono'
import type { Deps } from '#src/deps.ts'
import type { Env } from '#src/env.ts'
import { Forbidden, NotFound } from '#src/errors.ts'
import { verifyLink } from '#src/storage/folder-link.ts'
import type { ByteRange, ListedObject, MediaStore } from '#src/storage/media-store.ts'
import { mediaType, partType } from '#src/storage/media-type.ts'
import { decodeKey } from '#src/storage/object-key.ts'
import { rawPath } from '../../addresses.ts'
import type { AppContext, AppEnv } from '../../app-env.ts'
import { refuseHotlinks } from '../../middleware/refuse-hotlinks.ts'
import { allow } from '../../policies.ts'
import { requestedRange } from './byte-range.ts'
import { evaluatePreconditions, rangeStillCounts, type Validators } from './preconditions.ts'

const PREFIX = '/media/'

/** Nothing in a file may run. The browser's own viewers of pictures and videos load the file again, with styles. */
const FILE_POLICY =
  "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; sandbox allow-same-origin"

interface MediaDeps extends Pick<Deps, 'media' | 'linkKey' | 'now'> {
  env: Pick<Env, 'MEDIA_BASE_URL' | 'BASE_URL'>
}

/** The bytes behind the links of the folder store. The link is the permission: it was given to who may watch. */
export function mediaRoutes({ env, media, linkKey, now }: MediaDeps) {
  return new Hono<AppEnv>().get('/media/*', allow('public'), refuseHotlinks(env), async (c) => {
    const encodedKey = rawPath(c).slice(PREFIX.length)
    const expires = expiryOf(c, encodedKey, linkKey, now())
    const object = await findObject(media, encodedKey)
    const validators = { etag: `"${object.etag}"`, lastModified: object.lastModified }
    const headers = headersOf(object, validators, env, expires, now())

    const outcome = evaluatePreconditions(conditionsOf(c), validators)
    if (outcome === 'not modified') return c.body(null, 304, headers)
    if (outcome === 'failed') return c.body(null, 412, headers)
    return answer(c, media, object, wantedRange(c, object, validators), headers)
  })
}

/**
 * Until when the link works.
 * @throws Forbidden when it no longer does, or never did.
 */
function expiryOf(c: AppContext, encodedKey: string, linkKey: Buffer, now: Date): Date {
  const query = { e: c.req.query('e'), s: c.req.query('s') }
  const verdict = verifyLink(linkKey, encodedKey, query, now)
  if (verdict === 'valid') return new Date(Number(query.e) * 1000)
  if (verdict === 'expired') throw new Forbidden('This link has expired. Open the page it came from again.')
  throw new Forbidden('This link is none of ours, or was changed on its way.')
}

async function findObject(media: MediaStore, encodedKey: string): Promise<ListedObject> {
  const key = decodeKey(encodedKey)
  const object = key === null ? null : await media.head(key)
  if (object === null) throw new NotFound('This file is no longer there.')
  return object
}

function headersOf(
  { key }: ListedObject,
  { etag, lastModified }: Validators,
  env: Pick<Env, 'MEDIA_BASE_URL' | 'BASE_URL'>,
  expires: Date,
  now: Date,
): Record<string, string> {
  const type = mediaType(key)
  const part = partType(key)
  return {
    'Content-Type': (type ?? part)?.contentType ?? 'application/octet-stream',
    'Content-Disposition': type?.playable || part ? 'inline' : attachment(key),
    'Content-Security-Policy': FILE_POLICY,
    // Pages reach it through the origin of MEDIA_BASE_URL, which is not theirs.
    'Cross-Origin-Resource-Policy': env.MEDIA_BASE_URL ? 'cross-origin' : 'same-origin',
    // The player reads segments by script.
    ...(env.MEDIA_BASE_URL && { 'Access-Control-Allow-Origin': new URL(env.BASE_URL).origin }),
    'Cache-Control': `private, max-age=${Math.floor((expires.getTime() - now.getTime()) / 1000)}`,
    'Accept-Ranges': 'bytes',
    ETag: etag,
    'Last-Modified': lastModified.toUTCString(),
  }
}

/** RFC 6266, with the name as RFC 8187 encodes it. */
function attachment(key: string) {
  const name = key.slice(key.lastIndexOf('/') + 1)
  const encoded = encodeURIComponent(name).replace(/['()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16)}`)
  return `attachment; filename*=UTF-8''${encoded}`
}

function conditionsOf(c: AppContext) {
  return {
    ifMatch: c.req.header('If-Match'),
    ifNoneMatch: c.req.header('If-None-Match'),
    ifModifiedSince: c.req.header('If-Modified-Since'),
    ifUnmodifiedSince: c.req.header('If-Unmodified-Since'),
  }
}

/** `Range` has a meaning for GET alone. */
function wantedRange(c: AppContext, { size }: ListedObject, validators: Validators) {
  if (c.req.method !== 'GET' || !rangeStillCounts(c.req.header('If-Range'), validators)) return null
  return requestedRange(c.req.header('Range'), size)
}

async function answer(
  c: AppContext,
  media: MediaStore,
  { key, size }: ListedObject,
  range: ByteRange | 'unsatisfiable' | null,
  headers: Record<string, string>,
) {
  if (range === 'unsatisfiable') return c.body(null, 416, { ...headers, 'Content-Range': `bytes */${size}` })

  const { start, end } = range ?? { start: 0, end: size - 1 }
  const described = {
    ...headers,
    'Content-Length': String(end - start + 1),
    ...(range && { 'Content-Range': `bytes ${start}-${end}/${size}` }),
  }
  const body = c.req.method === 'HEAD' || size === 0 ? null : await readSpan(media, key, { start, end })
  return new Response(body, { status: range ? 206 : 200, headers: described })
}

/** A stream that reads on only as fast as the client takes it, and closes the file when the client goes. */
async function readSpan(media: MediaStore, key: string, range: ByteRange) {
  const stream = await media.read(key, range)
  if (stream === null) throw new NotFound('This file is no longer there.')
  return Readable.toWeb(stream instanceof Readable ? stream : new Readable().wrap(stream))
}
