import { hmacSha256 } from '#src/storage/hmac-sha256.ts'
import { linkWindow } from '#src/storage/link-window.ts'

/** Widths in pixels of the sizes that pages use; nothing is ever enlarged. */
export const PICTURE_SIZES = { thumb: 320, card: 640, page: 1280, full: 2048 } as const
export type PictureSize = keyof typeof PICTURE_SIZES

/** `teaser`: blurred, out of 32 pixels. `share`: 1200 × 630, as link previews of other sites show it, blurred too. */
export const TEASERS = ['teaser', 'share'] as const
export type Teaser = (typeof TEASERS)[number]

/** What is made of a picture, or of a frame of a video. */
export type Variant = PictureSize | Teaser

/**
 * Signs links to what the server makes of the owner's pictures. Every link is signed, so that nobody has derivatives
 * made that no page shows.
 */
export interface PictureLinks {
  /** For who may watch; ends with its window, as links to originals do. */
  sized(encodedKey: string, size: PictureSize): string
  /** Without an end, for what everybody may see: a creator's icon, banner and cover, and teasers. */
  lasting(encodedKey: string, variant: Variant): string
}

export interface PictureLinkSettings {
  /** Derived from APP_SECRET for this use alone. */
  pictureKey: Buffer
  linkSeconds: number
}

const NO_END = '0'

/** `/pictures/<variant>/<encoded key>?e=<seconds since 1970, 0 for no end>&s=<HMAC>` */
export function pictureLinks({ pictureKey, linkSeconds }: PictureLinkSettings): (now: Date) => PictureLinks {
  const authenticate = hmacSha256(pictureKey, 'base64url')
  const link = (variant: Variant, encodedKey: string, expires: string) =>
    `/pictures/${variant}/${encodedKey}?e=${expires}&s=${authenticate(signedText(variant, encodedKey, expires))}`
  return (now) => {
    const expires = String(linkWindow(now, linkSeconds).linksExpire)
    return {
      sized: (encodedKey, size) => link(size, encodedKey, expires),
      lasting: (encodedKey, variant) => link(variant, encodedKey, NO_END),
    }
  }
}

/** No variant and no encoded key holds a line feed, so no two links are signed as the same text. */
export function signedText(variant: string, encodedKey: string, expires: string) {
  return `${variant}\n${expires}\n${encodedKey}`
}
