import { and, asc, eq, gt, inArray, notExists, sql } from 'drizzle-orm'
import type { Db } from '#src/db/index.ts'
import { mediaDetails, unreadableObjects } from '#src/db/media-tables.ts'
import { models, posts, whitelabelMedia, whitelabelModels } from '#src/db/schema.ts'
import type { Deps } from '#src/deps.ts'
import { encodeKey } from '#src/storage/object-key.ts'
import { folderOf } from './derivative.ts'

const BATCH = 1_000

/**
 * Takes away what is known and kept of objects that left the library. It changes nothing that a visitor sees, so what
 * goes wrong is left for the next time.
 */
export async function sweepDerivatives(deps: Pick<Deps, 'database' | 'appStorage' | 'log'>): Promise<void> {
  try {
    await sweepDetails(deps)
    await sweepUnreadable(deps.database.db)
  } catch (error) {
    deps.log.warn({ err: error }, 'what is kept of objects that left could not be swept')
  }
}

/** Pictures first: by their row they are found again when this is broken off. */
async function sweepDetails({ database: { db }, appStorage }: Pick<Deps, 'database' | 'appStorage'>) {
  for (let after = ''; ; ) {
    const rows = await db
      .select({ objectKey: mediaDetails.objectKey, etag: mediaDetails.etag })
      .from(mediaDetails)
      .where(and(gt(mediaDetails.objectKey, after), notInLibrary(db, mediaDetails.objectKey)))
      .orderBy(asc(mediaDetails.objectKey))
      .limit(BATCH)
    const left = await unused(db, rows)
    for (const { objectKey, etag } of left) await appStorage.removeAll(folderOf(objectKey, etag))
    await db.delete(mediaDetails).where(inArray(mediaDetails.objectKey, keysOf(left)))
    if (rows.length < BATCH) return
    after = rows.at(-1)?.objectKey ?? ''
  }
}

async function sweepUnreadable(db: Db) {
  const rows = await db
    .select({ objectKey: unreadableObjects.objectKey })
    .from(unreadableObjects)
    .where(notInLibrary(db, unreadableObjects.objectKey))
  const left = await unused(db, rows)
  await db.delete(unreadableObjects).where(inArray(unreadableObjects.objectKey, keysOf(left)))
}

const notInLibrary = (
  db: Db,
  objectKey: typeof mediaDetails.objectKey | typeof unreadableObjects.objectKey,
) => notExists(db.select({ one: sql`1` }).from(whitelabelMedia).where(eq(whitelabelMedia.s3Key, objectKey)))

/** Those that are no creator's art either, and that nothing made by hand refers to. */
async function unused<Row extends { objectKey: string }>(db: Db, rows: Row[]): Promise<Row[]> {
  if (rows.length === 0) return []
  const [art, handmade] = await Promise.all([artAmong(db, keysOf(rows)), handmadeAmong(db, keysOf(rows))])
  return rows.filter(({ objectKey }) => !art.has(encodeKey(objectKey)) && !handmade.has(objectKey))
}

/** Percent-encoded, as the columns hold them. */
async function artAmong(db: Db, keys: string[]): Promise<Set<string | null>> {
  const folders = [...new Set(keys.map((key) => key.split('/')[0] ?? ''))]
  const rows = await db
    .select({
      icon: whitelabelModels.iconUrl,
      banner: whitelabelModels.bannerUrl,
      thumbnail: whitelabelModels.thumbnailUrl,
    })
    .from(whitelabelModels)
    .where(inArray(whitelabelModels.folderName, folders))
  return new Set(rows.flatMap(({ icon, banner, thumbnail }) => [icon, banner, thumbnail]))
}

async function handmadeAmong(db: Db, keys: string[]): Promise<Set<string | null>> {
  const icons = db.select({ key: models.iconUrl }).from(models).where(inArray(models.iconUrl, keys))
  const banners = db.select({ key: models.bannerUrl }).from(models).where(inArray(models.bannerUrl, keys))
  const contents = db.select({ key: posts.contentUrl }).from(posts).where(inArray(posts.contentUrl, keys))
  return new Set([...(await icons), ...(await banners), ...(await contents)].map(({ key }) => key))
}

const keysOf = (rows: Array<{ objectKey: string }>) => rows.map(({ objectKey }) => objectKey)
