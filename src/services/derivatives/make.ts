import type { Deps } from '#src/deps.ts'
import { NotFound } from '#src/errors.ts'
import type { MadePictures } from '#src/imaging/picture-messages.ts'
import { Unreadable } from '#src/imaging/unreadable.ts'
import { isPlaylist } from '#src/storage/media-type.ts'
import { recipeOf } from './derivative.ts'
import { MOST_PICTURE_BYTES, withLocalFile, withTemporaryFile } from './local-file.ts'
import { VARIANTS, type Variant } from './picture-links.ts'
import { beginningOfStream, writeParts } from './stream-beginning.ts'

const EVERY_VARIANT = VARIANTS.map(recipeOf)

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

async function ofVideo(deps: Pick<Deps, 'media' | 'imaging'>, key: string): Promise<Making> {
  if (!deps.imaging.takesFrames) return 'no ffmpeg'
  try {
    return isPlaylist(key) ? await ofStream(deps, key) : await ofFile(deps, key)
  } catch (error) {
    if (error instanceof NotFound) return 'missing'
    // A store that does not answer looks to ffmpeg like a damaged file; asked by ourselves it says what is wrong.
    if (error instanceof Unreadable && (await deps.media.head(key)) === null) return 'missing'
    throw error
  }
}

async function ofFile({ media, imaging }: Pick<Deps, 'media' | 'imaging'>, key: string): Promise<Making> {
  const video = await media.locate(key)
  return video === null ? 'missing' : ((await imaging.ofVideo(video, EVERY_VARIANT)) ?? 'no ffmpeg')
}

async function ofStream({ media, imaging }: Pick<Deps, 'media' | 'imaging'>, key: string): Promise<Making> {
  const { parts, durationMs } = await beginningOfStream(media, key)
  return withTemporaryFile(async (file) => {
    await writeParts(media, parts, file)
    const made = await imaging.ofVideo({ path: file }, EVERY_VARIANT)
    return made === null ? 'no ffmpeg' : { ...made, durationMs }
  })
}
