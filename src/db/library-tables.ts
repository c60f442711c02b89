import { sql } from 'drizzle-orm'
import {
  type AnyPgColumn,
  bigint,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uuid,
} from 'drizzle-orm/pg-core'
import { LIBRARY_STATUSES } from './schema.ts'

/** Our own tables around the synced library. */

const instant = (name: string) => timestamp(name, { withTimezone: true })

export const SYNC_STATUSES = ['running', 'applied', 'unchanged', 'held', 'failed'] as const
export const TAKEDOWN_KINDS = ['model', 'post', 'media'] as const

/** How many rows of each kind a sync touched. */
export interface LibraryCounts {
  models: number
  posts: number
  media: number
}

/** How many creators there are of each status: a copy kept by triggers, so that a page's total costs one row. */
export const whitelabelModelTotals = pgTable('whitelabel_model_totals', {
  status: text('status', { enum: LIBRARY_STATUSES }).primaryKey(),
  models: integer('models').notNull().default(0),
})

/**
 * Every sync that ran. The id is random and not a sequence: a sync that changes nothing uses up no sequence value
 * (spec §1).
 */
export const syncRuns = pgTable(
  'sync_runs',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    status: text('status', { enum: SYNC_STATUSES }).notNull().default('running'),
    /** What it is at while it runs: listing, deciding, confirming, applying. */
    phase: text('phase'),
    /** Who asked: cli, schedule, start. */
    startedBy: text('started_by').notNull(),
    source: text('source').notNull(),
    startedAt: instant('started_at').notNull().defaultNow(),
    finishedAt: instant('finished_at'),
    listed: bigint('listed', { mode: 'number' }).notNull().default(0),
    added: jsonb('added').$type<LibraryCounts>(),
    changed: jsonb('changed').$type<LibraryCounts>(),
    removed: jsonb('removed').$type<LibraryCounts>(),
    /** What waits for an approval, when held. */
    held: jsonb('held').$type<LibraryCounts>(),
    ignored: bigint('ignored', { mode: 'number' }).notNull().default(0),
    /** Ignored objects by the reason, an extension or a word. */
    ignoredBy: jsonb('ignored_by').$type<Record<string, number>>(),
    quarantined: jsonb('quarantined').$type<Array<{ key: string; reason: string }>>(),
    reason: text('reason'),
    /** SHA-256 over the sorted keys that would be removed: an approval releases exactly these. */
    removalDigest: text('removal_digest'),
    approvedRunId: uuid('approved_run_id').references((): AnyPgColumn => syncRuns.id, {
      onDelete: 'set null',
    }),
  },
  (table) => [
    check(
      'sync_runs_status_known',
      sql`${table.status} in ('running', 'applied', 'unchanged', 'held', 'failed')`,
    ),
    index('sync_runs_newest').on(table.startedAt.desc().nullsFirst()),
    index('sync_runs_by_approved_run').on(table.approvedRunId),
  ],
)

/**
 * What was hidden when it left the bucket, by its place there: should it come back, it comes back hidden.
 * `path` is a folder name, `folder/post`, or a key.
 */
export const takedowns = pgTable(
  'takedowns',
  {
    kind: text('kind', { enum: TAKEDOWN_KINDS }).notNull(),
    path: text('path').notNull(),
    hiddenAt: instant('hidden_at').notNull(),
  },
  (table) => [
    primaryKey({ name: 'takedowns_pkey', columns: [table.kind, table.path] }),
    check('takedowns_kind_known', sql`${table.kind} in ('model', 'post', 'media')`),
  ],
)

/**
 * Every word of three letters or more of creators' names and of titles, public or not: what a mistyped word is
 * corrected to (docs/decisions/0008). Triggers add, `sweep_known_words()` takes away what no text has any more.
 */
export const knownWords = pgTable(
  'known_words',
  {
    word: text('word').primaryKey(),
    /** What is left of the word with one or two letters less: two words that share one are alike. */
    variants: text('variants').array().notNull(),
  },
  (table) => [index('known_words_alike').using('gin', table.variants)],
)
