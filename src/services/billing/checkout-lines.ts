import type { checkouts } from '#src/db/schema.ts'
import type { Line } from './views.ts'

type Checkout = typeof checkouts.$inferSelect

/** What was bought, a line each: the plan, and the bump where there is one. */
export function linesOf(
  checkout: Pick<Checkout, 'planName' | 'planCents' | 'bumpName' | 'bumpCents' | 'totalAmount'>,
): Line[] {
  const { planName, planCents, bumpName, bumpCents, totalAmount } = checkout
  const plan = { name: planName ?? '', cents: planCents ?? totalAmount }
  return bumpName === null || bumpCents === null ? [plan] : [plan, { name: bumpName, cents: bumpCents }]
}
