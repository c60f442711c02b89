import { ASSETS, assetAddress } from '../assets.ts'
import { usePage } from '../render.tsx'

/** Pixels. */
const HEIGHT = 32
/** Beyond, a banner would push the site's name away. */
const WIDEST = 160

/** So wide a logo is the name in letters of its own. */
const WORDMARK = 2

/** The site's logo and name; a logo that is the name itself stands alone. */
export function SiteName() {
  const { siteName, site } = usePage()
  const isWordmark = site.logo !== null && site.logo.width / site.logo.height >= WORDMARK
  return (
    <>
      <SiteLogo />
      <bdi class={isWordmark ? 'sr-only' : 'truncate font-bold tracking-tight sm:text-lg'}>{siteName}</bdi>
    </>
  )
}

function SiteLogo() {
  const { logo } = usePage().site
  if (!logo)
    return <img class="size-8" src={assetAddress(ASSETS.favicon)} alt="" width={HEIGHT} height={HEIGHT} />
  const width = Math.min(Math.round((logo.width / logo.height) * HEIGHT), WIDEST)
  return (
    <img class="h-8 shrink-0 object-contain" src={`/${logo.servedAs}`} alt="" width={width} height={HEIGHT} />
  )
}
