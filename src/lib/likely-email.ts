import { typosBetween } from './typos.ts'

/** Where most people in Brazil have their mail. */
const DOMAINS = [
  'gmail.com',
  'hotmail.com',
  'outlook.com',
  'yahoo.com.br',
  'yahoo.com',
  'icloud.com',
  'live.com',
  'bol.com.br',
  'uol.com.br',
  'terra.com.br',
  'hotmail.com.br',
  'outlook.com.br',
]

/** Other places that are as near as a slip of the finger. */
const REAL = new Set([...DOMAINS, 'ymail.com', 'gmx.com', 'mail.com', 'email.com', 'me.com', 'aol.com'])

/** What was probably meant, for an address whose domain is a slip of the finger away from a common one; else null. */
export function likelyEmail(written: string): string | null {
  const [, mailbox, domain] = /^([^\s@]+)@([^\s@]+)$/.exec(written.trim().toLowerCase()) ?? []
  if (!mailbox || !domain || REAL.has(domain)) return null
  const meant = DOMAINS.find((known) => typosBetween(domain, known, 1) <= 1)
  return meant ? `${mailbox}@${meant}` : null
}
