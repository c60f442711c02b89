import { and, asc, eq, inArray, isNotNull, sql } from 'drizzle-orm'
import type { Db } from '#src/db/index.ts'
import { whitelabelMedia, whitelabelModels, whitelabelPosts } from '#src/db/schema.ts'
import { NotFound } from '#src/errors.ts'
import { creatorName } from './folder-names.ts'

/** A synced creator as the owner sees it, public or not. */
export interface CreatorState {
  folderName: string
  name: string
  status: 'new' | 'active' | 'hidden'
  postCount: number
  createdAt: Date
  /** Since when it is shown at the top of the home page, while it is public. */
  featuredAt: Date | null
}

type Status = CreatorState['status']

/** Every synced creator, by folder name. */
export async function listCreators(db: Db): Promise<CreatorState[]> {
  const rows = await db
    .select({
      folderName: whitelabelModels.folderName,
      status: whitelabelModels.status,
      postCount: whitelabelModels.postCount,
      createdAt: whitelabelModels.createdAt,
      featuredAt: whitelabelModels.featuredAt,
    })
    .from(whitelabelModels)
    .orderBy(asc(sql`${whitelabelModels.folderName} collate natural_order`))
  return rows.map((row) => ({ ...row, name: creatorName(row.folderName) }))
}

/**
 * Makes creators public, by folder name; `all` are those that are new, never those that were hidden.
 * @returns the folder names whose status changed.
 * @throws NotFound naming every folder that is no creator; nothing is changed then.
 */
export const publishCreators = (db: Db, names: string[] | 'all'): Promise<string[]> =>
  names === 'all'
    ? changeStatus(db, 'active', eq(whitelabelModels.status, 'new'))
    : changeNamed(db, names, 'active')

/** Takes creators off the site; they stay hidden through every sync. As `publishCreators`; `all` are all of them. */
export const hideCreators = (db: Db, names: string[] | 'all'): Promise<string[]> =>
  names === 'all' ? changeStatus(db, 'hidden', sql`true`) : changeNamed(db, names, 'hidden')

/**
 * Shows creators at the top of the home page, in the order given, before those chosen earlier; one chosen again comes
 * to the front.
 * @returns their folder names. @throws NotFound as `publishCreators`.
 */
export function featureCreators(db: Db, names: string[]): Promise<string[]> {
  return db.transaction(async (tx) => {
    await refuseUnknown(tx, names)
    const { rows } = await tx.execute<{ folder_name: string }>(sql`
      update whitelabel_models as model
      set featured_at = now() - chosen.place * interval '1 microsecond'
      from unnest(${sql.param(names)}::text[]) with ordinality as chosen (name, place)
      where folder_name = chosen.name returning folder_name`)
    return rows.map((row) => row.folder_name).sort()
  })
}

/** @returns the folder names of those that were featured until now. @throws NotFound as `publishCreators`. */
export function unfeatureCreators(db: Db, names: string[] | 'all'): Promise<string[]> {
  return db.transaction(async (tx) => {
    if (names !== 'all') await refuseUnknown(tx, names)
    const chosen = names === 'all' ? undefined : inArray(whitelabelModels.folderName, names)
    const changed = await tx
      .update(whitelabelModels)
      .set({ featuredAt: null })
      .where(and(isNotNull(whitelabelModels.featuredAt), chosen))
      .returning({ folderName: whitelabelModels.folderName })
    return changed.map((row) => row.folderName).sort()
  })
}

function changeNamed(db: Db, names: string[], status: Status) {
  return db.transaction(async (tx) => {
    await refuseUnknown(tx, names)
    return changeStatus(tx, status, inArray(whitelabelModels.folderName, names))
  })
}

async function changeStatus(db: Db, status: Status, which: ReturnType<typeof sql>) {
  const changed = await db
    .update(whitelabelModels)
    .set({ status })
    .where(sql`${which} and ${whitelabelModels.status} <> ${status}`)
    .returning({ folderName: whitelabelModels.folderName })
  return changed.map((row) => row.folderName).sort()
}

async function refuseUnknown(db: Db, names: string[]) {
  const rows = await db
    .select({ folderName: whitelabelModels.folderName })
    .from(whitelabelModels)
    .where(inArray(whitelabelModels.folderName, names))
  const known = new Set(rows.map((row) => row.folderName))
  const unknown = names.filter((name) => !known.has(name))
  if (unknown.length === 0) return
  const list = unknown.map((name) => `"${name}"`).join(', ')
  throw new NotFound(`No creator has the folder name ${list}. See them all: npx creatorflix creators list`)
}

/** Takes a synced post down, or shows it again. @throws NotFound */
export async function showPost(db: Db, id: number, isShown: boolean): Promise<void> {
  const changed = await db
    .update(whitelabelPosts)
    .set({ hiddenAt: isShown ? null : sql`now()` })
    .where(eq(whitelabelPosts.id, id))
    .returning({ id: whitelabelPosts.id })
  if (changed.length === 0) throw new NotFound(`There is no synced post ${id}.`)
}

/** Takes one photo or video down by its key, or shows it again. @throws NotFound */
export async function showMedia(db: Db, key: string, isShown: boolean): Promise<void> {
  const changed = await db
    .update(whitelabelMedia)
    .set({ hiddenAt: isShown ? null : sql`now()` })
    .where(eq(whitelabelMedia.s3Key, key))
    .returning({ id: whitelabelMedia.id })
  if (changed.length === 0) throw new NotFound(`The library has no file "${key}".`)
}
