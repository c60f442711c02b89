import type { Deps } from '#src/deps.ts'
import { readViewingRules, type ViewingRules } from '#src/services/access/access-rules.ts'
import { canWatch } from '#src/services/access/can-watch.ts'
import type { LinkLimit } from '#src/services/access/link-limit.ts'
import type { Viewer } from '#src/services/access/viewer.ts'
import { type PictureLinks, pictureLinks } from '#src/services/derivatives/picture-links.ts'
import type { LockedPreview } from '#src/services/settings/settings.ts'
import { type StreamLinks, streamLinks } from '#src/services/streams/stream-links.ts'
import type { SignLink } from '#src/storage/media-store.ts'
import { isPlaylist } from '#src/storage/media-type.ts'

/** What the catalogue works with. */
export interface CatalogueDeps extends Pick<Deps, 'database' | 'media' | 'now' | 'pictureKey' | 'streamKey'> {
  env: Pick<Deps['env'], 'MEDIA_LINK_SECONDS'>
  linkLimit: LinkLimit
}

/** The links that a viewer gets, once access is decided. */
export interface ViewerLinks {
  /** Signs links to originals; null for who may not watch: no address of an original comes out then. */
  original: SignLink | null
  pictures: PictureLinks
  /** For who may watch, as originals are. */
  captions: StreamLinks['captions']
  /** Counts links to originals that the viewer is about to get. @throws TooManyRequests */
  count(links: number): Promise<void>
  /** What stands for the pictures of a post where it is locked. */
  lockedPreview: LockedPreview
  /** Whether even creators' own pictures are blurred: who has not passed the age check sees none. */
  blursArt: boolean
  /** Names these rights: what is kept for one viewer serves others of the same. */
  rights: string
}

/** Decides by the owner's rules of this moment. */
export async function linksFor(deps: CatalogueDeps, viewer: Viewer): Promise<ViewerLinks> {
  const rules = await readViewingRules(deps.database.reader, deps.media.source)
  return linksByRules(deps, viewer, rules, deps.now())
}

export function linksByRules(
  { media, pictureKey, streamKey, env, linkLimit }: CatalogueDeps,
  viewer: Viewer,
  rules: ViewingRules,
  now: Date,
): ViewerLinks {
  const linkSeconds = env.MEDIA_LINK_SECONDS
  const streams = streamLinks({ streamKey, linkSeconds })(now)
  const isTooYoung = rules.checksAge && !viewer.agePassed
  const mayWatch = canWatch(viewer, rules, now)
  const lockedPreview = isTooYoung ? 'blurred' : rules.lockedPreview
  return {
    original: mayWatch ? originalSigner(media.signer(now), streams) : null,
    pictures: pictureLinks({ pictureKey, linkSeconds })(now),
    captions: streams.captions,
    count: (links) => linkLimit.count(viewer, links, rules.linksPerHour),
    lockedPreview,
    blursArt: isTooYoung,
    rights: isTooYoung ? 'age' : mayWatch ? 'open' : lockedPreview,
  }
}

/** A playlist goes through us, because what it names needs links too; every other file comes from the store. */
function originalSigner(sign: SignLink, streams: StreamLinks): SignLink {
  return (encodedKey) => (isPlaylist(encodedKey) ? streams.playlist(encodedKey) : sign(encodedKey))
}
