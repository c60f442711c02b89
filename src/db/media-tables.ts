import { sql } from 'drizzle-orm'
import { check, index, integer, pgTable, serial, text, timestamp, unique } from 'drizzle-orm/pg-core'
import { whitelabelMedia } from './schema.ts'

/** Our own tables around single media files: what was learnt by reading them, and what lies beside them. */

const instant = (name: string) => timestamp(name, { withTimezone: true })

export const UNREADABLE_REASONS = ['missing', 'not a picture', 'too large', 'too slow', 'damaged'] as const

/**
 * What reading an object told: a copy that can be made again. Any object has one, the art of creators too, so the
 * key is the object's own and refers to no table; rows of objects that left are swept after a sync.
 */
export const mediaDetails = pgTable(
  'media_details',
  {
    /** The decoded key. */
    objectKey: text('object_key').primaryKey(),
    /** Of the content that was read: another one in the listing means it is to be read anew. */
    etag: text('etag').notNull(),
    /** Pixels, turned upright. */
    width: integer('width').notNull(),
    height: integer('height').notNull(),
    /** Of a video, in milliseconds. */
    durationMs: integer('duration_ms'),
    /** Base64; a picture of about 25 bytes to show until the real one has arrived (evanw/thumbhash). */
    thumbhash: text('thumbhash'),
    createdAt: instant('created_at').notNull().defaultNow(),
  },
  (table) => [check('media_details_size_positive', sql`${table.width} > 0 and ${table.height} > 0`)],
)

/** Objects that no derivative can be made of: they are tried again only when their content changes. */
export const unreadableObjects = pgTable(
  'unreadable_objects',
  {
    objectKey: text('object_key').primaryKey(),
    /** Of the content that could not be read; null when nothing was there. */
    etag: text('etag'),
    reason: text('reason', { enum: UNREADABLE_REASONS }).notNull(),
    /** How often it was asked for since. */
    times: integer('times').notNull().default(1),
    firstNoticedAt: instant('first_noticed_at').notNull().defaultNow(),
    lastNoticedAt: instant('last_noticed_at').notNull().defaultNow(),
  },
  (table) => [
    check(
      'unreadable_objects_reason_known',
      sql`${table.reason} in ('missing', 'not a picture', 'too large', 'too slow', 'damaged')`,
    ),
    index('unreadable_objects_newest').on(table.lastNoticedAt.desc().nullsFirst()),
  ],
)

/** Captions of a video: the `.vtt` files beside it. */
export const whitelabelCaptions = pgTable(
  'whitelabel_captions',
  {
    id: serial('id').primaryKey(),
    whitelabelMediaId: integer('whitelabel_media_id')
      .notNull()
      .references(() => whitelabelMedia.id, { onDelete: 'cascade' }),
    /** BCP 47 as in the file's name (`film.pt-BR.vtt`); empty where the name tells none (`film.vtt`). */
    language: text('language').notNull().default(''),
    s3Key: text('s3_key').notNull().unique(),
    /** The percent-encoded key, without a host. */
    url: text('url').notNull(),
  },
  (table) => [unique('whitelabel_captions_one_per_language').on(table.whitelabelMediaId, table.language)],
)

/** Counters of rate limits, shared by all nodes; the form that rate-limiter-flexible writes. */
export const rateLimits = pgTable(
  'rate_limits',
  {
    key: text('key').primaryKey(),
    points: integer('points').notNull().default(0),
    expire: instant('expire'),
  },
  (table) => [index('rate_limits_by_expire').on(table.expire)],
)
