import { createHmac, hash } from 'node:crypto'
import { hmacSha256 } from '#src/storage/hmac-sha256.ts'
import { linkWindow } from '#src/storage/link-window.ts'
import type { SignLink } from '#src/storage/media-store.ts'
import { encodeKey } from '#src/storage/object-key.ts'
import { bucketUrl } from '#src/storage/s3-address.ts'

export interface PresignerSettings {
  endpoint: string
  pathStyle: boolean
  region: string
  bucket: string
  /** Stands before every key, as `S3_PREFIX` does: empty, or ending in a slash. Not encoded. */
  prefix: string
  accessKeyId: string
  secretAccessKey: string
  windowSeconds: number
  /** A CDN that passes the endpoint's Host on: the finished link names it in place of the endpoint. */
  mediaBaseUrl?: string | undefined
}

/**
 * Presigned GET links, SigV4 in the query with only the host signed, made from a percent-encoded key.
 * Dated at the start of `now`'s window and good for two, so a link is the same for a whole window.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
 */
export function presigner(settings: PresignerSettings): (now: Date) => SignLink {
  const keyOf = dailyKeys(settings)
  let signing: { start: number; sign: SignLink } | undefined

  return function signerAt(now) {
    const { start } = linkWindow(now, settings.windowSeconds)
    if (signing?.start !== start) signing = { start, sign: signerOfWindow(settings, keyOf, start) }
    return signing.sign
  }
}

/** Everything but the key is the same for a whole window, so it is laid out once. */
function signerOfWindow(
  settings: PresignerSettings,
  keyOf: (day: string) => Buffer,
  windowStart: number,
): SignLink {
  const { url, path } = whereKeysBegin(settings)
  const time = amazonTime(windowStart)
  const day = time.slice(0, 8)
  const scope = scopeOf(day, settings)
  const query = [
    'X-Amz-Algorithm=AWS4-HMAC-SHA256',
    `X-Amz-Credential=${encodeURIComponent(`${settings.accessKeyId}/${scope}`)}`,
    `X-Amz-Date=${time}`,
    `X-Amz-Expires=${2 * settings.windowSeconds}`,
    'X-Amz-SignedHeaders=host',
  ].join('&')

  const requestHead = `GET\n${path}`
  const requestTail = `\n${query}\nhost:${url.host}\n\nhost\nUNSIGNED-PAYLOAD`
  const linkHead = (settings.mediaBaseUrl ?? url.origin) + path
  const linkTail = `?${query}&X-Amz-Signature=`
  const toSignHead = `AWS4-HMAC-SHA256\n${time}\n${scope}\n`
  const authenticate = hmacSha256(keyOf(day), 'hex', toSignHead)

  return function presign(encodedKey) {
    const request = hash('sha256', requestHead + encodedKey + requestTail)
    return linkHead + encodedKey + linkTail + authenticate(request)
  }
}

function whereKeysBegin(settings: PresignerSettings) {
  const url = bucketUrl(settings, settings.bucket)
  return { url, path: `${url.pathname.replace(/\/$/, '')}/${encodeKey(settings.prefix)}` }
}

/** `20130524T000000Z` */
function amazonTime(seconds: number) {
  return new Date(seconds * 1000).toISOString().replace(/[-:]|\.\d+/g, '')
}

const scopeOf = (day: string, { region }: PresignerSettings) => `${day}/${region}/s3/aws4_request`

/**
 * The signing key of a day: derived through the scope's date, region, service and terminator, one HMAC each. Playlists
 * are signed as of earlier windows, so windows alternate; days seldom do.
 */
function dailyKeys(settings: PresignerSettings): (day: string) => Buffer {
  let derived = { day: '', key: Buffer.alloc(0) }

  return function keyOf(day) {
    if (derived.day === day) return derived.key
    let key = Buffer.from(`AWS4${settings.secretAccessKey}`)
    for (const part of scopeOf(day, settings).split('/'))
      key = createHmac('sha256', key).update(part).digest()
    derived = { day, key }
    return key
  }
}
