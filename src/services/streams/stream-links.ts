import { hmacSha256, isSameText } from '#src/storage/hmac-sha256.ts'
import { linkWindow } from '#src/storage/link-window.ts'

/**
 * Links to what the server itself answers for a video: `/hls/<key>` is its playlist, in which every address is a link
 * by then, `/captions/<key>` its captions. They end with their window, as links to originals do, and like those they
 * are for who may watch: whoever has one gets the video.
 */
export interface StreamLinks {
  /** @param encodedKey of the video whose file is a playlist: its `whitelabel_media.url`. */
  playlist(encodedKey: string): string
  /** @param encodedKey as `whitelabel_captions.url` holds it. */
  captions(encodedKey: string): string
}

export interface StreamLinkSettings {
  /** Derived from APP_SECRET for this use alone. */
  streamKey: Buffer
  linkSeconds: number
}

/** What a link says; what it says is true once `verifyStreamLink` finds it valid. */
export interface StreamLink {
  kind: 'hls' | 'captions'
  /** The path behind the kind, still percent-encoded. */
  encodedKey: string
  /** The percent-encoded key of the video, in links to its inner playlists; empty in the link to the video itself. */
  video: string
  /** Seconds since 1970. */
  expires: string
}

/** The same key and window give the same link on every node. */
export function streamLinks({ streamKey, linkSeconds }: StreamLinkSettings): (now: Date) => StreamLinks {
  const sign = streamSigner(streamKey)
  return (now) => {
    const expires = String(linkWindow(now, linkSeconds).linksExpire)
    return {
      playlist: (encodedKey) => sign({ kind: 'hls', encodedKey, video: '', expires }),
      captions: (encodedKey) => sign({ kind: 'captions', encodedKey, video: '', expires }),
    }
  }
}

export function streamSigner(streamKey: Buffer): (link: StreamLink) => string {
  const authenticate = hmacSha256(streamKey, 'base64url')
  return function sign(link) {
    const { kind, encodedKey, video, expires } = link
    const inner = video === '' ? '' : `m=${encodeURIComponent(video)}&`
    return `/${kind}/${encodedKey}?${inner}e=${expires}&s=${authenticate(signedText(link))}`
  }
}

export function verifyStreamLink(
  streamKey: Buffer,
  link: StreamLink,
  signature: string,
  now: Date,
): 'valid' | 'expired' | 'forged' {
  const genuine = hmacSha256(streamKey, 'base64url')(signedText(link))
  if (!isSameText(signature, genuine)) return 'forged'
  return now.getTime() < Number(link.expires) * 1000 ? 'valid' : 'expired'
}

/** A path holds no line feed, so the others cannot hold more than were signed: no two links make the same text. */
const signedText = ({ kind, encodedKey, video, expires }: StreamLink) =>
  [kind, expires, video, encodedKey].join('\n')
