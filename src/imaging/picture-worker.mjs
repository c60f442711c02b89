// The process in which pictures are made, so that a file meant to harm, or a very large one, is never decoded where the
// site runs. Plain JavaScript, because Node 20 loads nothing else. It makes one picture after the other.
import process from 'node:process'
import sharp from 'sharp'
import { rgbaToThumbHash } from 'thumbhash'

/** @import { MadePictures, MakeRequest, PictureRecipe, Unreadability } from './picture-messages.ts' */

const MOST_PIXELS = 100_000_000
/** WebP holds no side that is longer. */
const LONGEST_SIDE = 16_383
/** A picture that is very tall, such as a comic, stays readable, and a small size of it stays small. */
const MOST_TIMES_AS_HIGH = 8

const TEASER_PIXELS = 32
const TEASER_WIDTH = 400
const TEASER_MOST_HEIGHT = 1_200
const SHARE = { width: 1_200, height: 630 }
/** thumbhash takes no more. */
const THUMBHASH_PIXELS = 100
const WEBP_QUALITY = 75
/** A fog has no details to keep. */
const FOG_QUALITY = 60
const BACKGROUND = '#808080'

/** Whatever a file calls itself, only these are tried on it: no SVG that loads others, no PDF, no ImageMagick. */
const LOADERS = ['Jpeg', 'Png', 'Webp', 'Heif', 'Nsgif'].flatMap((format) => [
  `VipsForeignLoad${format}File`,
  `VipsForeignLoad${format}Buffer`,
])

sharp.block({ operation: ['VipsForeignLoad'] })
sharp.unblock({ operation: LOADERS })
sharp.concurrency(1)
sharp.cache(false)

process.on('message', (/** @type {{ id: number } & MakeRequest} */ { id, source, recipes }) => {
  make(source, recipes).then(
    (made) => process.send({ id, made }),
    (error) => process.send({ id, unreadable: reasonOf(error) }),
  )
})
process.on('disconnect', () => process.exit())
process.send({ ready: true })

/**
 * Decodes once, to the widest that is asked for, and makes everything else of that.
 * @param {string | Uint8Array} source
 * @param {PictureRecipe[]} recipes
 * @returns {Promise<MadePictures>}
 */
async function make(source, recipes) {
  const original = open(source)
  const size = await uprightSize(original)
  const base = await rawOf(original.resize(within(Math.max(THUMBHASH_PIXELS, ...recipes.map(widthOf)))))
  const fog = await fogOf(base)

  const pictures = []
  for (const recipe of recipes) pictures.push({ name: recipe.name, ...(await picture(recipe, base, fog)) })
  return { pictures, ...size, thumbhash: await thumbhashOf(base) }
}

/** A part that is missing is shown grey rather than nothing at all; of an animation the first frame. */
const open = (source) =>
  sharp(source, { failOn: 'none', limitInputPixels: MOST_PIXELS, pages: 1 }).autoOrient()

async function uprightSize(original) {
  const { format, compression, autoOrient } = await original.metadata()
  // HEIC comes in the same container.
  if (format === 'heif' && compression !== 'av1') throw new Error('unsupported image format')
  return autoOrient
}

const widthOf = (recipe) => (recipe.kind === 'sized' ? recipe.width : THUMBHASH_PIXELS)

const within = (width) => ({
  width,
  height: Math.min(width * MOST_TIMES_AS_HIGH, LONGEST_SIDE),
  fit: 'inside',
  withoutEnlargement: true,
})

/** Pixels in sRGB, without anything that was said about them: no EXIF, no place, no profile. */
async function rawOf(pipeline) {
  const { data, info } = await pipeline.toColourspace('srgb').raw().toBuffer({ resolveWithObject: true })
  return { data, info }
}

const ofRaw = ({ data, info: { width, height, channels } }) =>
  sharp(data, { raw: { width, height, channels } })

async function fogOf(base) {
  const pixels = { width: TEASER_PIXELS, height: TEASER_PIXELS, fit: 'inside', withoutEnlargement: true }
  return rawOf(ofRaw(base).resize(pixels))
}

/** @param {PictureRecipe} recipe */
async function picture(recipe, base, fog) {
  switch (recipe.kind) {
    case 'sized':
      return webp(ofRaw(base).resize(within(recipe.width)), WEBP_QUALITY)
    case 'teaser':
      return webp(
        await blurred(fog, { width: TEASER_WIDTH, height: TEASER_MOST_HEIGHT, fit: 'inside' }),
        FOG_QUALITY,
      )
    case 'share':
      return jpeg(await blurred(fog, { ...SHARE, fit: 'cover' }))
  }
}

/** Blurred over the width of one of its own pixels, so that none of them shows as a square. */
async function blurred(fog, size) {
  const large = await rawOf(
    ofRaw(fog)
      .flatten({ background: BACKGROUND })
      .resize({ ...size, kernel: 'cubic' }),
  )
  return ofRaw(large).blur(Math.max(1, large.info.width / fog.info.width / 2))
}

async function webp(pipeline, quality) {
  return { bytes: await pipeline.webp({ quality }).toBuffer(), contentType: 'image/webp' }
}

async function jpeg(pipeline) {
  return { bytes: await pipeline.jpeg({ quality: FOG_QUALITY }).toBuffer(), contentType: 'image/jpeg' }
}

async function thumbhashOf(base) {
  const pixels = {
    width: THUMBHASH_PIXELS,
    height: THUMBHASH_PIXELS,
    fit: 'inside',
    withoutEnlargement: true,
  }
  const { data, info } = await rawOf(ofRaw(base).resize(pixels).ensureAlpha())
  return Buffer.from(rgbaToThumbHash(info.width, info.height, data)).toString('base64')
}

/** @returns {Unreadability} */
function reasonOf({ message }) {
  if (/pixel limit|too large|exceeds/i.test(message)) return 'too large'
  if (/unsupported image format|corrupt header|is empty/i.test(message)) return 'not a picture'
  return 'damaged'
}
