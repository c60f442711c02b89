import { asc, eq, inArray, sql } from 'drizzle-orm'
import type { Db } from '#src/db/index.ts'
import { whitelabelCaptions } from '#src/db/media-tables.ts'
import { whitelabelMedia } from '#src/db/schema.ts'

export interface WhitelabelCaptions {
  /** BCP 47 as the file's name has it, or empty where that tells none. */
  language: string
  /** The percent-encoded key, to be signed once access is decided. */
  url: string
}

/**
 * Captions of these media by the media's key, by language; media without any are left out.
 * @param s3Keys decoded.
 */
export async function captionsOfMedia(db: Db, s3Keys: string[]): Promise<Map<string, WhitelabelCaptions[]>> {
  if (s3Keys.length === 0) return new Map()
  const rows = await db
    .select({
      media: whitelabelMedia.s3Key,
      language: whitelabelCaptions.language,
      url: whitelabelCaptions.url,
    })
    .from(whitelabelCaptions)
    .innerJoin(whitelabelMedia, eq(whitelabelMedia.id, whitelabelCaptions.whitelabelMediaId))
    .where(inArray(whitelabelMedia.s3Key, s3Keys))
    .orderBy(sql`lower(${whitelabelCaptions.language}) collate "C"`, asc(whitelabelCaptions.id))
  const byMedia = new Map<string, WhitelabelCaptions[]>()
  for (const { media, ...captions } of rows) {
    byMedia.set(media, [...(byMedia.get(media) ?? []), captions])
  }
  return byMedia
}
