// Draws the icons for home screens out of the site's own mark. Run it after the mark has changed:
//   node scripts/draw-icons.mjs
import { readFileSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'
import sharp from 'sharp'
import { ROOT } from './packages.mjs'
import { say } from './say.mjs'

const ASSETS = path.join(ROOT, 'src/web/assets')
const MARK = readFileSync(path.join(ASSETS, 'favicon.svg'))
/** Of the mark's own box, in which its corners are round. */
const MARK_SIZE = 32
const GROUND = '#09090f'

/** Systems cut their own shape out of the last two: all of them is painted, and the mark keeps off the edge. */
const ICONS = [
  { name: 'icon-192.png', size: 192 },
  { name: 'icon-512.png', size: 512 },
  { name: 'touch-icon.png', size: 180, mark: 0.72 },
  { name: 'maskable-512.png', size: 512, mark: 0.6 },
]

for (const icon of ICONS) {
  await draw(icon)
  say(`Drawn: ${path.relative(process.cwd(), path.join(ASSETS, icon.name))}`)
}

async function draw({ name, size, mark = 1 }) {
  const marked = Math.round(size * mark)
  const picture = await sharp(MARK, { density: (72 * marked) / MARK_SIZE })
    .resize(marked, marked)
    .png()
    .toBuffer()
  const ground = mark === 1 ? { r: 0, g: 0, b: 0, alpha: 0 } : GROUND
  await sharp({ create: { width: size, height: size, channels: 4, background: ground } })
    .composite([{ input: picture, gravity: 'centre' }])
    .png({ palette: true, quality: 90, effort: 10 })
    .toFile(path.join(ASSETS, name))
}
