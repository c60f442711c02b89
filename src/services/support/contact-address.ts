import { InvalidInput } from '#src/errors.ts'

/** What the site knows an icon for. */
export const CONTACT_KINDS = ['whatsapp', 'telegram', 'email', 'link'] as const
export type ContactKind = (typeof CONTACT_KINDS)[number]

const LONGEST_ADDRESS = 500
const E_MAIL = /^[^\s@<>"?&%/:]+@[^\s@<>"?&%/:]+\.[^\s@<>"?&%/:.]+$/

/** Where only the service itself answers, so that a link does what its icon says. */
const HOSTS: Partial<Record<ContactKind, string[]>> = {
  whatsapp: ['wa.me', 'api.whatsapp.com', 'chat.whatsapp.com', 'whatsapp.com', 'www.whatsapp.com'],
  telegram: ['t.me', 'telegram.me'],
}

const EXAMPLES: Record<ContactKind, string> = {
  whatsapp: 'a phone number with its country, such as +55 11 91234-5678, or https://wa.me/5511912345678',
  telegram: 'a name such as @films, or https://t.me/films',
  email: 'an address such as help@films.example',
  link: 'a link such as https://films.example/help',
}

export function contactKind(platform: string): ContactKind {
  const name = platform.toLowerCase().replaceAll(/[^a-z]/g, '')
  if (name === 'email' || name === 'mail') return 'email'
  return CONTACT_KINDS.find((kind) => kind === name) ?? 'link'
}

/**
 * What people write as an address, as a link that is safe to follow.
 * @throws InvalidInput saying what the platform takes.
 */
export function contactAddress(platform: string, written: string): string {
  const kind = contactKind(platform)
  const address = asLink(kind, written.trim())
  if (isContactAddress(address) && isOfKind(kind, address)) return address
  throw new InvalidInput(`The address of ${platform.trim()} must be ${EXAMPLES[kind]}.`)
}

/** Whether pages may link to it: another page over HTTPS, or an e-mail to somebody. */
export function isContactAddress(address: string): boolean {
  if (address.length > LONGEST_ADDRESS || /[\s\p{Cc}\p{Cf}]/u.test(address) || !URL.canParse(address))
    return false
  const { protocol, username, password, pathname, hostname } = new URL(address)
  if (protocol === 'mailto:') return E_MAIL.test(pathname)
  return (
    protocol === 'https:' && /^https:\/\/[^/\\]/i.test(address) && !username && !password && hostname !== ''
  )
}

function asLink(kind: ContactKind, written: string): string {
  const digits = written.replaceAll(/[\s().-]/g, '')
  if (kind === 'whatsapp' && /^\+?\d{8,15}$/.test(digits)) return `https://wa.me/${digits.replace('+', '')}`
  if (kind === 'telegram' && /^@\w{3,32}$/.test(written)) return `https://t.me/${written.slice(1)}`
  if (kind === 'email' && E_MAIL.test(written)) return `mailto:${written}`
  return written
}

function isOfKind(kind: ContactKind, address: string) {
  const { protocol, hostname } = new URL(address)
  if (kind === 'email') return protocol === 'mailto:' || protocol === 'https:'
  const hosts = HOSTS[kind]
  return hosts === undefined || hosts.includes(hostname)
}
