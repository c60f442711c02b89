import { type WhitelabelModel, WhitelabelModelQueries } from '#src/services/whitelabel/queries/models.ts'
import type { WhitelabelPost } from '#src/services/whitelabel/queries/posts.ts'
import type { FoundCreator } from './find.ts'
import { detailsOf } from './pictures.ts'
import {
  coverOfSyncedPost,
  handmadeCreator,
  handmadePost,
  keysOfHandmadeCreator,
  keysOfSyncedCreator,
  postCreator,
  storedContent,
  syncedCreator,
  syncedPost,
} from './present.ts'
import { type CreatorRef, publicId } from './public-id.ts'
import { type HandmadeModel, type HandmadePost, HandmadeQueries } from './queries/handmade.ts'
import type { CatalogueDeps, ViewerLinks } from './viewer-links.ts'
import type { CreatorView, PostView } from './views.ts'

/** Rows as a viewer sees them, with what is known of their pictures, which takes one query for all. */

export interface CreatorRows {
  synced?: WhitelabelModel[]
  handmade?: HandmadeModel[]
}

/** In the order of the rows, the synced ones first. */
export async function presentCreators(
  { database }: CatalogueDeps,
  { synced = [], handmade = [] }: CreatorRows,
  links: ViewerLinks,
): Promise<CreatorView[]> {
  const keys = [...synced.flatMap(keysOfSyncedCreator), ...handmade.flatMap(keysOfHandmadeCreator)]
  const details = await detailsOf(database.reader, keys)
  return [
    ...synced.map((model) => syncedCreator(model, details, links)),
    ...handmade.map((model) => handmadeCreator(model, details, links)),
  ]
}

/** Creators in the order of the references; those that left since are left out. */
export async function presentRefs(
  deps: CatalogueDeps,
  refs: CreatorRef[],
  links: ViewerLinks,
): Promise<CreatorView[]> {
  const db = deps.database.reader
  const ids = (kind: CreatorRef['kind']) => refs.filter((ref) => ref.kind === kind).map((ref) => ref.id)
  const [synced, handmade] = await Promise.all([
    WhitelabelModelQueries.byIds(db, ids('synced')),
    HandmadeQueries.byIds(db, ids('handmade')),
  ])
  const views = await presentCreators(deps, { synced, handmade }, links)
  const byId = new Map(views.map((view) => [view.id, view]))
  return refs.flatMap((ref) => byId.get(publicId(ref)) ?? [])
}

export async function presentCreator(
  { database }: CatalogueDeps,
  found: FoundCreator,
  links: ViewerLinks,
): Promise<CreatorView> {
  const keys = found.kind === 'synced' ? keysOfSyncedCreator(found.model) : keysOfHandmadeCreator(found.model)
  const details = await detailsOf(database.reader, keys)
  return found.kind === 'synced'
    ? syncedCreator(found.model, details, links)
    : handmadeCreator(found.model, details, links)
}

export interface PostRows {
  synced?: WhitelabelPost[]
  handmade?: HandmadePost[]
}

/** Posts of one creator. */
export async function presentPosts(
  { database }: CatalogueDeps,
  creator: CreatorView,
  { synced = [], handmade = [] }: PostRows,
  links: ViewerLinks,
): Promise<PostView[]> {
  const keys = [
    ...synced.map(coverOfSyncedPost),
    ...handmade.map(({ contentUrl }) => storedContent(contentUrl)),
  ]
  const details = await detailsOf(database.reader, keys)
  const model = postCreator(creator)
  return [
    ...synced.map((post) => syncedPost(post, model, details, links)),
    ...handmade.map((post) => handmadePost(post, model, details, links)),
  ]
}
