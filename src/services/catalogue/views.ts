import type { Page } from '#src/lib/pagination.ts'

/** A creator as a visitor sees it, synced or made by hand. Addresses are signed links, or null where there is none. */
export interface CreatorView {
  /** `12` for a synced creator, `h12` for one made by hand. */
  id: string
  /** The folder name, or `<name>~h<id>`; not yet percent-encoded. */
  slug: string
  name: string
  description: string | null
  thumbnail: string | null
  icon: string | null
  banner: string | null
  postCount: number
  /** To be shown labelled as sponsored. */
  isSponsored: boolean
  createdAt: Date
}

/** A post as this visitor sees it. */
export interface PostView {
  /** `34` for a synced post, `h34` for one made by hand. */
  id: string
  model: { id: string; slug: string; name: string }
  title: string
  folderName: string
  createdAt: Date
  thumbnail: string | null
  /** Signed links in natural order; both lists are empty when `locked`. */
  images: string[]
  videos: string[]
  /** True counts, locked or not. */
  imageCount: number
  videoCount: number
  locked: boolean
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
