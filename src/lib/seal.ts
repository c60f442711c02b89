import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'

/** NIST SP 800-38D: 96 bits, never twice under a key; random is sound below 2^32 texts. */
const NONCE_BYTES = 12
const TAG_BYTES = 16
const VERSION = 'v1'

/**
 * The text encrypted and authenticated (AES-256-GCM): `v1.<key id>.<base64url of nonce, ciphertext and tag>`.
 * @param key 32 bytes
 * @param place where it will stand, such as `payment_gateways.secret_key:7`: moved elsewhere, it opens no more.
 */
export function seal(key: Buffer, place: string, text: string): string {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(place))
  const sealed = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
  return [VERSION, keyId(key), sealed.toString('base64url')].join('.')
}

/** The text, or null when it was sealed with another key, for another place, or was changed since. */
export function unseal(key: Buffer, place: string, sealed: string): string | null {
  const [, , encoded = ''] = sealed.split('.')
  const bytes = Buffer.from(encoded, 'base64url')
  // Node reads much as base64 that is not: only what we would write ourselves is read.
  const isOurs = sealed === [VERSION, keyId(key), bytes.toString('base64url')].join('.')
  if (!isOurs || bytes.length < NONCE_BYTES + TAG_BYTES) return null
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES))
    .setAAD(Buffer.from(place))
    .setAuthTag(bytes.subarray(-TAG_BYTES))
  try {
    const text = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES))
    return Buffer.concat([text, decipher.final()]).toString('utf8')
  } catch {
    // The one way in which authentication fails.
    return null
  }
}

/** Tells keys apart, and nothing of them. */
export const keyId = (key: Buffer) =>
  createHash('sha256').update('creatorflix key id').update(key).digest('base64url').slice(0, 8)
