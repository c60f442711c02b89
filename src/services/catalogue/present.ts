import type { PictureSize } from '#src/services/derivatives/picture-links.ts'
import { creatorName, postTitle } from '#src/services/whitelabel/folder-names.ts'
import type { WhitelabelModel } from '#src/services/whitelabel/queries/models.ts'
import type { WhitelabelPost } from '#src/services/whitelabel/queries/posts.ts'
import { encodeKey } from '#src/storage/object-key.ts'
import { artPicture, cardPicture, type DetailsByKey } from './pictures.ts'
import { handmadeSlug, publicId } from './public-id.ts'
import type { HandmadeModel, HandmadePost } from './queries/handmade.ts'
import type { ViewerLinks } from './viewer-links.ts'
import type { CreatorView, PostView } from './views.ts'

/** Rows as a viewer sees them. What a picture is shown by is decided in `pictures.ts`. */
export function syncedCreator(
  model: WhitelabelModel,
  details: DetailsByKey,
  links: ViewerLinks,
): CreatorView {
  const art = (encodedKey: string | null) => artOf(encodedKey, details, links)
  return {
    id: publicId({ kind: 'synced', id: model.id }),
    slug: model.folderName,
    name: creatorName(model.folderName),
    description: null,
    cover: model.hasCover ? art(model.thumbnailUrl) : cardOf(model.thumbnailUrl, details, links),
    icon: art(model.iconUrl),
    banner: art(model.bannerUrl),
    postCount: model.postCount,
    isSponsored: false,
    createdAt: model.createdAt,
    updatedAt: model.latestPostAt,
  }
}

export function handmadeCreator(
  model: HandmadeModel,
  details: DetailsByKey,
  links: ViewerLinks,
): CreatorView {
  const art = (content: string | null) => artOf(storedContent(content), details, links)
  return {
    id: publicId({ kind: 'handmade', id: model.id }),
    slug: handmadeSlug(model.name, model.id),
    name: model.name,
    description: model.description,
    cover: cardOf(storedContent(model.thumbnailUrl), details, links),
    icon: art(model.iconUrl),
    banner: art(model.bannerUrl),
    postCount: model.postCount,
    isSponsored: model.isAdvertiser,
    createdAt: model.createdAt,
    updatedAt: null,
  }
}

/** The objects whose details `syncedCreator` asks for. */
export const keysOfSyncedCreator = (model: WhitelabelModel) => [
  model.thumbnailUrl,
  model.iconUrl,
  model.bannerUrl,
]

/** The objects whose details `handmadeCreator` asks for. */
export const keysOfHandmadeCreator = (model: HandmadeModel) =>
  [model.thumbnailUrl, model.iconUrl, model.bannerUrl].map(storedContent)

export type PostCreator = PostView['model']

export const postCreator = ({ id, slug, name }: CreatorView): PostCreator => ({ id, slug, name })

export function syncedPost(
  post: WhitelabelPost,
  model: PostCreator,
  details: DetailsByKey,
  links: ViewerLinks,
  sizes?: readonly PictureSize[],
): PostView {
  return {
    id: publicId({ kind: 'synced', id: post.id }),
    model,
    title: titleOf(post, model),
    folderName: post.folderName,
    createdAt: post.createdAt,
    cover: cardOf(coverOfSyncedPost(post), details, links, sizes),
    imageCount: post.imageCount,
    videoCount: post.videoCount,
    locked: links.original === null,
  }
}

/** Links to the originals of a synced post. */
export function linksOfSyncedPost(
  { mediaCdns }: Pick<WhitelabelPost, 'mediaCdns'>,
  { original }: ViewerLinks,
) {
  const { images = [], videos = [] } = mediaCdns ?? {}
  return original ? { images: images.map(original), videos: videos.map(original) } : NO_LINKS
}

const NO_LINKS = { images: [], videos: [] }

/** Its first picture, else its first video, of which a frame can be shown; percent-encoded. */
export function coverOfSyncedPost({ mediaCdns }: Pick<WhitelabelPost, 'mediaCdns'>): string | null {
  const { images = [], videos = [] } = mediaCdns ?? {}
  return images[0] ?? videos[0] ?? null
}

export const titleOf = (
  post: Pick<WhitelabelPost, 'title' | 'folderName'>,
  model: Pick<PostCreator, 'name'>,
) => post.title ?? (post.folderName === '' ? model.name : postTitle(post.folderName))

export function handmadePost(
  post: HandmadePost,
  model: PostCreator,
  details: DetailsByKey,
  links: ViewerLinks,
): PostView {
  return {
    id: publicId({ kind: 'handmade', id: post.id }),
    model,
    title: post.title ?? model.name,
    folderName: '',
    createdAt: post.createdAt,
    cover: cardOf(storedContent(post.contentUrl), details, links),
    imageCount: post.type === 'image' ? 1 : 0,
    videoCount: post.type === 'video' ? 1 : 0,
    locked: links.original === null,
  }
}

/** Links to the original of a hand-made post. */
export function linksOfHandmadePost(post: Pick<HandmadePost, 'contentUrl' | 'type'>, links: ViewerLinks) {
  const link = contentLink(post.contentUrl, links)
  const linksOf = (type: string) => (post.type === type && link ? [link] : [])
  return { images: linksOf('image'), videos: linksOf('video') }
}

const artOf = (encodedKey: string | null, details: DetailsByKey, links: ViewerLinks) =>
  encodedKey === null ? null : artPicture(encodedKey, details, links)

const cardOf = (
  encodedKey: string | null,
  details: DetailsByKey,
  links: ViewerLinks,
  sizes?: readonly PictureSize[],
) => (encodedKey === null ? null : cardPicture(encodedKey, details, links, sizes))

const WEB_ADDRESS = /^https?:\/\//i

/** Hand-made rows hold a storage key or an address of the web (spec §1). */
function contentLink(keyOrAddress: string, { original }: ViewerLinks) {
  if (!original) return null
  return WEB_ADDRESS.test(keyOrAddress) ? keyOrAddress : original(encodeKey(keyOrAddress))
}

/** The percent-encoded key of hand-made content; null for what lies elsewhere on the web, and is never read by us. */
export function storedContent(keyOrAddress: string | null): string | null {
  return keyOrAddress === null || WEB_ADDRESS.test(keyOrAddress) ? null : encodeKey(keyOrAddress)
}
