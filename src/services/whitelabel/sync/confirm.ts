import { sql } from 'drizzle-orm'
import { CopyRows, copyValue } from '#src/db/copy-rows.ts'
import type { DatabaseSession, Db } from '#src/db/index.ts'
import { Unavailable } from '#src/errors.ts'
import type { MediaStore } from '#src/storage/media-store.ts'
import { printableKey } from './key-grammar.ts'

/** Up to so many missing files are asked for one by one. */
const ASK_EACH = 2_000
/** Of more than that so many are, beside the second listing: a store that lies in listings may not lie here. */
const ASK_SAMPLE = 200
const ASK_SIDE_BY_SIDE = 16

/** A file the listing left out is there when asked for by name: the listing proves nothing. */
export class ListingContradicted extends Unavailable {
  constructor(key: string) {
    super(
      `The listing left out "${printableKey(key)}", but the store has it. Nothing was removed; run the sync again when the store is well.`,
    )
  }
}

/**
 * Asks the store again for every file that would be removed (spec §2, step 3).
 * @throws ListingContradicted when one is still there.
 */
export async function confirmRemovals(session: DatabaseSession, media: MediaStore, signal?: AbortSignal) {
  const { db } = session
  await nameMissing(db)
  const missing = await countMissing(db)
  if (missing === 0) return
  if (missing > ASK_EACH) await confirmByListing(session, media, signal)
  await confirmByAsking(media, await missingKeys(db, missing > ASK_EACH ? ASK_SAMPLE : ASK_EACH), signal)
}

async function confirmByAsking(media: MediaStore, keys: string[], signal?: AbortSignal) {
  const waiting = new Set(keys)
  const ask = async () => {
    for (const key of waiting) {
      waiting.delete(key)
      signal?.throwIfAborted()
      if (await media.head(key)) throw new ListingContradicted(key)
    }
  }
  // The first answer that settles it leaves nothing for the others to ask.
  await Promise.all(Array.from({ length: ASK_SIDE_BY_SIDE }, ask)).finally(() => waiting.clear())
}

async function confirmByListing(session: DatabaseSession, media: MediaStore, signal?: AbortSignal) {
  const { db } = session
  await db.execute(sql`drop table if exists pg_temp.relisted_media`)
  await db.execute(sql`create temporary table relisted_media (s3_key text not null)`)
  const keys = new CopyRows()
  const copyKeys = () => session.copyIn('relisted_media', ['s3_key'], [keys.take()])
  for await (const batch of media.list(signal ? { signal } : {})) {
    for (const object of batch) if (object.isUtf8) keys.add(copyValue(object.key))
    if (keys.isFull) await copyKeys()
  }
  await copyKeys()
  const { rows } = await db.execute<{ key: string }>(sql`
    select s3_key as key from missing_keys join relisted_media using (s3_key) limit 1`)
  await db.execute(sql`drop table relisted_media`)
  if (rows[0]) throw new ListingContradicted(rows[0].key)
}

/** `missing_keys`: what would go because the listing leaves it out, and not because it means something else now. */
async function nameMissing(db: Db) {
  await db.execute(sql`
    create temporary view missing_keys as
    select s3_key from media_changes where action = 'remove' and s3_key not in (select s3_key from stream_parts)
    union all
    select s3_key from caption_changes where action = 'remove' and s3_key not in (select s3_key from listed_captions)`)
}

async function countMissing(db: Db) {
  const { rows } = await db.execute<{ missing: number }>(
    sql`select count(*)::float8 as missing from missing_keys`,
  )
  return rows[0]?.missing ?? 0
}

async function missingKeys(db: Db, limit: number) {
  const { rows } = await db.execute<{ key: string }>(
    sql`select s3_key as key from missing_keys order by random() limit ${limit}`,
  )
  return rows.map((row) => row.key)
}
