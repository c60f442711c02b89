import { inArray, sql } from 'drizzle-orm'
import type { Db } from '#src/db/index.ts'
import { adminSettings } from '#src/db/schema.ts'
import { LOGO_EXTENSIONS, type Logo, parseLogo } from './logo.ts'
import { readSetting, type SettingKey, settingValue } from './settings.ts'

/** The settings that every page shows by their values. */
const SHOWN = [
  'site_name',
  'language',
  'accent_color',
  'hero_title',
  'hero_text',
  'footer_text',
  'meta_description',
  'content_rating',
  'age_check',
] as const
/** Those of which a page needs to know only whether they are there, and which they are: they may be long. */
const NAMED = ['terms', 'privacy', 'logo'] as const

export type IdentitySettings = { [Key in (typeof SHOWN)[number]]: ReturnType<typeof settingValue<Key>> } & {
  /** Which text or picture it is, in letters and digits; null when there is none. */
  [Key in (typeof NAMED)[number]]: string | null
}

/** What the owner chose of how the site presents itself, in one query of some hundred bytes. */
export async function readIdentity(db: Db): Promise<IdentitySettings> {
  const isNamed = inArray(adminSettings.key, [...NAMED])
  const rows = await db
    .select({
      key: adminSettings.key,
      value: sql<string>`case when ${isNamed} and ${adminSettings.value} <> ''
        then left(md5(${adminSettings.value}), 12) else ${adminSettings.value} end`,
    })
    .from(adminSettings)
    .where(inArray(adminSettings.key, [...SHOWN, ...NAMED]))
  const stored = new Map(rows.map(({ key, value }) => [key, value]))

  const values = SHOWN.map((key) => [key, settingValue(key as SettingKey, stored.get(key) ?? null)])
  const names = NAMED.map((key) => [key, stored.get(key) || null])
  return Object.fromEntries([...values, ...names])
}

/** Null when the owner has none. */
export async function readLogo(db: Db): Promise<Logo | null> {
  const text = await readSetting(db, 'logo')
  const logo = text === '' ? null : parseLogo(text)
  return typeof logo === 'string' ? null : logo
}

export const logoExtension = ({ contentType }: Pick<Logo, 'contentType'>) => LOGO_EXTENSIONS[contentType]
