import { and, eq, isNull, sql } from 'drizzle-orm'
import type { Db } from '#src/db/index.ts'
import { whitelabelCaptions } from '#src/db/media-tables.ts'
import { posts, whitelabelMedia, whitelabelModels, whitelabelPosts } from '#src/db/schema.ts'

const isShown = sql<boolean>`${and(
  isNull(whitelabelMedia.hiddenAt),
  isNull(whitelabelPosts.hiddenAt),
  eq(whitelabelModels.status, 'active'),
)}`

/**
 * What to call the video with this key in a log, `12` or for one of a hand-made post `h12`. Null when it is not there,
 * taken down, or its creator is not public.
 */
export async function shownVideo(db: Db, s3Key: string): Promise<string | null> {
  const [synced] = await db
    .select({ id: whitelabelMedia.id, isShown })
    .from(whitelabelMedia)
    .innerJoin(whitelabelPosts, eq(whitelabelPosts.id, whitelabelMedia.whitelabelPostId))
    .innerJoin(whitelabelModels, eq(whitelabelModels.id, whitelabelPosts.whitelabelModelId))
    .where(and(eq(whitelabelMedia.s3Key, s3Key), eq(whitelabelMedia.type, 'video')))
  // What was taken down comes back by no other way.
  if (synced) return synced.isShown ? String(synced.id) : null

  const [handmade] = await db
    .select({ id: posts.id })
    .from(posts)
    .where(and(eq(posts.contentUrl, s3Key), eq(posts.type, 'video')))
    .limit(1)
  return handmade ? `h${handmade.id}` : null
}

/** The same for the video that these captions belong to. */
export async function videoOfShownCaptions(db: Db, s3Key: string): Promise<string | null> {
  const [video] = await db
    .select({ id: whitelabelMedia.id })
    .from(whitelabelCaptions)
    .innerJoin(whitelabelMedia, eq(whitelabelMedia.id, whitelabelCaptions.whitelabelMediaId))
    .innerJoin(whitelabelPosts, eq(whitelabelPosts.id, whitelabelMedia.whitelabelPostId))
    .innerJoin(whitelabelModels, eq(whitelabelModels.id, whitelabelPosts.whitelabelModelId))
    .where(and(eq(whitelabelCaptions.s3Key, s3Key), isShown))
  return video ? String(video.id) : null
}
