import { and, asc, eq } from 'drizzle-orm'
import { terms } from '#src/db/billing-tables.ts'
import type { Db } from '#src/db/index.ts'
import { withRetry } from '#src/db/retry.ts'
import { checkouts } from '#src/db/schema.ts'
import type { Deps } from '#src/deps.ts'
import { Conflict } from '#src/errors.ts'
import type { JobQueue } from '#src/jobs/job-queue.ts'
import type { AccountDeps, Sender } from '#src/services/accounts/account-deps.ts'
import { ensureAccount } from '#src/services/accounts/ensure-account.ts'
import { ownCheckout } from './checkout-state.ts'
import { mayCorrectEmail } from './email-correction.ts'
import { moveOrders } from './move-orders.ts'

/**
 * For who mistyped their e-mail: what this browser has paid for goes to the account of the right one, as if it had been
 * typed at once, and the receipt is mailed there. The same is done whichever of the two e-mails has an account.
 * @throws NotFound when the order is another's.
 * @throws Conflict when it gives no access (any more), or was paid too long ago.
 * @throws TooManyRequests
 */
export async function correctEmail(
  deps: AccountDeps & Pick<Deps, 'now'>,
  guest: { sessionId: number },
  publicId: string,
  email: string,
  sender: Sender,
): Promise<void> {
  const { db } = deps.database
  const own = await ownCheckout(db, { userId: null, ...guest }, publicId)
  const { userId: from } = own
  if (from === null || !mayCorrectEmail(own, { userId: null, ...guest }, deps.now())) throw tooLate()
  await deps.attempts.count('mail', { email, ...sender })

  const account = { email, name: own.customerName, language: own.language }
  const moved = await withRetry(() =>
    db.transaction(async (tx) => {
      const bought = await lockBought(tx, guest.sessionId, from)
      const { userId: to } = await ensureAccount(tx, account)
      if (from === to) return sendAgain(tx, deps.jobs, own.id, to)
      const orders = await moveOrders(tx, deps.jobs, bought, { from, to, email }, deps.now())
      if (!orders.includes(own.id)) throw tooLate()
      return { from, to, orders }
    }),
  )
  deps.jobs.wake('mail')
  if (moved) deps.log.info(moved, 'orders of a guest were moved to another e-mail')
}

/** The e-mail was right: its receipt may have gone astray all the same. */
async function sendAgain(tx: Db, jobs: JobQueue, checkoutId: number, userId: number): Promise<null> {
  const [term] = await tx
    .select({ about: terms.paymentId })
    .from(terms)
    .where(eq(terms.checkoutId, checkoutId))
  if (!term?.about) throw tooLate()
  await jobs.send(tx, 'mail', { template: 'receipt', userId, about: term.about })
  return null
}

/** What the browser has paid for under the same e-mail; locked before their users, as settling does. */
async function lockBought(tx: Db, sessionId: number, userId: number): Promise<number[]> {
  const own = and(
    eq(checkouts.sessionId, sessionId),
    eq(checkouts.userId, userId),
    eq(checkouts.status, 'paid'),
  )
  const bought = await tx
    .select({ id: checkouts.id })
    .from(checkouts)
    .where(own)
    .orderBy(asc(checkouts.id))
    .for('update')
  return bought.map(({ id }) => id)
}

const tooLate = () => new Conflict('The e-mail of this order cannot be changed any more.')
