import { hmacSha256, isSameText } from '#src/storage/hmac-sha256.ts'
import { linkWindow } from '#src/storage/link-window.ts'
import type { SignLink } from '#src/storage/media-store.ts'

export interface FolderLinkSettings {
  /** Derived from APP_SECRET for this use alone. */
  linkKey: Buffer
  linkSeconds: number
  /** Origin before `/media/…`; links are relative to the site without it. */
  baseUrl?: string | undefined
}

/** `/media/<key>?e=<seconds since 1970>&s=<HMAC of both>`: served by ourselves while `verifyLink` calls it valid. */
export function folderSigner({
  linkKey,
  linkSeconds,
  baseUrl = '',
}: FolderLinkSettings): (now: Date) => SignLink {
  const authenticate = hmacSha256(linkKey, 'base64url')
  const linkHead = `${baseUrl}/media/`

  return function signerAt(now) {
    const expires = String(linkWindow(now, linkSeconds).linksExpire)
    const linkTail = `?e=${expires}&s=`
    return (encodedKey) => linkHead + encodedKey + linkTail + authenticate(signedText(encodedKey, expires))
  }
}

/**
 * What a request for a folder link deserves.
 * @param encodedKey the path after `/media/` exactly as it came, still percent-encoded
 */
export function verifyLink(
  linkKey: Buffer,
  encodedKey: string,
  query: { e?: string | undefined; s?: string | undefined },
  now: Date,
): 'valid' | 'expired' | 'forged' {
  const { e: expires = '', s: signature = '' } = query
  const genuine = hmacSha256(linkKey, 'base64url')(signedText(encodedKey, expires))
  if (!isSameText(signature, genuine)) return 'forged'

  return now.getTime() < Number(expires) * 1000 ? 'valid' : 'expired'
}

/** No encoded key holds a line feed, so no two pairs make the same text. */
function signedText(encodedKey: string, expires: string) {
  return `${expires}\n${encodedKey}`
}
