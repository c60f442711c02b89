import { and, eq, exists, inArray, sql } from 'drizzle-orm'
import { payments } from '#src/db/billing-tables.ts'
import type { Db } from '#src/db/index.ts'
import { checkouts } from '#src/db/schema.ts'
import { OPEN_PAYMENTS } from '../states.ts'

/** The order that this browser has begun, and that waits to be paid; null for none. There is one at a time. */
export async function openOrder(
  db: Db,
  sessionId: number,
): Promise<{ publicId: string; planName: string } | null> {
  const charge = db
    .select({ id: payments.id })
    .from(payments)
    .where(and(eq(payments.checkoutId, checkouts.id), inArray(payments.status, [...OPEN_PAYMENTS])))
  const [order] = await db
    .select({ publicId: checkouts.publicId, planName: sql<string>`coalesce(${checkouts.planName}, '')` })
    .from(checkouts)
    .where(and(eq(checkouts.sessionId, sessionId), eq(checkouts.status, 'pending'), exists(charge)))
  return order ?? null
}
