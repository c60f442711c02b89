import { formatCents } from '#src/lib/money.ts'
import { usePage } from '../render.tsx'

/** Writes cents of this currency as the page's language does: `29.90` or `29,90`. */
export function usePrice(currency: string) {
  const { language } = usePage()
  return (cents: number) => formatCents(cents, currency, language)
}
