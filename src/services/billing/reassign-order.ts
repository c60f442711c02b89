import { eq } from 'drizzle-orm'
import { payments } from '#src/db/billing-tables.ts'
import { withRetry } from '#src/db/retry.ts'
import { checkouts } from '#src/db/schema.ts'
import type { Deps } from '#src/deps.ts'
import { Conflict, InvalidInput, NotFound } from '#src/errors.ts'
import { parseEmail } from '#src/services/accounts/email-address.ts'
import { ensureAccount } from '#src/services/accounts/ensure-account.ts'
import { moveOrders } from './move-orders.ts'
import { lockMembers } from './place-terms.ts'

/**
 * For the owner, when a buyer mistyped their e-mail and cannot correct it any more: the order of a payment, and what it
 * opened, goes to the account of another e-mail, which is opened where there is none, and the receipt is mailed there.
 * @returns the e-mail as it is kept.
 * @throws InvalidInput when it is no e-mail, NotFound when there is no such payment, Conflict when it is not paid (any more).
 */
export async function reassignOrder(
  { database, jobs, now }: Pick<Deps, 'database' | 'jobs' | 'now'>,
  paymentId: number,
  typed: string,
): Promise<string> {
  const email = parseEmail(typed)
  if (email === null) throw new InvalidInput(`${typed} is no e-mail address. It looks like ana@example.com.`)
  await withRetry(() =>
    database.db.transaction(async (tx) => {
      const [row] = await tx
        .select({ order: checkouts, payment: payments })
        .from(checkouts)
        .innerJoin(payments, eq(payments.checkoutId, checkouts.id))
        .where(eq(payments.id, paymentId))
        .for('update')
      if (!row) throw new NotFound(`There is no payment ${paymentId}.`)
      const { order, payment } = row
      if (payment.status !== 'paid' || payment.isSurplus || order.userId === null) {
        throw new Conflict(`Payment ${paymentId} opens nothing that could be given to another account.`)
      }
      const { id, userId: from, customerName: name, language } = order
      const { userId: to } = await ensureAccount(tx, { email, name, language })
      await tx.update(checkouts).set({ customerEmail: email }).where(eq(checkouts.id, id))
      await lockMembers(tx, [from, to])
      if (from !== to) await moveOrders(tx, [id], { from, to }, now())
      await jobs.send(tx, 'mail', { template: 'receipt', userId: to, about: paymentId })
    }),
  )
  jobs.wake('mail')
  return email
}
