import type { Viewer } from './viewer.ts'

/** `open`: a free site. `members`: originals only for those who paid. */
export const ACCESS_MODES = ['open', 'members'] as const
export type AccessMode = (typeof ACCESS_MODES)[number]

/** Whether this viewer gets links to originals. Every byte that leaves is decided here (spec §3). */
export function canWatch(_viewer: Viewer, mode: AccessMode): boolean {
  return mode === 'open'
}
