/** What the process that makes pictures is asked and answers; it is plain JavaScript and reads these types alone. */

/** One picture to be made. The names are the caller's own. */
export type PictureRecipe =
  /** As it is, at most this wide and never enlarged. */
  | { name: string; kind: 'sized'; width: number }
  /** A fog: blurred, and made of no more than 32 pixels on the longer side. */
  | { name: string; kind: 'teaser' }
  /** The fog again, cut to the 1200 × 630 that link previews show, as JPEG. */
  | { name: string; kind: 'share' }

export interface MakeRequest {
  /** A file, or what is in one. */
  source: string | Uint8Array
  recipes: PictureRecipe[]
}

export interface MadePictures {
  pictures: Array<{ name: string; bytes: Uint8Array; contentType: string }>
  /** Of the original in pixels, upright. */
  width: number
  height: number
  /** Base64. */
  thumbhash: string
}

export type Unreadability = 'not a picture' | 'too large' | 'too slow' | 'damaged'

export type PictureAnswer =
  /** Comes once, first of all: everything that is needed is loaded. */
  { ready: true } | { id: number; made: MadePictures } | { id: number; unreadable: Unreadability }
