import { Hono } from 'hono'
import type { Deps } from '#src/deps.ts'
import { NotFound } from '#src/errors.ts'
import { GROUNDS } from '#src/services/settings/accent.ts'
import { readLogo } from '#src/services/settings/identity.ts'
import type { Logo } from '#src/services/settings/logo.ts'
import type { AppEnv } from '../app-env.ts'
import { ASSETS, assetAddress } from '../assets.ts'
import { brandStyleNamed } from '../brand-style.ts'
import { allow } from '../policies.ts'
import type { SiteIdentity, SiteIdentitySource, SiteLogo } from '../site-identity.ts'

const FOR_EVER = 'public, max-age=31536000, immutable'
/** An SVG is a document where it is opened by itself: nothing in it runs, and it loads nothing. */
const PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"

/** The owner's colour, logo and name, as browsers fetch them. */
export function brandRoutes({ database }: Pick<Deps, 'database'>, identity: SiteIdentitySource) {
  let kept: { name: string; logo: Logo } | null = null

  return new Hono<AppEnv>()
    .get('/:name{brand\\.[0-9a-f]+\\.css}', allow('public'), (c) => {
      const style = brandStyleNamed(c.req.param('name'))
      if (style === null) throw new NotFound('There is no such file.')
      return c.body(style, 200, { 'Content-Type': 'text/css; charset=utf-8', 'Cache-Control': FOR_EVER })
    })

    .get('/:name{logo\\.[0-9a-f]+\\.[a-z]+}', allow('public'), async (c) => {
      const logo = await logoNamed(c.req.param('name'))
      return c.body(new Uint8Array(logo.bytes), 200, {
        'Content-Type': logo.contentType,
        'Cache-Control': FOR_EVER,
        'Content-Security-Policy': PICTURE_POLICY,
      })
    })

    .get('/manifest.webmanifest', allow('public'), async (c) =>
      c.body(JSON.stringify(manifest(await identity.fresh())), 200, {
        'Content-Type': 'application/manifest+json',
        'Cache-Control': 'public, max-age=300',
      }),
    )

  /** Another node may have told of a logo that this one has not read yet. */
  async function logoNamed(name: string): Promise<Logo> {
    if (kept?.name === name) return kept.logo
    const { logo: told } = await identity.latest()
    const logo = told?.servedAs === name ? await readLogo(database.reader) : null
    if (!logo) throw new NotFound('There is no such file.')
    kept = { name, logo }
    return logo
  }
}

/** https://www.w3.org/TR/appmanifest */
function manifest(site: SiteIdentity) {
  return {
    name: site.name,
    short_name: shortName(site.name),
    ...(site.description && { description: site.description }),
    lang: site.language,
    id: '/',
    start_url: '/',
    scope: '/',
    display: 'standalone',
    background_color: GROUNDS.dark,
    theme_color: GROUNDS.dark,
    icons: site.logo ? [logoIcon(site.logo), ...OWN_ICONS] : OWN_ICONS,
  }
}

const OWN_ICONS = [
  { src: assetAddress(ASSETS.icon192), sizes: '192x192', type: 'image/png' },
  { src: assetAddress(ASSETS.icon512), sizes: '512x512', type: 'image/png' },
  { src: assetAddress(ASSETS.maskableIcon), sizes: '512x512', type: 'image/png', purpose: 'maskable' },
]

const logoIcon = ({ servedAs, contentType, width, height }: SiteLogo) => ({
  src: `/${servedAs}`,
  sizes: contentType === 'image/svg+xml' ? 'any' : `${width}x${height}`,
  type: contentType,
})

/** What fits below an icon. */
const LONGEST_SHORT_NAME = 12

const shortName = (name: string) =>
  [...name].length <= LONGEST_SHORT_NAME ? name : (name.split(/\s/)[0] ?? name)
