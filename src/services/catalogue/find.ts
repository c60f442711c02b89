import type { Db } from '#src/db/index.ts'
import { NotFound } from '#src/errors.ts'
import { type WhitelabelModel, WhitelabelModelQueries } from '#src/services/whitelabel/queries/models.ts'
import { type WhitelabelPost, WhitelabelPostQueries } from '#src/services/whitelabel/queries/posts.ts'
import { handmadeId, parsePublicId } from './public-id.ts'
import { type HandmadeModel, type HandmadePost, HandmadeQueries } from './queries/handmade.ts'

/** Rows behind public addresses, of whichever kind they are. */

export type FoundCreator =
  | { kind: 'synced'; model: WhitelabelModel }
  | { kind: 'handmade'; model: HandmadeModel }

export type FoundPost =
  | { kind: 'synced'; post: WhitelabelPost; model: WhitelabelModel }
  | { kind: 'handmade'; post: HandmadePost; model: HandmadeModel }

/**
 * A folder of that very name comes first: every folder name is reachable (spec §3).
 * @throws NotFound when no public creator has that slug.
 */
export async function findCreator(db: Db, slug: string): Promise<FoundCreator> {
  const synced = await WhitelabelModelQueries.bySlug(db, slug)
  if (synced) return { kind: 'synced', model: synced }
  const id = handmadeId(slug)
  const [handmade] = id === null ? [] : await HandmadeQueries.byIds(db, [id])
  if (!handmade) throw new NotFound('There is no such creator.')
  return { kind: 'handmade', model: handmade }
}

/** @param id a public id, `34` or `h34`. @throws NotFound when there is no such post of a public creator. */
export async function findPost(db: Db, id: string): Promise<FoundPost> {
  const ref = parsePublicId(id)
  const found = ref && (ref.kind === 'synced' ? await findSynced(db, ref.id) : await findHandmade(db, ref.id))
  if (!found) throw new NotFound('There is no such post.')
  return found
}

async function findSynced(db: Db, id: number): Promise<FoundPost | null> {
  const post = await WhitelabelPostQueries.byId(db, id)
  const [model] = post ? await WhitelabelModelQueries.byIds(db, [post.whitelabelModelId]) : []
  return post && model ? { kind: 'synced', post, model } : null
}

async function findHandmade(db: Db, id: number): Promise<FoundPost | null> {
  const post = await HandmadeQueries.postById(db, id)
  const [model] = post ? await HandmadeQueries.byIds(db, [post.modelId]) : []
  return post && model ? { kind: 'handmade', post, model } : null
}
