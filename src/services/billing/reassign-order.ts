import { eq } from 'drizzle-orm'
import { payments } from '#src/db/billing-tables.ts'
import type { Db } from '#src/db/index.ts'
import { withRetry } from '#src/db/retry.ts'
import { checkouts, users } from '#src/db/schema.ts'
import type { Deps } from '#src/deps.ts'
import { Conflict, InvalidInput, NotFound } from '#src/errors.ts'
import { parseEmail } from '#src/services/accounts/email-address.ts'
import { ensureAccount } from '#src/services/accounts/ensure-account.ts'
import { moveOrders, tellOfMove } from './move-orders.ts'

/**
 * For the owner, when a buyer mistyped their e-mail and cannot correct it any more: the order of a payment, and what it
 * opened, goes to the account of another e-mail, which is opened where there is none, and the receipt is mailed there. The
 * browser that paid watches by it no more, and says no more whose it is.
 * @returns the e-mail as it is kept.
 * @throws InvalidInput when it is no e-mail, NotFound when there is no such payment.
 * @throws Conflict when it gives no access (any more), or is that account's already, or that is shut.
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
      await insistOnOpen(tx, to, email)
      const orders = from === null ? [] : await moveOrders(tx, [id], { from, to, email }, now())
      if (from === null || orders.length === 0) {
        throw new Conflict(`Payment ${paymentId} gives no access that could be given to another account.`)
      }
      // The browser that paid has said whose it is; now the owner has.
      await tx.update(checkouts).set({ sessionId: null }).where(eq(checkouts.id, id))
      await tellOfMove(tx, jobs, id, { from, to })
      return { from, to, orders }
    }),
  )
  jobs.wake('mail')
  log.info(moved, 'an order was moved to another e-mail')
  return email
}

async function insistOnOpen(tx: Db, userId: number, email: string) {
  const [user] = await tx.select({ disabledAt: users.disabledAt }).from(users).where(eq(users.id, userId))
  if (!user?.disabledAt) return
  throw new Conflict(
    `The account of ${email} is shut. Open it first: npx creatorflix members enable ${email}`,
  )
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
