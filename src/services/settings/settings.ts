import { eq, sql } from 'drizzle-orm'
import { z } from 'zod'
import type { Db } from '#src/db/index.ts'
import { adminSettings } from '#src/db/schema.ts'
import type { Env } from '#src/env.ts'
import { InvalidInput, Misconfigured } from '#src/errors.ts'
import { parseCents } from '#src/lib/money.ts'
import { ACCESS_MODES, type AccessMode } from '#src/services/access/can-watch.ts'
import { CONTENT_RATINGS, type ContentRating, colour, document, line, logo } from './brand-schemas.ts'
import { logoText } from './logo.ts'

export const LANGUAGES = ['pt-BR', 'en'] as const
/** What is shown of a post to who may not watch it. */
export const LOCKED_PREVIEWS = ['blurred', 'thumbnail'] as const
export type LockedPreview = (typeof LOCKED_PREVIEWS)[number]
export const AGE_CHECKS = ['off', 'notice', 'provider'] as const
export type AgeCheckMode = (typeof AGE_CHECKS)[number]
const CURRENCIES = new Set(Intl.supportedValuesOf('currency'))

/** What a default may depend on. */
export interface Library {
  /** The library is the one that comes with CreatorFlix, not the owner's. */
  isSample: boolean
}

const OWN_LIBRARY: Library = { isSample: false }

interface Setting<Value> {
  help: string
  /** Text as the owner types it and as `admin_settings` holds it, to the value. */
  schema: z.ZodType<Value, string>
  whenUnset: (library: Library) => Value
}

/** Every setting of the owner, in the order in which they are listed. */
export const SETTINGS = {
  access: setting(
    'Who may watch: open (everybody, a free site) or members (who paid).',
    z.enum(ACCESS_MODES, { error: `must be ${ACCESS_MODES.join(' or ')}` }),
    () => 'members' as AccessMode,
  ),
  locked_preview: setting(
    'What who may not watch sees of a post: blurred (its colours alone) or thumbnail (small pictures).',
    z.enum(LOCKED_PREVIEWS, { error: `must be ${LOCKED_PREVIEWS.join(' or ')}` }),
    () => 'blurred' as LockedPreview,
  ),
  age_check: setting(
    'How visitors confirm their age: off, notice (they say so once), or provider (your own check: nobody enters until AGE_CHECK_MODULE names it).',
    z.enum(AGE_CHECKS, { error: `must be ${AGE_CHECKS.join(' or ')}` }),
    () => 'off' as AgeCheckMode,
  ),
  links_per_hour: setting(
    'To how many originals a visitor gets links in an hour; 0 is no limit. A free site has none unless you choose one.',
    wholeNumber(0, 1_000_000),
    () => 2_000,
  ),
  auto_publish: setting(
    'Whether creators that a sync finds are public at once (true) or wait until you publish them (false).',
    flag(),
    (library) => library.isSample,
  ),
  sync_interval_minutes: setting(
    'How many minutes lie between two syncs; 0 turns the schedule off.',
    wholeNumber(0, 10_080),
    () => 15,
  ),
  sync_guard_media_min: setting(
    'A sync may always remove this many files without being held.',
    wholeNumber(0, 1_000_000_000),
    () => 20,
  ),
  sync_guard_percent: setting(
    'A sync that would remove more than this percentage of the files is held until you approve it.',
    wholeNumber(0, 100),
    () => 10,
  ),
  sync_guard_models_percent: setting(
    'A sync that would remove more than this percentage of the creators, and more than one, is held.',
    wholeNumber(0, 100),
    () => 10,
  ),
  site_name: setting(
    'The name of your site, in its header and titles.',
    line(60).min(1, 'must not be empty'),
    () => 'CreatorFlix',
  ),
  logo: setting(
    'Your logo, a PNG, WebP, JPEG or SVG of at most 200 kB, given by --file; best square and 512 pixels or more.',
    logo(),
    () => '',
  ),
  accent_color: setting(
    'The colour of your brand, such as #e5484d; text in it gets a lighter or darker shade where it could not be read.',
    colour(),
    () => '',
  ),
  hero_title: setting('What the home page says in large letters; empty is a welcome.', line(80), () => ''),
  hero_text: setting('What the home page says below that; empty is a sentence of ours.', line(300), () => ''),
  footer_text: setting(
    'A line of yours at the foot of every page, such as your company and its number.',
    line(300),
    () => '',
  ),
  meta_description: setting(
    'What search engines say of your site, best in 150 characters.',
    line(300),
    () => '',
  ),
  content_rating: setting(
    'For whom your content is: general, or from 14, 16 or 18 years on.',
    z.enum(CONTENT_RATINGS, { error: `must be ${CONTENT_RATINGS.slice(0, -1).join(', ')} or 18` }),
    () => 'general' as ContentRating,
  ),
  terms: setting(
    'Your terms of use at /terms, in Markdown, best given by --file terms.md.',
    document(),
    () => '',
  ),
  privacy: setting(
    'What you do with data of visitors, at /privacy, in Markdown, best given by --file privacy.md.',
    document(),
    () => '',
  ),
  language: setting(
    'The language of the site.',
    z.enum(LANGUAGES, { error: `must be ${LANGUAGES.join(' or ')}` }),
    () => 'pt-BR',
  ),
  currency: setting(
    'The currency of every price, as three letters (ISO 4217).',
    z.string().refine((code) => CURRENCIES.has(code), 'must be a currency such as BRL or USD'),
    () => 'BRL',
  ),
  bump: setting(
    'Whether buyers are offered something beside their plan (true): bump_name for bump_price, on a line of its own.',
    flag(),
    () => false,
  ),
  bump_name: setting('What is offered beside a plan, such as "All wallpapers".', line(60), () => ''),
  bump_price: setting('What that costs, such as 9.90.', price(), () => ''),
}

export type SettingKey = keyof typeof SETTINGS
export type SettingValue<Key extends SettingKey> = ReturnType<(typeof SETTINGS)[Key]['whenUnset']>

export interface SettingState {
  key: SettingKey
  value: SettingValue<SettingKey>
  /** Whether the owner chose the value; otherwise it is the default. */
  chosen: boolean
  default: SettingValue<SettingKey>
  help: string
}

/** Whether neither `MEDIA_DIR` nor `S3_BUCKET` names a library of the owner. */
export const libraryOf = (env: Pick<Env, 'MEDIA_DIR' | 'S3_BUCKET'>): Library => ({
  isSample: !env.MEDIA_DIR && !env.S3_BUCKET,
})

/**
 * The value the owner chose, else the default. Without `library`, the default for an owner's library, which is the
 * cautious one: `members`, and nothing published by itself.
 * @throws Misconfigured when the stored text is no value of this setting.
 */
export async function readSetting<Key extends SettingKey>(
  db: Db,
  key: Key,
  library = OWN_LIBRARY,
): Promise<SettingValue<Key>> {
  const [row] = await db.select().from(adminSettings).where(eq(adminSettings.key, key))
  return settingValue(key, row?.value ?? null, library)
}

/** As `readSetting`, for a query that brings the stored text along; null is a setting that was never chosen. */
export function settingValue<Key extends SettingKey>(
  key: Key,
  stored: string | null,
  library = OWN_LIBRARY,
): SettingValue<Key> {
  const value = stored === null ? SETTINGS[key].whenUnset(library) : storedValue(key, stored)
  return value as SettingValue<Key>
}

/** Every setting with its value, in the order of `SETTINGS`. */
export async function allSettings(db: Db, library = OWN_LIBRARY): Promise<SettingState[]> {
  const rows = await db.select().from(adminSettings)
  const stored = new Map(rows.map((row) => [row.key, row.value]))
  return settingKeys().map((key) => {
    const text = stored.get(key)
    const { help, whenUnset } = SETTINGS[key]
    const usual = whenUnset(library)
    const value = text === undefined ? usual : storedValue(key, text)
    return { key, value, chosen: text !== undefined, default: usual, help }
  })
}

/**
 * Stores what the owner typed.
 * @returns the value as it will be read.
 * @throws InvalidInput naming the setting and what it takes.
 */
export async function writeSetting<Key extends SettingKey>(
  db: Db,
  key: Key,
  text: string,
): Promise<SettingValue<Key>> {
  const parsed = SETTINGS[key].schema.safeParse(text)
  if (!parsed.success) throw new InvalidInput(`${key} ${problems(parsed.error)}; ${quoted(text)} is not.`)

  await db
    .insert(adminSettings)
    .values({ key, value: String(parsed.data) })
    .onConflictDoUpdate({ target: adminSettings.key, set: { value: sql`excluded.value` } })
  return parsed.data as SettingValue<Key>
}

/**
 * The content of a file as the text of this setting: a logo's picture, otherwise what is written in it.
 * @throws InvalidInput when it holds no text.
 */
export function textOfFile(key: SettingKey, bytes: Uint8Array): string {
  if (key === 'logo') return logoText(bytes)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new InvalidInput(`The file for ${key} must be text in UTF-8.`, { cause })
  }
}

/** A value as a list shows it: of many lines or many characters, the beginning; of a picture, what it is. */
export function shortened(value: unknown): string {
  const text = String(value)
  if (text === '') return 'none'
  const picture = /^data:(image\/[a-z+]+);base64,/.exec(text)?.[1]
  if (picture) return `${picture}, ${Math.ceil((text.length * 3) / 4 / 1000)} kB`
  const [first = ''] = text.split('\n', 1)
  const shown = [...first].slice(0, LONGEST_SHOWN).join('')
  return shown === text ? text : `${shown.trimEnd()}… (${text.length.toLocaleString('en')} characters)`
}

const LONGEST_SHOWN = 72

function quoted(text: string) {
  if (text.startsWith('data:')) return 'this file'
  return text === '' ? '""' : `"${shortened(text)}"`
}

/** Forgets what the owner chose: the default counts again. */
export async function clearSetting(db: Db, key: SettingKey): Promise<void> {
  await db.delete(adminSettings).where(eq(adminSettings.key, key))
}

export const settingKeys = () => Object.keys(SETTINGS) as SettingKey[]

/** @throws InvalidInput listing the settings there are. */
export function settingKey(name: string): SettingKey {
  const key = settingKeys().find((key) => key === name)
  if (key) return key
  throw new InvalidInput(`There is no setting "${name}". There are: ${settingKeys().join(', ')}.`)
}

function storedValue(key: SettingKey, text: string) {
  const parsed = SETTINGS[key].schema.safeParse(text)
  if (parsed.success) return parsed.data
  throw new Misconfigured(
    `The setting ${key} holds ${quoted(text)}, but it ${problems(parsed.error)}. Correct it: npx creatorflix settings set ${key} VALUE`,
  )
}

const problems = (error: z.ZodError) => error.issues.map((issue) => issue.message).join(' and ')

function setting<Value>(
  help: string,
  schema: z.ZodType<Value, string>,
  whenUnset: (library: Library) => Value,
): Setting<Value> {
  return { help, schema, whenUnset }
}

function flag() {
  return z.enum(['true', 'false'], { error: 'must be true or false' }).transform((text) => text === 'true')
}

/** Kept as `19.90`, however it was typed. */
function price() {
  return z
    .string()
    .refine((text) => text === '' || parseCents(text) !== null, 'must be a price such as 9.90')
    .transform((text) => (text === '' ? '' : ((parseCents(text) ?? 0) / 100).toFixed(2)))
}

function wholeNumber(min: number, max: number) {
  return z
    .string()
    .regex(/^\d{1,10}$/, 'must be a whole number')
    .transform(Number)
    .refine((number) => number >= min && number <= max, `must be between ${min} and ${max}`)
}
