import type { Env } from '#src/env.ts'
import { isPrivateHost } from '#src/lib/private-network.ts'

/**
 * Whether the site is for everybody, by the address it says it has: there, money is real and mail is nobody else's
 * business. Whatever is not known to be near is public.
 */
export const isPublicSite = ({ BASE_URL }: Pick<Env, 'BASE_URL'>): boolean =>
  !isPrivateHost(new URL(BASE_URL).host)
