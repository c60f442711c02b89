import { inArray } from 'drizzle-orm'
import type { Db } from '#src/db/index.ts'
import { mediaDetails } from '#src/db/media-tables.ts'
import {
  PICTURE_SIZES,
  type PictureLinks,
  type PictureSize,
} from '#src/services/derivatives/picture-links.ts'
import { decodeKey } from '#src/storage/object-key.ts'
import type { ViewerLinks } from './viewer-links.ts'
import type { PictureView } from './views.ts'

/** What reading an object once told of it. */
export type MediaDetails = Pick<
  typeof mediaDetails.$inferSelect,
  'width' | 'height' | 'durationMs' | 'thumbhash'
>

/** By percent-encoded key; what was never read has none. */
export type DetailsByKey = ReadonlyMap<string, MediaDetails>

/** Of the objects that pictures are shown of, in one query. */
export async function detailsOf(db: Db, encodedKeys: Array<string | null>): Promise<DetailsByKey> {
  const keys = new Map(encodedKeys.flatMap((encoded) => decoded(encoded)))
  if (keys.size === 0) return new Map()
  const rows = await db
    .select()
    .from(mediaDetails)
    .where(inArray(mediaDetails.objectKey, [...keys.keys()]))
  return new Map(
    rows.flatMap((row) => (keys.has(row.objectKey) ? [[keys.get(row.objectKey) ?? '', row]] : [])),
  )
}

function decoded(encodedKey: string | null): Array<[string, string]> {
  const key = encodedKey === null ? null : decodeKey(encodedKey)
  return key === null || encodedKey === null ? [] : [[key, encodedKey]]
}

const ON_CARDS: readonly PictureSize[] = ['thumb', 'card']
/** Programs are given one link to each. */
export const ONE_SIZE: readonly PictureSize[] = ['card']
const ON_PAGES = ['thumb', 'card', 'page', 'full'] as const
/** A teaser is a fog of 32 pixels; it is sent at one width. */
const TEASER_WIDTH = 400

/** A creator's own icon, banner or cover: whoever passed the age check may see it, in the server's sizes. */
export function artPicture(
  encodedKey: string,
  details: DetailsByKey,
  { pictures, blursArt }: ViewerLinks,
): PictureView {
  const facts = known(details.get(encodedKey))
  if (blursArt) return { sources: teaser(encodedKey, pictures), ...facts, isBlurred: true }
  const sources = sized((size) => pictures.lasting(encodedKey, size), ['thumb', 'card', 'page'])
  return { sources, ...facts, isBlurred: false }
}

/** A picture of a post on a card, or what stands for it where the post is locked. */
export function cardPicture(
  encodedKey: string,
  details: DetailsByKey,
  links: ViewerLinks,
  sizes = ON_CARDS,
): PictureView {
  return postPicture(encodedKey, details, links, sizes)
}

/** A picture of a post on its own page. */
export function pagePicture(encodedKey: string, details: DetailsByKey, links: ViewerLinks): PictureView {
  return postPicture(encodedKey, details, links, ON_PAGES)
}

function postPicture(
  encodedKey: string,
  details: DetailsByKey,
  links: ViewerLinks,
  sizes: readonly PictureSize[],
): PictureView {
  const facts = known(details.get(encodedKey))
  if (links.original) {
    return {
      sources: sized((size) => links.pictures.signed(encodedKey, size), sizes),
      ...facts,
      isBlurred: false,
    }
  }
  if (links.lockedPreview === 'thumbnail')
    return { sources: thumbnail(encodedKey, links.pictures), ...facts, isBlurred: false }
  // The hash is as coarse as the teaser.
  return { sources: teaser(encodedKey, links.pictures), ...facts, isBlurred: true }
}

const teaser = (encodedKey: string, pictures: PictureLinks) => [
  { width: TEASER_WIDTH, link: pictures.lasting(encodedKey, 'teaser') },
]

const thumbnail = (encodedKey: string, pictures: PictureLinks) =>
  sized((size) => pictures.sealed(encodedKey, size), ['thumb'])

function sized(link: (size: PictureSize) => string, sizes: readonly PictureSize[]) {
  return sizes.map((size) => ({ width: PICTURE_SIZES[size], link: link(size) }))
}

function known(details: MediaDetails | undefined): Pick<PictureView, 'size' | 'thumbhash'> {
  if (!details) return { size: null, thumbhash: null }
  return { size: { width: details.width, height: details.height }, thumbhash: details.thumbhash }
}
