import { createHash } from 'node:crypto'
import type { Db } from '#src/db/index.ts'
import type { Viewer } from '#src/services/access/viewer.ts'
import { captionsOfMedia, type WhitelabelCaptions } from '#src/services/whitelabel/queries/captions.ts'
import { type Neighbour, neighbours } from '#src/services/whitelabel/queries/posts.ts'
import { extensionOf, isPlaylist, mediaType } from '#src/storage/media-type.ts'
import { decodeKey } from '#src/storage/object-key.ts'
import { type FoundPost, findPost } from './find.ts'
import { type DetailsByKey, detailsOf, pagePicture } from './pictures.ts'
import { linksOfHandmadePost, linksOfSyncedPost, storedContent, titleOf } from './present.ts'
import { presentCreator, presentPosts } from './present-rows.ts'
import { publicId } from './public-id.ts'
import { HandmadeQueries } from './queries/handmade.ts'
import { type CatalogueDeps, linksFor, type ViewerLinks } from './viewer-links.ts'
import type { CreatorView, PostDetail, PostNeighbour, PostPicture, PostVideo } from './views.ts'

/** A locked post shows no more of itself than this. */
const TEASERS = 6

/**
 * A post on its own page. @param id a public id, `34` or `h34`.
 * @throws NotFound when there is no such post of a public creator, TooManyRequests.
 */
export async function postDetail(deps: CatalogueDeps, viewer: Viewer, id: string): Promise<PostDetail> {
  const db = deps.database.reader
  const [found, links] = await Promise.all([findPost(db, id), linksFor(deps, viewer)])
  const files = filesOf(found, links)
  const shown = links.original ? files : { images: files.images.slice(0, TEASERS), videos: [] }
  const creator = await presentCreator(deps, found, links)
  const rows = found.kind === 'synced' ? { synced: [found.post] } : { handmade: [found.post] }
  const [[post], details, captions, beside] = await Promise.all([
    presentPosts(deps, creator, rows, links),
    detailsOf(
      db,
      [...shown.images, ...shown.videos].map(({ encodedKey }) => encodedKey),
    ),
    captionsOf(db, shown.videos),
    besideOf(db, found, creator),
  ])
  if (!post) throw new Error('A post that was found was not presented.')
  await links.count(links.original ? files.images.length + files.videos.length : 0)
  return {
    ...post,
    creator,
    pictures: links.original ? picturesOf(shown.images, details, links) : [],
    films: links.original ? shown.videos.map((file) => film(file, { details, captions, links })) : [],
    share: shareOf(files, links),
    teasers: links.original ? [] : picturesOf(shown.images, details, links).map(({ picture }) => picture),
    ...beside,
  }
}

/** Of the picture that stands for the post; for what lies elsewhere on the web there is none. */
function shareOf({ images, videos }: ReturnType<typeof filesOf>, { original, pictures }: ViewerLinks) {
  const key = (images[0] ?? videos[0])?.encodedKey ?? null
  return original || key === null ? null : pictures.lasting(key, 'share')
}

/** A file of a post: its key, unless it lies elsewhere on the web, and the link to the original. */
interface PostFile {
  encodedKey: string | null
  original: string
}

function filesOf(found: FoundPost, links: ViewerLinks): { images: PostFile[]; videos: PostFile[] } {
  if (found.kind === 'handmade') {
    const { type, contentUrl } = found.post
    const { images, videos } = linksOfHandmadePost(found.post, links)
    const file = { encodedKey: storedContent(contentUrl), original: images[0] ?? videos[0] ?? '' }
    return type === 'image' ? { images: [file], videos: [] } : { images: [], videos: [file] }
  }
  const { images = [], videos = [] } = found.post.mediaCdns ?? {}
  const signed = linksOfSyncedPost(found.post, links)
  return {
    images: images.map((encodedKey, index) => ({ encodedKey, original: signed.images[index] ?? '' })),
    videos: videos.map((encodedKey, index) => ({ encodedKey, original: signed.videos[index] ?? '' })),
  }
}

/** Pictures elsewhere on the web are not shown: no page asks another site for anything. */
function picturesOf(files: PostFile[], details: DetailsByKey, links: ViewerLinks): PostPicture[] {
  return files.flatMap(({ encodedKey, original }) =>
    encodedKey === null ? [] : [{ picture: pagePicture(encodedKey, details, links), original }],
  )
}

interface FilmFacts {
  details: DetailsByKey
  /** By percent-encoded key of the video. */
  captions: ReadonlyMap<string, WhitelabelCaptions[]>
  links: ViewerLinks
}

function film({ encodedKey, original }: PostFile, { details, captions, links }: FilmFacts): PostVideo {
  const name = encodedKey ?? new URL(original).pathname
  const type = mediaType(name)
  const known = encodedKey === null ? undefined : details.get(encodedKey)
  return {
    id: createHash('sha256').update(name).digest('base64url').slice(0, 16),
    kind: kindOf(encodedKey),
    link: original,
    format: extensionOf(name).toUpperCase(),
    type: type?.contentType ?? 'application/octet-stream',
    poster: encodedKey === null ? null : pagePicture(encodedKey, details, links),
    size: known ? { width: known.width, height: known.height } : null,
    durationSeconds: known?.durationMs ? known.durationMs / 1000 : null,
    captions: (captions.get(encodedKey ?? '') ?? []).map(({ language, url }) => ({
      language,
      link: links.captions(url),
    })),
  }
}

/** What lies elsewhere on the web is offered, not played. */
function kindOf(encodedKey: string | null): PostVideo['kind'] {
  if (encodedKey === null) return 'unplayable'
  if (isPlaylist(encodedKey)) return 'hls'
  return mediaType(encodedKey)?.playable ? 'file' : 'unplayable'
}

async function captionsOf(db: Db, videos: PostFile[]): Promise<FilmFacts['captions']> {
  const keys = new Map(
    videos.flatMap(({ encodedKey }) => {
      const key = encodedKey === null ? null : decodeKey(encodedKey)
      return key === null || encodedKey === null ? [] : [[key, encodedKey] as const]
    }),
  )
  const byKey = await captionsOfMedia(db, [...keys.keys()])
  return new Map([...byKey].map(([key, captions]) => [keys.get(key) ?? '', captions]))
}

/** The posts before and after this one in the creator's list. */
async function besideOf(
  db: Db,
  found: FoundPost,
  creator: CreatorView,
): Promise<Pick<PostDetail, 'newer' | 'older'>> {
  const { newer, older } =
    found.kind === 'synced'
      ? await neighbours(db, found.post)
      : await HandmadeQueries.neighbours(db, found.post)
  const view = (beside: Neighbour | null): PostNeighbour | null =>
    beside && {
      id: publicId({ kind: found.kind, id: beside.id }),
      title: titleOf({ title: beside.title, folderName: '' }, creator),
    }
  return { newer: view(newer), older: view(older) }
}
