import type { ListedObject, MediaStore } from '#src/storage/media-store.ts'

/** How big a made-up library is: `creators` × `posts` × `media`. */
export interface LibrarySize {
  creators: number
  posts: number
  media: number
}

export const MILLION: LibrarySize = { creators: 500, posts: 100, media: 20 }

const BATCH = 1_000
const OLDEST = Date.UTC(2020, 0, 1)
const HOUR_MS = 3_600_000

export const objectsOf = (size: LibrarySize) => size.creators * size.posts * size.media

/** The objects of the library in the byte order of their keys, one in ten a video, in batches of a page. */
export function* generateObjects(size: LibrarySize, extraPosts = 0): Generator<ListedObject[]> {
  let batch: ListedObject[] = []
  for (let creator = 0; creator < size.creators; creator++) {
    const posts = size.posts + (creator === 0 ? extraPosts : 0)
    for (let post = 0; post < posts; post++) {
      for (let index = 0; index < size.media; index++) {
        batch.push(objectAt(creator, post, index))
        if (batch.length === BATCH) {
          yield batch
          batch = []
        }
      }
    }
  }
  if (batch.length > 0) yield batch
}

export const creatorFolder = (creator: number) => `creator-${String(creator).padStart(5, '0')}`
export const postFolder = (post: number) =>
  `${2020 + (post % 5)}-0${1 + (post % 9)}-session_${String(post).padStart(4, '0')}`

function objectAt(creator: number, post: number, index: number): ListedObject {
  const extension = index % 10 === 9 ? 'mp4' : 'jpg'
  const number = (creator * 1_000 + post) * 100 + index
  return {
    key: `${creatorFolder(creator)}/${postFolder(post)}/photo_${String(index).padStart(3, '0')}.${extension}`,
    isUtf8: true,
    size: 100_000 + number,
    etag: (number * 2_654_435_761).toString(16).padStart(32, '0'),
    lastModified: new Date(OLDEST + (number % 40_000) * HOUR_MS),
  }
}

/** A store that lists the generated objects and has no bytes. */
export function generatedStore(size: LibrarySize, extraPosts = 0): MediaStore {
  return {
    source: 'generated library',
    async *list() {
      yield* generateObjects(size, extraPosts)
    },
    head: async () => null,
    read: async () => null,
    locate: async () => null,
    signer: () => (key) => key,
    windowEnd: (now) => now,
    ping: async () => {},
    close: async () => {},
  }
}
