import type { Deps } from '#src/deps.ts'
import { passing } from '../policies.ts'

const ANY_ORIGIN = 'http://site.invalid'

/**
 * The headers of every answer (OWASP secure headers), whoever answers. A route that knows better sets its own
 * before, as media do with their Content-Security-Policy.
 */
export function securityHeaders(deps: Pick<Deps, 'env' | 'media' | 'now'>) {
  const headers = Object.entries(headersOf(deps))
  return passing(async function securityHeaders(c, next) {
    await next()
    const answered = c.res.headers
    for (const [name, value] of headers) if (!answered.has(name)) answered.set(name, value)
  })
}

function headersOf({ env, media, now }: Pick<Deps, 'env' | 'media' | 'now'>): Record<string, string> {
  const mediaOrigin = originOf(media.signer(now())('x'))
  return {
    'Content-Security-Policy': contentSecurityPolicy(mediaOrigin),
    'X-Content-Type-Options': 'nosniff',
    // Our own pages need no referrer; another origin, the media's included, learns nothing.
    'Referrer-Policy': 'same-origin',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Permissions-Policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=()',
    // Pages and answers hold links made for one viewer.
    'Cache-Control': 'private, no-cache',
    ...(env.BASE_URL?.startsWith('https:') && {
      'Strict-Transport-Security': 'max-age=31536000; includeSubDomains',
    }),
  }
}

function contentSecurityPolicy(mediaOrigin: string | null) {
  const media = mediaOrigin ? ` ${mediaOrigin}` : ''
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    `img-src 'self' data:${media}`,
    // A stream is put together in the page, and its video is a blob; the player fetches the segments by script.
    `media-src 'self' blob:${media}`,
    "font-src 'self'",
    `connect-src 'self'${media}`,
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "object-src 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}

/** Where links lead, or null when they stay on the site. */
function originOf(link: string) {
  const { origin } = new URL(link, ANY_ORIGIN)
  return origin === ANY_ORIGIN ? null : origin
}
