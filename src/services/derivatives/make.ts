import type { Deps } from '#src/deps.ts'
import type { MadePictures } from '#src/imaging/picture-messages.ts'
import { Unreadable } from '#src/imaging/unreadable.ts'
import { recipeOf } from './derivative.ts'
import { MOST_PICTURE_BYTES, withLocalFile } from './local-file.ts'
import { VARIANTS, type Variant } from './picture-links.ts'

export interface Original {
  key: string
  type: 'image' | 'video'
  size: number | null
}

export interface Made extends MadePictures {
  durationMs: number | null
}

/** Made, or why not: it is not there, or there is no ffmpeg to take a frame with. */
export type Making = Made | 'missing' | 'no ffmpeg'

/**
 * Makes the variant of a picture. Of a video all variants at once, for finding the frame is the longer part.
 * @throws Unreadable, Unavailable
 */
export function makePictures(
  deps: Pick<Deps, 'media' | 'imaging'>,
  original: Original,
  variant: Variant,
): Promise<Making> {
  return original.type === 'video' ? ofVideo(deps, original.key) : ofPicture(deps, original, variant)
}

async function ofPicture(
  { media, imaging }: Pick<Deps, 'media' | 'imaging'>,
  { key, size }: Original,
  variant: Variant,
): Promise<Making> {
  if (size !== null && size > MOST_PICTURE_BYTES) throw new Unreadable('too large')
  const made = await withLocalFile(media, key, (file) => imaging.ofPicture(file, [recipeOf(variant)]))
  return made === null ? 'missing' : { ...made, durationMs: null }
}

async function ofVideo({ media, imaging }: Pick<Deps, 'media' | 'imaging'>, key: string): Promise<Making> {
  const video = await media.locate(key)
  if (video === null) return 'missing'
  try {
    return (await imaging.ofVideo(video, VARIANTS.map(recipeOf))) ?? 'no ffmpeg'
  } catch (error) {
    // A store that does not answer looks to ffmpeg like a damaged file; asked by ourselves it says what is wrong.
    if (error instanceof Unreadable && (await media.head(key)) === null) return 'missing'
    throw error
  }
}
