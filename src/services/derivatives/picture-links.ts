import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto'
import { hmacSha256, isSameText } from '#src/storage/hmac-sha256.ts'
import { linkWindow } from '#src/storage/link-window.ts'

/** Widths in pixels of the sizes that pages use; nothing is ever enlarged. */
export const PICTURE_SIZES = { thumb: 320, card: 640, page: 1280, full: 2048 } as const
export type PictureSize = keyof typeof PICTURE_SIZES

/** `teaser`: blurred, out of 32 pixels. `share`: 1200 × 630, as link previews of other sites show it, blurred too. */
export const TEASERS = ['teaser', 'share'] as const
export type Teaser = (typeof TEASERS)[number]

/** What is made of a picture, or of a frame of a video. */
export type Variant = PictureSize | Teaser

export const VARIANTS: readonly Variant[] = ['thumb', 'card', 'page', 'full', 'teaser', 'share']

/**
 * Links to what the server makes of the owner's pictures: `/pictures/<variant>/<token>`. Nobody can write a token, so
 * that nobody has derivatives made that no page shows. A sealed one does not tell the key of the original either.
 */
export interface PictureLinks {
  /** Tells the original's key: only for who may watch. Ends with its window, as links to originals do. */
  signed(encodedKey: string, size: PictureSize): string
  /** The same picture for who may not watch. */
  sealed(encodedKey: string, size: PictureSize): string
  /** Sealed and without an end, for what everybody may see: a creator's icon, banner and cover, and teasers. */
  lasting(encodedKey: string, variant: Variant): string
}

export interface PictureLinkSettings {
  /** Derived from APP_SECRET for this use alone. */
  pictureKey: Buffer
  linkSeconds: number
}

/** What a link to a picture says. */
export interface PictureLink {
  encodedKey: string
  /** Null for a link without an end. */
  expires: Date | null
}

const CIPHER = 'aes-256-gcm'
const NONCE_BYTES = 12
const TAG_BYTES = 16
const NO_END = '0'
/** Of the parts of a signed token; base64url has none. */
const SEPARATOR = '.'

/** The same key, variant and window give the same link on every node. */
export function pictureLinks({ pictureKey, linkSeconds }: PictureLinkSettings): (now: Date) => PictureLinks {
  const { sign, seal } = tokenMakers(pictureKey)
  return (now) => {
    const expires = String(linkWindow(now, linkSeconds).linksExpire)
    return {
      signed: (encodedKey, size) => `/pictures/${size}/${sign(size, expires, encodedKey)}`,
      sealed: (encodedKey, size) => `/pictures/${size}/${seal(size, expires, encodedKey)}`,
      lasting: (encodedKey, variant) => `/pictures/${variant}/${seal(variant, NO_END, encodedKey)}`,
    }
  }
}

/** What the link was made of, or null when it is none of ours. Whether it has ended is for the caller to ask. */
export function openPictureLink(pictureKey: Buffer, variant: string, token: string): PictureLink | null {
  return token.includes(SEPARATOR)
    ? openSigned(pictureKey, variant, token)
    : openSealed(pictureKey, variant, token)
}

/** Genuine when it is what would be made again. */
function openSigned(pictureKey: Buffer, variant: string, token: string): PictureLink | null {
  const [expires = '', key = ''] = token.split(SEPARATOR)
  const encodedKey = Buffer.from(key, 'base64url').toString()
  const genuine = tokenMakers(pictureKey).sign(variant, expires, encodedKey)
  return isSameText(token, genuine) ? { encodedKey, expires: momentOf(expires) } : null
}

function openSealed(pictureKey: Buffer, variant: string, token: string): PictureLink | null {
  const bytes = Buffer.from(token, 'base64url')
  if (bytes.length <= NONCE_BYTES + TAG_BYTES || bytes.toString('base64url') !== token) return null
  const decipher = createDecipheriv(CIPHER, tokenMakers(pictureKey).cipherKey, bytes.subarray(0, NONCE_BYTES))
  decipher.setAAD(Buffer.from(variant)).setAuthTag(bytes.subarray(-TAG_BYTES))
  try {
    const opened =
      decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8')
    const [expires = '', encodedKey = ''] = opened.split('\n')
    return { encodedKey, expires: expires === NO_END ? null : momentOf(expires) }
  } catch {
    // GCM's one answer to every change of a byte.
    return null
  }
}

const momentOf = (expires: string) => new Date(Number(expires) * 1000)

interface TokenMakers {
  cipherKey: Buffer
  /** `<expires>.<key in base64url>.<HMAC>` */
  sign(variant: string, expires: string, encodedKey: string): string
  /**
   * AES-256-GCM with a nonce that is an HMAC of what is sealed, as in RFC 8452 (SIV): equal links are equal bytes,
   * which browsers can keep, and two different ones share a nonce once in 2^48. Five times the time of signing.
   */
  seal(variant: Variant, expires: string, encodedKey: string): string
}

const makers = new WeakMap<Buffer, TokenMakers>()

function tokenMakers(pictureKey: Buffer): TokenMakers {
  const known = makers.get(pictureKey) ?? makeTokenMakers(pictureKey)
  makers.set(pictureKey, known)
  return known
}

function makeTokenMakers(pictureKey: Buffer): TokenMakers {
  const derive = (purpose: string) => Buffer.from(hkdfSync('sha256', pictureKey, '', purpose, 32))
  const cipherKey = derive('sealing')
  const nonceOf = hmacSha256(derive('nonces'), 'hex')
  const signatureOf = hmacSha256(derive('signing'), 'base64url')
  return {
    cipherKey,
    sign(variant, expires, encodedKey) {
      const key = Buffer.from(encodedKey).toString('base64url')
      // A genuine text has two line feeds and a variant none, so no other split gives the same text.
      return [expires, key, signatureOf(`${variant}\n${expires}\n${key}`)].join(SEPARATOR)
    },
    seal(variant, expires, encodedKey) {
      const text = `${expires}\n${encodedKey}`
      const nonce = Buffer.from(nonceOf(`${variant}\n${text}`).slice(0, 2 * NONCE_BYTES), 'hex')
      const cipher = createCipheriv(CIPHER, cipherKey, nonce).setAAD(Buffer.from(variant))
      const sealed = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final()])
      return Buffer.concat([sealed, cipher.getAuthTag()]).toString('base64url')
    },
  }
}
