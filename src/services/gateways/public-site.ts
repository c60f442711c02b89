import { isIPv4, isIPv6 } from 'node:net'
import type { Env } from '#src/env.ts'

/** Names that lead nowhere but to this machine or its network: RFC 6761, RFC 6762, RFC 2606. */
const NEAR_NAMES = /(^|\.)(localhost|local|test)$/
/** This machine, RFC 1918, and link-local. */
const NEAR_IPV4 = /^(0\.0\.0\.0$|127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|169\.254\.)/
/** This machine, RFC 4193, and link-local. */
const NEAR_IPV6 = /^(::1?$|f[cd][0-9a-f]{2}:|fe[89ab][0-9a-f]:)/

/**
 * Whether the site is for everybody, by the address it says it has: there, money is real. Whatever is not known to be
 * near is public.
 */
export function isPublicSite({ BASE_URL }: Pick<Env, 'BASE_URL'>): boolean {
  const host = new URL(BASE_URL).hostname
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
  if (isIPv4(host)) return !NEAR_IPV4.test(host)
  if (isIPv6(host)) return !NEAR_IPV6.test(host)
  return !NEAR_NAMES.test(host)
}
