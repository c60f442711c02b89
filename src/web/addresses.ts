import { NotFound } from '#src/errors.ts'
import type { CheckoutState, Plan } from '#src/services/billing/views.ts'
import { decodeKey } from '#src/storage/object-key.ts'
import type { AppContext } from './app-env.ts'

/** A slug as it stands in an address: every byte of the folder name survives the way there and back. */
export const encodeSlug = (slug: string) => encodeURIComponent(slug)

export const creatorAddress = (slug: string) => `/creators/${encodeSlug(slug)}`
export const feedAddress = (slug: string) => `${creatorAddress(slug)}/feed.xml`
export const postAddress = (id: string) => `/posts/${id}`
export const buyAddress = (planId: number) => `/checkout?plan=${planId}`
export const checkoutAddress = ({ publicId }: Pick<CheckoutState, 'publicId'>) => `/checkout/${publicId}`
export const receiptAddress = (paymentId: number) => `/account/payments/${paymentId}`

/**
 * Where a plan is sold that is not sold here; null for one without such a place, and for a place that no buyer should
 * be led to, whoever wrote it into the database.
 */
export const otherShop = ({ checkoutUrl }: Pick<Plan, 'checkoutUrl'>): string | null =>
  checkoutUrl !== null && URL.canParse(checkoutUrl) && new URL(checkoutUrl).protocol === 'https:'
    ? checkoutUrl
    : null

/**
 * The path as it came, still percent-encoded. A router's decoding makes one of `%2F` and `/`, and of `%25zz` and
 * `%zz`; keys and slugs must be told apart byte for byte.
 */
export function rawPath(c: Pick<AppContext, 'req'>): string {
  const { url } = c.req
  const start = url.indexOf('/', url.indexOf('://') + 3)
  const length = url.slice(start).search(/[?#]/)
  return length === -1 ? url.slice(start) : url.slice(start, start + length)
}

/**
 * The slug in the path, decoded.
 * @param segment which one it is: 1 in `/creators/:slug`
 * @throws NotFound when it is malformed, for no creator has such a name.
 */
export function slugInPath(c: Pick<AppContext, 'req'>, segment: number): string {
  const slug = decodeKey(rawPath(c).split('/')[segment + 1] ?? '')
  // PostgreSQL holds no NUL in text.
  if (slug === null || slug.includes('\0')) throw new NotFound('There is no creator at this address.')
  return slug
}

/** What a visitor searches for, at most a hundred characters of it; null when that is nothing. */
export function searchWords(c: Pick<AppContext, 'req'>): string | null {
  const words = (c.req.query('q') ?? '').replaceAll('\0', '').trim()
  return words === '' ? null : [...words].slice(0, LONGEST_SEARCH).join('')
}

const LONGEST_SEARCH = 100
