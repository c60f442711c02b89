import type { Page } from '#src/lib/pagination.ts'

/** A picture as this visitor sees it: sizes that the server made, never an original. */
export interface PictureView {
  /** By rising width in pixels; at least one. */
  sources: Array<{ width: number; link: string }>
  /** Pixels of the picture, upright; null until it was read once. */
  size: { width: number; height: number } | null
  /** Base64, to be shown until the picture has arrived; null until it was read once. */
  thumbhash: string | null
  /** A teaser for who may not watch: there is nothing to see but its colours. */
  isBlurred: boolean
}

/** A creator as a visitor sees it, synced or made by hand. */
export interface CreatorView {
  /** `12` for a synced creator, `h12` for one made by hand. */
  id: string
  /** The folder name, or `<name>~h<id>`; not yet percent-encoded. */
  slug: string
  name: string
  description: string | null
  cover: PictureView | null
  icon: PictureView | null
  banner: PictureView | null
  postCount: number
  /** To be shown labelled as sponsored. */
  isSponsored: boolean
  createdAt: Date
  /** When its newest post was made, where that is known. */
  updatedAt: Date | null
}

/** A post as this visitor sees it, on a card or a list. */
export interface PostView {
  /** `34` for a synced post, `h34` for one made by hand. */
  id: string
  model: { id: string; slug: string; name: string }
  title: string
  folderName: string
  createdAt: Date
  /** Its first picture, or a frame of its first video. */
  cover: PictureView | null
  /** True counts, locked or not. */
  imageCount: number
  videoCount: number
  locked: boolean
}

/** A post with what programs are given of it. */
export interface PostLinks extends PostView {
  /** Signed links to originals in natural order; both lists are empty when `locked`. */
  images: string[]
  videos: string[]
}

/** A picture of an open post: what a page shows, and the link to the original. */
export interface PostPicture {
  picture: PictureView
  original: string
}

export interface CaptionsView {
  /** BCP 47, or empty where nothing tells. */
  language: string
  link: string
}

export interface PostVideo {
  /** Identifies the video on this site for as long as it is there, for resuming where one left. */
  id: string
  /** `hls` is a playlist; `unplayable` no browser plays, and it is offered for download. */
  kind: 'file' | 'hls' | 'unplayable'
  link: string
  /** Upper case, for people: `AVI`. */
  format: string
  /** MIME type. */
  type: string
  poster: PictureView | null
  size: { width: number; height: number } | null
  durationSeconds: number | null
  captions: CaptionsView[]
}

/** Another post of the same creator. */
export interface PostNeighbour {
  id: string
  title: string
}

/** A post on its own page. */
export interface PostDetail extends PostView {
  creator: CreatorView
  /** Both are empty when `locked`. */
  pictures: PostPicture[]
  films: PostVideo[]
  /** What link previews of other sites show while it is locked: the fog again, in their shape. */
  share: string | null
  /** When locked, teasers of its first pictures. */
  teasers: PictureView[]
  /** The next newer and the next older post. */
  newer: PostNeighbour | null
  older: PostNeighbour | null
}

export interface LibraryStats {
  creators: number
  posts: number
  images: number
  videos: number
}

export interface CreatorPosts {
  creator: CreatorView
  posts: Page<PostView>
}
