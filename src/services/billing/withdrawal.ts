import type { payments } from '#src/db/billing-tables.ts'

/** Código de Defesa do Consumidor, art. 49: what was bought at a distance can be given back within seven days. */
const WITHDRAWAL_DAYS = 7
const DAY_MS = 86_400_000

/** Until when the buyer may withdraw; null when that is not possible (any more). */
export function withdrawUntil(
  { status, paidAt, isSurplus, refundRequestedAt }: typeof payments.$inferSelect,
  now: Date,
): Date | null {
  if (status !== 'paid' || paidAt === null || isSurplus || refundRequestedAt !== null) return null
  const until = new Date(paidAt.getTime() + WITHDRAWAL_DAYS * DAY_MS)
  return until > now ? until : null
}
