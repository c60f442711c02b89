import type { Viewer } from './viewer.ts'

/** `open`: a free site. `members`: originals only for those who paid. */
export const ACCESS_MODES = ['open', 'members'] as const
export type AccessMode = (typeof ACCESS_MODES)[number]

/** What the owner decided, as far as it bears on who may watch. */
export interface AccessRules {
  mode: AccessMode
  /** Whether visitors have to pass an age check first. */
  checksAge: boolean
}

/** Whether this viewer gets links to originals. Every byte that leaves is decided here (spec §3). */
export function canWatch(viewer: Viewer, { mode, checksAge }: AccessRules, now: Date): boolean {
  if (checksAge && !viewer.agePassed) return false
  return mode === 'open' || viewer.role === 'admin' || hasPaid(viewer, now)
}

const hasPaid = ({ accessUntil }: Viewer, now: Date) => accessUntil !== null && accessUntil > now
