import type { LibraryCounts } from '#src/db/library-tables.ts'

export type SyncPhase = 'listing' | 'deciding' | 'confirming' | 'applying'

export interface SyncProgress {
  phase: SyncPhase
  /** Objects seen so far. */
  listed: number
}

export interface SyncOptions {
  /** Who asks: cli, schedule, start. */
  startedBy: string
  /** Decide and report, change nothing. */
  dryRun?: boolean
  /** Release removals that the guard would hold; an empty listing needs `approve`. */
  allowDeletes?: boolean
  /** The id of a held run whose removals are approved, if the bucket still says the same. */
  approve?: string
  onProgress?: (progress: SyncProgress) => void
  signal?: AbortSignal
}

export interface QuarantinedKey {
  key: string
  reason: string
}

/** What a dry run names, at most `PLAN_NAMES` of each. */
export interface SyncPlanNames {
  added: { models: string[]; posts: string[]; media: string[] }
  changed: { models: string[]; media: string[] }
  removed: { models: string[]; posts: string[]; media: string[] }
}

/** How a sync went. */
export interface SyncReport {
  status: 'applied' | 'unchanged' | 'held' | 'failed'
  listed: number
  added: LibraryCounts
  changed: LibraryCounts
  removed: LibraryCounts
  /** Objects that are no media, in all and by the reason. */
  ignored: number
  ignoredBy: Record<string, number>
  quarantined: QuarantinedKey[]
  /** What waits for an approval. */
  held: LibraryCounts | null
  /** Why it was held or failed, or what a reader should know; null when there is nothing to say. */
  reason: string | null
  /** The run's row, null for a dry run and for one that found another running. */
  run: string | null
  durationMs: number
  /** Creators that are in the library but not published. */
  unpublished: number
  plan?: SyncPlanNames
}

export const NOTHING: LibraryCounts = { models: 0, posts: 0, media: 0 }

export const isNothing = ({ models, posts, media }: LibraryCounts) => models + posts + media === 0
