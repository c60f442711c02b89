import type { Db } from '#src/db/index.ts'
import { mediaDetails } from '#src/db/media-tables.ts'

export type Details = Omit<typeof mediaDetails.$inferInsert, 'createdAt'>

/** What reading the object told, in place of what an earlier content of it told. */
export async function keepDetails(db: Db, details: Details): Promise<void> {
  const { objectKey, ...told } = details
  await db
    .insert(mediaDetails)
    .values(details)
    .onConflictDoUpdate({ target: mediaDetails.objectKey, set: told })
}
