import { createHmac, randomBytes } from 'node:crypto'
import { link, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { eq } from 'drizzle-orm'
import type { Db } from '#src/db/index.ts'
import { adminSettings } from '#src/db/schema.ts'
import type { Env } from '#src/env.ts'
import { Misconfigured } from '#src/errors.ts'

const FINGERPRINT_KEY = 'app_secret_fingerprint'
const FILE = 'app-secret'

/** `APP_SECRET`, else the one kept in `DATA_DIR`, which is made at the first start and readable by its owner only. */
export async function appSecret(env: Pick<Env, 'APP_SECRET' | 'DATA_DIR'>): Promise<string> {
  if (env.APP_SECRET) return env.APP_SECRET
  const file = path.join(env.DATA_DIR, FILE)
  const kept = (await readIfThere(file)) ?? (await makeSecret(file))
  if (kept.length >= 32) return kept
  throw new Misconfigured(`${file} holds no secret. Restore it from a backup, or set APP_SECRET.`)
}

/**
 * Remembers the secret of the first start by its fingerprint and refuses any other: what the first one signed and
 * sealed would be lost.
 * @throws Misconfigured
 */
export async function insistOnSameSecret(db: Db, secret: string): Promise<void> {
  const fingerprint = fingerprintOf(secret)
  await db.insert(adminSettings).values({ key: FINGERPRINT_KEY, value: fingerprint }).onConflictDoNothing()
  const [kept] = await db.select().from(adminSettings).where(eq(adminSettings.key, FINGERPRINT_KEY))
  if (kept?.value === fingerprint) return
  throw new Misconfigured(
    'The secret is not the one this database was set up with. Set APP_SECRET to that one, the same on every node; ' +
      `without APP_SECRET it is the content of ${FILE} in DATA_DIR. When it is lost: npx creatorflix start --new-secret`,
  )
}

/** From now on this secret counts: links signed with the former one end, and what it sealed cannot be opened again. */
export async function adoptSecret(db: Db, secret: string): Promise<void> {
  const value = fingerprintOf(secret)
  await db
    .insert(adminSettings)
    .values({ key: FINGERPRINT_KEY, value })
    .onConflictDoUpdate({ target: adminSettings.key, set: { value } })
}

const fingerprintOf = (secret: string) =>
  createHmac('sha256', secret).update('creatorflix fingerprint').digest('hex')

/** Linked into place when it is whole: of two that start at once one wins, and both read the same. */
async function makeSecret(file: string): Promise<string> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 })
  const draft = await mkdtemp(`${file}-`)
  try {
    await writeFile(path.join(draft, FILE), randomBytes(32).toString('hex'), { mode: 0o600 })
    await link(path.join(draft, FILE), file).catch(unlessThere)
  } finally {
    await rm(draft, { recursive: true })
  }
  return readFile(file, 'utf8')
}

function readIfThere(file: string): Promise<string | null> {
  return readFile(file, 'utf8').then(
    (text) => text.trim(),
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null
      throw new Misconfigured(`The secret in ${file} cannot be read: ${error.message}`, { cause: error })
    },
  )
}

function unlessThere(error: NodeJS.ErrnoException) {
  if (error.code !== 'EEXIST') throw error
}
