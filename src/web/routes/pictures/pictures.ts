import { Hono } from 'hono'
import type { Deps } from '#src/deps.ts'
import { Forbidden, NotFound } from '#src/errors.ts'
import { type Derivative, isPictureSize, isVariant } from '#src/services/derivatives/derivative.ts'
import { openDerivatives } from '#src/services/derivatives/derivatives.ts'
import { openPictureLink, type PictureLink, type Variant } from '#src/services/derivatives/picture-links.ts'
import { type ShownObject, shownObject } from '#src/services/derivatives/queries/shown-object.ts'
import { decodeKey } from '#src/storage/object-key.ts'
import type { AppContext, AppEnv, AppMiddleware } from '../../app-env.ts'
import { refuseHotlinks } from '../../middleware/refuse-hotlinks.ts'
import { allow } from '../../policies.ts'
import { renderProblem } from '../../problem.ts'
import { evaluatePreconditions } from '../media/preconditions.ts'

type PictureDeps = Pick<Deps, 'env' | 'database' | 'media' | 'appStorage' | 'imaging' | 'pictureKey' | 'now'>

const NOTHING_RUNS = "default-src 'none'; sandbox"
/** How long a picture may go on showing that was taken down. */
const LASTING_SECONDS = 3_600
/** How soon a picture shows that can be read by now. */
const NO_PICTURE_SECONDS = 60

/**
 * What the server makes of the owner's pictures and videos. The link is the permission: it was given to who may see
 * that much. What was taken down since, or whose creator is no longer public, is shown by no link.
 */
export function pictureRoutes(deps: PictureDeps) {
  const derivatives = openDerivatives(deps)
  // Pictures always come from our own origin.
  const ownPagesOnly = exceptShared(refuseHotlinks({ ...deps.env, MEDIA_BASE_URL: undefined }))

  return new Hono<AppEnv>().get('/pictures/:variant/:token', allow('public'), ownPagesOnly, async (c) => {
    const { variant, link } = linkOf(c, deps)
    const object = await shownByLink(deps, variant, link)
    const outcome = await derivatives.of(object, variant, c.var.viewer.limitKey)
    return typeof outcome === 'string'
      ? noPicture(c)
      : answer(c, outcome, headersOf(variant, link, outcome, deps.now()))
  })
}

/** Link previews of other sites show what is made for them. */
function exceptShared(middleware: AppMiddleware): AppMiddleware {
  return function exceptShared(c, next) {
    return c.req.param('variant') === 'share' ? next() : middleware(c, next)
  }
}

/** @throws Forbidden when the link no longer works, or never did. */
function linkOf(c: AppContext, { pictureKey, now }: PictureDeps): { variant: Variant; link: PictureLink } {
  const variant = c.req.param('variant') ?? ''
  const link = isVariant(variant) ? openPictureLink(pictureKey, variant, c.req.param('token') ?? '') : null
  if (link === null || !isVariant(variant))
    throw new Forbidden('This link is none of ours, or was changed on its way.')
  if (link.expires !== null && !(link.expires > now()))
    throw new Forbidden('This link has expired. Open the page it came from again.')
  return { variant, link }
}

/** A size without an end is for the art of creators alone. @throws NotFound */
async function shownByLink(
  { database }: PictureDeps,
  variant: Variant,
  { encodedKey, expires }: PictureLink,
): Promise<ShownObject> {
  const key = decodeKey(encodedKey)
  const object = key === null ? null : await shownObject(database.db, key, encodedKey)
  const isForEverybody = expires === null && isPictureSize(variant)
  if (object === null || (isForEverybody && !object.isArt))
    throw new NotFound('This picture is no longer shown.')
  return object
}

function headersOf(variant: Variant, { expires }: PictureLink, { etag, contentType }: Derivative, now: Date) {
  return {
    'Content-Type': contentType,
    'X-Content-Type-Options': 'nosniff',
    'Content-Security-Policy': NOTHING_RUNS,
    'Cross-Origin-Resource-Policy': variant === 'share' ? 'cross-origin' : 'same-origin',
    'Cache-Control':
      expires === null ? `public, max-age=${LASTING_SECONDS}` : `private, max-age=${secondsTo(expires, now)}`,
    ETag: `"${etag}"`,
  }
}

const secondsTo = (moment: Date, now: Date) => Math.floor((moment.getTime() - now.getTime()) / 1000)

function answer(c: AppContext, { bytes, etag }: Derivative, headers: Record<string, string>) {
  const conditions = {
    ifNoneMatch: c.req.header('If-None-Match'),
    ifMatch: undefined,
    ifModifiedSince: undefined,
    ifUnmodifiedSince: undefined,
  }
  const outcome = evaluatePreconditions(conditions, { etag: `"${etag}"`, lastModified: new Date(0) })
  if (outcome === 'not modified') return c.body(null, 304, headers)
  return c.body(new Uint8Array(bytes), 200, { ...headers, 'Content-Length': String(bytes.byteLength) })
}

function noPicture(c: AppContext) {
  c.header('Cache-Control', `private, max-age=${NO_PICTURE_SECONDS}`)
  return renderProblem(c, {
    status: 404,
    code: 'no-picture',
    title: 'Not Found',
    detail: 'There is no picture of this file.',
  })
}
