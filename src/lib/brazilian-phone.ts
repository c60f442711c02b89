/** Every area code there is (Anatel, Resolução 749/2022). */
const AREA_CODES = new Set(
  (
    '11 12 13 14 15 16 17 18 19 21 22 24 27 28 31 32 33 34 35 37 38 41 42 43 44 45 46 47 48 49 51 53 54 55 ' +
    '61 62 63 64 65 66 67 68 69 71 73 74 75 77 79 81 82 83 84 85 86 87 88 89 91 92 93 94 95 96 97 98 99'
  ).split(' '),
)

/** What people put between the digits, and what comes along when a number is pasted. */
const BETWEEN = /[\s().\p{Pd}\p{Cf}]/gu

export type PhoneMistake = 'phone_country' | 'phone_length' | 'phone_area' | 'phone_number'

/**
 * A Brazilian number as people write it, to its ten or eleven digits, area code first: `+55 (11) 91234-5678` and
 * `011 91234 5678` are `11912345678`. Otherwise what is wrong with it.
 */
export function readBrazilianPhone(written: string): { phone: string } | { mistake: PhoneMistake } {
  const plain = written.normalize('NFKC').replace(BETWEEN, '')
  const isAbroad = /^(\+|00)(?!0*55)/.test(plain)
  if (isAbroad) return { mistake: 'phone_country' }
  const phone = withoutPrefix(plain)
  if (!/^\d{10,11}$/.test(phone)) return { mistake: 'phone_length' }
  if (!AREA_CODES.has(phone.slice(0, 2))) return { mistake: 'phone_area' }
  return isSubscriber(phone.slice(2)) ? { phone } : { mistake: 'phone_number' }
}

/** `55` in front of ten or eleven digits is the country; alone it is an area code of Rio Grande do Sul. */
function withoutPrefix(plain: string): string {
  const national = plain.replace(/^(?:\+|00)55/, '')
  if (national !== plain) return national.replace(/^0/, '')
  if (/^55\d{10,11}$/.test(plain)) return plain.slice(2)
  return plain.replace(/^0(?=\d{10,11}$)/, '')
}

/** Mobile numbers have nine digits and begin with 9; others have eight and begin with 2 to 5. */
const isSubscriber = (number: string) => /^(9\d{8}|[2-5]\d{7})$/.test(number)
