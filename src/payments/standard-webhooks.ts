import { createHmac, timingSafeEqual } from 'node:crypto'
import { ForgedWebhook } from './failures.ts'
import type { WebhookMessage } from './gateway.ts'

/** Messages signed as https://www.standardwebhooks.com has it: HMAC-SHA256 over id, time and the bytes of the body. */

const PREFIX = 'whsec_'
/** The standard's own least; an empty one would be known to everybody (stripe-node #2841). */
export const FEWEST_KEY_BYTES = 24

/** How far the sender's clock, and its message, may be away. */
const TOLERANCE_SECONDS = 300
/** More than one only while a secret is being changed. */
const MOST_SIGNATURES = 8

/** No dots: they part what is signed. */
const MESSAGE_ID = /^[\w-]{1,200}$/
const TIMESTAMP = /^\d{1,12}$/
const SIGNATURES = /^v\d+[a-z]?,[A-Za-z0-9+/=]+(?: v\d+[a-z]?,[A-Za-z0-9+/=]+)*$/

export const isWebhookSecret = (secret: string) => keyOf(secret) !== null

export const webhookSecretOf = (key: Buffer) => `${PREFIX}${key.toString('base64')}`

/** `v1,` and the signature. @param seconds since 1970 */
export function signWebhook(secret: string, id: string, seconds: number, body: string): string {
  const key = keyOf(secret)
  if (key === null) throw new Error('This is no secret to sign with.')
  return `v1,${digestOf(key, id, String(seconds), Buffer.from(body)).toString('base64')}`
}

/**
 * The id of a message, after its signature and its age were checked.
 * @throws ForgedWebhook whatever is wrong, and always when the secret is none.
 */
export function verifyWebhook(secret: string, { header, body }: WebhookMessage, now: Date): string {
  const id = header('webhook-id') ?? ''
  const timestamp = header('webhook-timestamp') ?? ''
  const key = keyOf(secret)
  // Whatever else is wrong, the work is the same: how long a refusal takes tells nothing.
  const digest = digestOf(key ?? Buffer.alloc(FEWEST_KEY_BYTES), id, timestamp, body)
  const isSigned =
    signaturesOf(header('webhook-signature') ?? '').filter((one) => isEqual(one, digest)).length > 0
  const isWhole = MESSAGE_ID.test(id) && TIMESTAMP.test(timestamp)
  const age = now.getTime() / 1_000 - Number(timestamp)
  if (key === null || !isSigned || !isWhole || Math.abs(age) > TOLERANCE_SECONDS) throw new ForgedWebhook()
  return id
}

/** The bytes of the key, or null for what is not written as the standard has it or too short to be one. */
function keyOf(secret: string): Buffer | null {
  if (!secret.startsWith(PREFIX)) return null
  const key = strictBase64(secret.slice(PREFIX.length))
  return key && key.length >= FEWEST_KEY_BYTES ? key : null
}

const digestOf = (key: Buffer, id: string, timestamp: string, body: Uint8Array) =>
  createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest()

/** Those of the version that is spoken here; none at all when one of them is not written as it should be. */
function signaturesOf(written: string): Buffer[] {
  if (!SIGNATURES.test(written)) return []
  return written
    .split(' ')
    .slice(0, MOST_SIGNATURES)
    .filter((one) => one.startsWith('v1,'))
    .flatMap((one) => strictBase64(one.slice('v1,'.length)) ?? [])
}

/** Node reads much as base64 that is not; one text for the same bytes is enough. */
function strictBase64(text: string): Buffer | null {
  const bytes = Buffer.from(text, 'base64')
  return bytes.toString('base64') === text ? bytes : null
}

const isEqual = (given: Buffer, right: Buffer) =>
  given.length === right.length && timingSafeEqual(given, right)
