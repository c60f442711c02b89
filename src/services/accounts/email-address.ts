import { domainToASCII } from 'node:url'
import { z } from 'zod'

/** RFC 5321 §4.5.3.1.3, without the angle brackets. */
export const LONGEST_EMAIL = 254

const address = z.email()

/** As accounts are found by it: without spaces around, in lower case. */
export const normalEmail = (typed: string): string => typed.trim().toLowerCase()

/** The address in its one form, its domain in ASCII, or null for what mail cannot be sent to. */
export function parseEmail(typed: string): string | null {
  const at = typed.lastIndexOf('@')
  const domain = domainToASCII(typed.slice(at + 1).trim())
  const email = normalEmail(`${typed.slice(0, at + 1)}${domain}`)
  return email.length <= LONGEST_EMAIL && address.safeParse(email).success ? email : null
}
