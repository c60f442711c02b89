/** 2^31 − 1, what an integer column of cents holds. */
export const MOST_CENTS = 2_147_483_647

const PLAIN = /^\d+(?:[.,]\d{1,2})?$/
const GROUPED_WITH_DOTS = /^\d{1,3}(?:\.\d{3})+(?:,\d{1,2})?$/
const GROUPED_WITH_COMMAS = /^\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?$/

/**
 * Cents of an amount as people write it: `29.90`, `29,90`, `1.234,56` and `1,234.56`. Null for anything else, and for
 * what cannot be told: `1.234` is a thousand to one reader and a little more than one to another.
 */
export function parseCents(written: string): number | null {
  const text = written.trim()
  if (!PLAIN.test(text) && !GROUPED_WITH_DOTS.test(text) && !GROUPED_WITH_COMMAS.test(text)) return null
  const [, whole = '', decimals = ''] = /^(.*?)(?:[.,](\d{1,2}))?$/.exec(text) ?? []
  if (/^\d{1,3}[.,]\d{3}$/.test(text)) return null
  const cents = Number(whole.replace(/[.,]/g, '')) * 100 + Number(decimals.padEnd(2, '0'))
  return cents <= MOST_CENTS ? cents : null
}

/** `2990` of `BRL` → `R$ 29,90` or `R$29.90`, as the language writes it. */
export function formatCents(cents: number, currency: string, language: string): string {
  return formatOf(currency, language).format(cents / 100)
}

/** Making one takes longer than a page. */
const formats = new Map<string, Intl.NumberFormat>()

function formatOf(currency: string, language: string): Intl.NumberFormat {
  const key = `${language} ${currency}`
  const format = formats.get(key) ?? new Intl.NumberFormat(language, { style: 'currency', currency })
  formats.set(key, format)
  return format
}
