import { COMMON_PASSWORDS } from './common-passwords.ts'

/** Characters. The many rights of an admin ask for more. */
export const SHORTEST = { user: 8, admin: 12 } as const
export const LONGEST = 256

/** Beyond, nothing is read any further: hashing it would take a while, and nobody types it. */
const MOST_BYTES = 1_024

export type PasswordFault = 'missing' | 'short' | 'long' | 'common' | 'guessable' | 'characters'

/** What a password must not be: everybody's first guesses. */
export interface Owner {
  role: 'user' | 'admin'
  email: string
  siteName: string
}

/** What is wrong with a new password, or null. It is taken as it was typed: nothing is cut or changed. */
export function passwordFault(password: string, { role, email, siteName }: Owner): PasswordFault | null {
  if (password === '') return 'missing'
  if (isTooLongToRead(password) || [...password].length > LONGEST) return 'long'
  if (password.includes('\0')) return 'characters'
  if ([...password].length < SHORTEST[role]) return 'short'
  const [localPart = ''] = email.split('@')
  const guesses = [siteName, localPart, email, 'creatorflix'].map(core).filter((word) => word.length > 2)
  if (guesses.includes(core(password))) return 'guessable'
  return isCommon(password) ? 'common' : null
}

/** For who signs in: nothing longer was ever accepted, so it is refused before any work. */
export const isTooLongToRead = (password: string) => Buffer.byteLength(password) > MOST_BYTES

/**
 * What is left of a password without the ornaments that everybody adds: `Senha@2024!` → `senha`. One that is nothing
 * but digits stays as it is.
 */
function core(password: string): string {
  const inner = password
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/^\P{L}+|\P{L}+$/gu, '')
  const word = [...inner].map((letter) => LOOKALIKES[letter] ?? letter).join('')
  return word.replaceAll(/\P{L}+/gu, '') || password
}

const LOOKALIKES: Record<string, string> = {
  '@': 'a',
  '4': 'a',
  '0': 'o',
  $: 's',
  '5': 's',
  '3': 'e',
  '1': 'i',
}

function isCommon(password: string): boolean {
  const lower = password.toLowerCase()
  return COMMON_PASSWORDS.has(lower) || COMMON_PASSWORDS.has(core(password)) || isMonotonous(lower)
}

/** One piece again and again, or a walk along the alphabet, the digits or a row of keys. */
function isMonotonous(lower: string): boolean {
  if (/^(.{1,4}?)\1+.{0,3}$/su.test(lower) && new Set(lower).size <= 4) return true
  return WALKS.some((walk) => walk.includes(lower))
}

const ROWS = ['abcdefghijklmnopqrstuvwxyz', '01234567890123456789', 'qwertyuiopasdfghjklzxcvbnm']
const WALKS = ROWS.flatMap((row) => [row, [...row].reverse().join('')])
