import { hkdfSync } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Env } from '#src/env.ts'
import { Misconfigured } from '#src/errors.ts'

const KEY_BYTES = 32
/** Of 32 random bytes fewer are different about never. */
const FEWEST_DIFFERENT_BYTES = 16

/**
 * What secrets and buyers' documents are sealed with: the key in ENCRYPTION_KEY_FILE, else one that follows from the
 * secret of the site.
 * @throws Misconfigured when the file holds no key.
 */
export async function sealKeyOf(env: Pick<Env, 'ENCRYPTION_KEY_FILE'>, secret: string): Promise<Buffer> {
  if (env.ENCRYPTION_KEY_FILE === undefined) {
    return Buffer.from(hkdfSync('sha256', secret, '', 'creatorflix sealing', KEY_BYTES))
  }
  const key = keyIn(await textOf(env.ENCRYPTION_KEY_FILE))
  if (key && new Set(key).size >= FEWEST_DIFFERENT_BYTES) return key
  throw new Misconfigured(
    `ENCRYPTION_KEY_FILE ${env.ENCRYPTION_KEY_FILE} must hold 32 random bytes in hexadecimal or base64: openssl rand -hex 32`,
  )
}

async function textOf(file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).trim()
  } catch (cause) {
    throw new Misconfigured(`ENCRYPTION_KEY_FILE ${file} cannot be read: ${(cause as Error).message}`, {
      cause,
    })
  }
}

function keyIn(text: string): Buffer | null {
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, 'hex')
  const key = Buffer.from(text, 'base64')
  return key.length === KEY_BYTES && key.toString('base64') === text ? key : null
}
