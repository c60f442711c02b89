import type { LibraryCounts } from '#src/db/library-tables.ts'
import { isNothing } from './sync-report.ts'

/** The owner's limits: more than these would be missing, and the removals wait. */
export interface GuardLimits {
  /** So many media may always go. */
  media: number
  /** Percent of the media that may go. */
  mediaPercent: number
  /** Percent of the creators that may go; one may always go. */
  modelsPercent: number
}

export interface RemovalFacts {
  /** Media files the listing names: one that names other things only is as good as empty. */
  listedMedia: number
  library: LibraryCounts
  removed: LibraryCounts
  /** Where the library came from at the last applied sync, null when there was none. */
  previousSource: string | null
  source: string
  /** The library is our own sample, which gives way to the owner's without a question. */
  replacesSample: boolean
}

export type Release = 'none' | 'allow-deletes' | 'approval'

/**
 * Why the removals must wait for a person, or null when they may go (spec §2, step 3).
 * An empty listing is released by an approval of that very run only.
 */
export function holdReason(facts: RemovalFacts, limits: GuardLimits, release: Release): string | null {
  const { removed, library } = facts
  if (isNothing(removed) || facts.replacesSample || release === 'approval') return null
  if (facts.listedMedia === 0) {
    return `The listing has no media, so all ${count(library.media, 'file')} of ${count(library.models, 'creator')} would go.`
  }
  if (release === 'allow-deletes') return null

  const loss = `${count(removed.media, 'file')} of ${library.media} and ${count(removed.models, 'creator')} of ${library.models} would go`
  if (facts.previousSource !== null && facts.previousSource !== facts.source) {
    return `The source changed from ${facts.previousSource} to ${facts.source}: ${loss}.`
  }
  const isTooMuch =
    removed.media > Math.max(limits.media, (library.media * limits.mediaPercent) / 100) ||
    (removed.models > 1 && removed.models > (library.models * limits.modelsPercent) / 100)
  return isTooMuch ? `More is missing than the guard lets go by itself: ${loss}.` : null
}

const count = (number: number, noun: string) => `${number} ${noun}${number === 1 ? '' : 's'}`
