import { creatorName, postTitle } from '#src/services/whitelabel/folder-names.ts'
import type { WhitelabelModel } from '#src/services/whitelabel/queries/models.ts'
import type { WhitelabelPost } from '#src/services/whitelabel/queries/posts.ts'
import type { SignLink } from '#src/storage/media-store.ts'
import { encodeKey } from '#src/storage/object-key.ts'
import { handmadeSlug, publicId } from './public-id.ts'
import type { HandmadeModel, HandmadePost } from './queries/handmade.ts'
import type { CreatorView, PostView } from './views.ts'

/** Signs for a viewer who may watch; null is for one who may not, and no address of an original comes out. */
export type Sign = SignLink | null

export function syncedCreator(model: WhitelabelModel, sign: Sign): CreatorView {
  return {
    id: publicId({ kind: 'synced', id: model.id }),
    slug: model.folderName,
    name: creatorName(model.folderName),
    description: null,
    thumbnail: signed(model.thumbnailUrl, sign),
    icon: signed(model.iconUrl, sign),
    banner: signed(model.bannerUrl, sign),
    postCount: model.postCount,
    isSponsored: false,
    createdAt: model.createdAt,
  }
}

export function handmadeCreator(model: HandmadeModel, sign: Sign): CreatorView {
  return {
    id: publicId({ kind: 'handmade', id: model.id }),
    slug: handmadeSlug(model.name, model.id),
    name: model.name,
    description: model.description,
    thumbnail: contentLink(model.thumbnailUrl, sign),
    icon: contentLink(model.iconUrl, sign),
    banner: contentLink(model.bannerUrl, sign),
    postCount: model.postCount,
    isSponsored: model.isAdvertiser,
    createdAt: model.createdAt,
  }
}

export type PostCreator = PostView['model']

export function syncedPost(post: WhitelabelPost, model: PostCreator, sign: Sign): PostView {
  const { images = [], videos = [] } = post.mediaCdns ?? {}
  const links = sign ? images.map(sign) : []
  return {
    id: publicId({ kind: 'synced', id: post.id }),
    model,
    title: post.title ?? (post.folderName === '' ? model.name : postTitle(post.folderName)),
    folderName: post.folderName,
    createdAt: post.createdAt,
    thumbnail: links[0] ?? null,
    images: links,
    videos: sign ? videos.map(sign) : [],
    imageCount: post.imageCount,
    videoCount: post.videoCount,
    locked: sign === null,
  }
}

export function handmadePost(post: HandmadePost, model: PostCreator, sign: Sign): PostView {
  const link = contentLink(post.contentUrl, sign)
  const links = (type: string) => (post.type === type && link ? [link] : [])
  return {
    id: publicId({ kind: 'handmade', id: post.id }),
    model,
    title: post.title ?? model.name,
    folderName: '',
    createdAt: post.createdAt,
    thumbnail: post.type === 'image' ? link : null,
    images: links('image'),
    videos: links('video'),
    imageCount: post.type === 'image' ? 1 : 0,
    videoCount: post.type === 'video' ? 1 : 0,
    locked: sign === null,
  }
}

const signed = (encodedKey: string | null, sign: Sign) =>
  encodedKey !== null && sign ? sign(encodedKey) : null

const WEB_ADDRESS = /^https?:\/\//i

/** Hand-made rows hold a storage key or an address of the web (spec §1). */
function contentLink(keyOrAddress: string | null, sign: Sign) {
  if (keyOrAddress === null || !sign) return null
  return WEB_ADDRESS.test(keyOrAddress) ? keyOrAddress : sign(encodeKey(keyOrAddress))
}
