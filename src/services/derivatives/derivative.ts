import { createHash } from 'node:crypto'
import type { PictureRecipe } from '#src/imaging/picture-messages.ts'
import { PICTURE_SIZES, type PictureSize, VARIANTS, type Variant } from './picture-links.ts'

/** A picture that the server made of an owner's file. */
export interface Derivative {
  bytes: Uint8Array
  contentType: string
  /** Names these very bytes, without quotes. */
  etag: string
}

/** Raised when the same file is to give other pictures than before: all are then made anew. */
const RECIPE_VERSION = 1

export const isVariant = (name: string): name is Variant => (VARIANTS as readonly string[]).includes(name)

export const isPictureSize = (variant: Variant): variant is PictureSize => variant in PICTURE_SIZES

export function recipeOf(variant: Variant): PictureRecipe {
  return isPictureSize(variant)
    ? { name: variant, kind: 'sized', width: PICTURE_SIZES[variant] }
    : { name: variant, kind: variant }
}

export const contentTypeOf = (variant: Variant) => (variant === 'share' ? 'image/jpeg' : 'image/webp')

/** Where all that is made of one content of an object is kept; nothing of the owner's names shows in it. */
export function folderOf(objectKey: string, etag: string): string {
  const name = createHash('sha256').update(`${objectKey}\n${etag}\n${RECIPE_VERSION}`).digest('hex')
  return `pictures/${name.slice(0, 2)}/${name.slice(2)}/`
}

export const etagOf = (folder: string, variant: Variant) => `${folder.split('/')[2]?.slice(0, 32)}-${variant}`
