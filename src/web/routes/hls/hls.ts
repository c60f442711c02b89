import { Hono } from 'hono'
import type { Deps } from '#src/deps.ts'
import { Forbidden } from '#src/errors.ts'
import { type StreamLink, verifyStreamLink } from '#src/services/streams/stream-links.ts'
import { readCaptions, readPlaylist } from '#src/services/streams/streams.ts'
import { rawPath } from '../../addresses.ts'
import type { AppContext, AppEnv } from '../../app-env.ts'
import { refuseHotlinks } from '../../middleware/refuse-hotlinks.ts'
import { allow } from '../../policies.ts'

type HlsDeps = Pick<Deps, 'env' | 'database' | 'media' | 'streamKey' | 'log' | 'now'>

const NOTHING_RUNS = "default-src 'none'; sandbox"

/**
 * Playlists whose addresses are links, and captions. The link is the permission: it was given to who may watch. What
 * was taken down since, or whose creator is no longer public, is shown by no link.
 */
export function hlsRoutes(deps: HlsDeps) {
  // Both always come from our own origin, wherever the segments come from.
  const ownPagesOnly = refuseHotlinks({ ...deps.env, MEDIA_BASE_URL: undefined })

  return new Hono<AppEnv>()
    .get('/hls/*', allow('public'), ownPagesOnly, async (c) => {
      const link = linkOf(c, 'hls', deps)
      return answer(c, deps, link, 'application/vnd.apple.mpegurl', await readPlaylist(deps, link))
    })
    .get('/captions/*', allow('public'), ownPagesOnly, async (c) => {
      const link = linkOf(c, 'captions', deps)
      return answer(c, deps, link, 'text/vtt; charset=utf-8', await readCaptions(deps, link))
    })
}

/** @throws Forbidden when the link no longer works, or never did. */
function linkOf(c: AppContext, kind: StreamLink['kind'], { streamKey, now }: HlsDeps): StreamLink {
  const link = {
    kind,
    encodedKey: rawPath(c).slice(`/${kind}/`.length),
    video: c.req.query('m') ?? '',
    expires: c.req.query('e') ?? '',
  }
  const verdict = verifyStreamLink(streamKey, link, c.req.query('s') ?? '', now())
  if (verdict === 'valid') return link
  if (verdict === 'expired') throw new Forbidden('This link has expired. Open the page it came from again.')
  throw new Forbidden('This link is none of ours, or was changed on its way.')
}

function answer(
  c: AppContext,
  { media, now }: HlsDeps,
  { expires }: StreamLink,
  contentType: string,
  text: string,
) {
  const until = Math.min(Number(expires) * 1000, media.windowEnd(now()).getTime())
  return c.body(text, 200, {
    'Content-Type': contentType,
    'X-Content-Type-Options': 'nosniff',
    'Content-Security-Policy': NOTHING_RUNS,
    'Cache-Control': `private, max-age=${Math.max(0, Math.floor((until - now().getTime()) / 1000))}`,
  })
}
