import { inArray } from 'drizzle-orm'
import type { Db } from '#src/db/index.ts'
import { adminSettings } from '#src/db/schema.ts'
import { type LockedPreview, settingValue } from '#src/services/settings/settings.ts'
import { SAMPLE_SOURCE } from '#src/storage/open-store.ts'
import type { AccessRules } from './can-watch.ts'

/** The owner's choices that decide what a page shows to whom. */
export interface ViewingRules extends AccessRules {
  lockedPreview: LockedPreview
  /** 0 is no limit. */
  linksPerHour: number
}

/** Their settings, for queries that bring them along. */
export const VIEWING_SETTINGS = ['access', 'age_check', 'locked_preview', 'links_per_hour'] as const

/** @param source of the media store: the sample library is open unless the owner chose otherwise. */
export async function readViewingRules(db: Db, source: string): Promise<ViewingRules> {
  const rows = await db
    .select()
    .from(adminSettings)
    .where(inArray(adminSettings.key, [...VIEWING_SETTINGS]))
  return viewingRules(Object.fromEntries(rows.map(({ key, value }) => [key, value])), source)
}

/** @param stored the texts of `admin_settings`, by key. */
export function viewingRules(stored: Record<string, string>, source: string): ViewingRules {
  const library = { isSample: source === SAMPLE_SOURCE }
  const textOf = (key: (typeof VIEWING_SETTINGS)[number]) => stored[key] ?? null
  const mode = settingValue('access', textOf('access'), library)
  const isUnlimited = mode === 'open' && textOf('links_per_hour') === null
  return {
    mode,
    checksAge: settingValue('age_check', textOf('age_check')) !== 'off',
    lockedPreview: settingValue('locked_preview', textOf('locked_preview')),
    linksPerHour: isUnlimited ? 0 : settingValue('links_per_hour', textOf('links_per_hour')),
  }
}
