import { eq } from 'drizzle-orm'
import { payments } from '#src/db/billing-tables.ts'
import type { Db } from '#src/db/index.ts'
import { withRetry } from '#src/db/retry.ts'
import { checkouts } from '#src/db/schema.ts'
import type { Deps } from '#src/deps.ts'
import { Conflict, InvalidInput, NotFound } from '#src/errors.ts'
import { parseEmail } from '#src/services/accounts/email-address.ts'
import { ensureAccount } from '#src/services/accounts/ensure-account.ts'
import { moveOrders } from './move-orders.ts'

/**
 * For the owner, when a buyer mistyped their e-mail and cannot correct it any more: the order of a payment, and what it
 * opened, goes to the account of another e-mail, which is opened where there is none, and the receipt is mailed there.
 * @returns the e-mail as it is kept.
 * @throws InvalidInput when it is no e-mail, NotFound when there is no such payment.
 * @throws Conflict when it gives no access (any more), or is that account's already.
 */
export async function reassignOrder(
  { database, jobs, log, now }: Pick<Deps, 'database' | 'jobs' | 'log' | 'now'>,
  paymentId: number,
  typed: string,
): Promise<string> {
  const email = parseEmail(typed)
  if (email === null) throw new InvalidInput(`${typed} is no e-mail address. It looks like ana@example.com.`)
  const moved = await withRetry(() =>
    database.db.transaction(async (tx) => {
      const { id, userId: from, customerName: name, language } = await lockOrder(tx, paymentId)
      const { userId: to } = await ensureAccount(tx, { email, name, language })
      if (from === to) throw new Conflict(`Payment ${paymentId} is that of ${email} already.`)
      const orders = from === null ? [] : await moveOrders(tx, jobs, [id], { from, to, email }, now())
      if (orders.length === 0) {
        throw new Conflict(`Payment ${paymentId} gives no access that could be given to another account.`)
      }
      return { from, to, orders }
    }),
  )
  jobs.wake('mail')
  log.info(moved, 'an order was moved to another e-mail')
  return email
}

async function lockOrder(tx: Db, paymentId: number) {
  const [row] = await tx
    .select({ order: checkouts })
    .from(checkouts)
    .innerJoin(payments, eq(payments.checkoutId, checkouts.id))
    .where(eq(payments.id, paymentId))
    .for('update', { of: checkouts })
  if (!row) throw new NotFound(`There is no payment ${paymentId}. See: npx creatorflix members orders`)
  return row.order
}
