import { ASSETS, assetAddress } from '../assets.ts'
import { usePage } from '../render.tsx'

/** Pixels. */
const HEIGHT = 32
/** Beyond, a banner would push the site's name away. */
const WIDEST = 160

/** The owner's logo, or ours, beside the site's name. */
export function SiteLogo() {
  const { logo } = usePage().site
  if (!logo)
    return <img class="size-8" src={assetAddress(ASSETS.favicon)} alt="" width={HEIGHT} height={HEIGHT} />
  const width = Math.min(Math.round((logo.width / logo.height) * HEIGHT), WIDEST)
  return (
    <img class="h-8 shrink-0 object-contain" src={`/${logo.servedAs}`} alt="" width={width} height={HEIGHT} />
  )
}
