import { and, asc, eq } from 'drizzle-orm'
import type { Db } from '#src/db/index.ts'
import { withRetry } from '#src/db/retry.ts'
import { checkouts, users } from '#src/db/schema.ts'
import type { Deps } from '#src/deps.ts'
import { Conflict } from '#src/errors.ts'
import type { AccountDeps, Sender } from '#src/services/accounts/account-deps.ts'
import { ensureAccount } from '#src/services/accounts/ensure-account.ts'
import { ownCheckout } from './checkout-state.ts'
import { mayCorrectEmail } from './email-correction.ts'
import { moveOrders, tellOfMove } from './move-orders.ts'

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
  await countTry(deps, sender, { email, from, publicId })

  const account = { email, name: own.customerName, language: own.language }
  const moved = await withRetry(() =>
    db.transaction(async (tx) => {
      const bought = await lockBought(tx, guest.sessionId, from)
      const { userId: to } = await ensureAccount(tx, account)
      // The e-mail was right: its receipt may have gone astray all the same.
      const orders = from === to ? bought : await moveOrders(tx, bought, { from, to, email }, deps.now())
      if (!orders.includes(own.id)) throw tooLate()
      await tellOfMove(tx, deps.jobs, own.id, { from, to })
      return { from, to, orders }
    }),
  )
  deps.jobs.wake('mail')
  deps.log.info(moved, 'the e-mail of what a guest has paid for was corrected')
}

/** By whom the mails go to, the right address and the wrong one, and by the order, however many networks it is sent from. */
async function countTry(
  { attempts, database }: AccountDeps,
  sender: Sender,
  { email, from, publicId }: { email: string; from: number; publicId: string },
) {
  await attempts.count('mail', { email, ...sender })
  const [former] = await database.db.select({ email: users.email }).from(users).where(eq(users.id, from))
  const order = `order ${publicId}`
  // The network has been counted; it is not counted again.
  for (const by of new Set([order, former?.email ?? email]))
    if (by !== email) await attempts.count('mail', { email: by, network: order, mark: null })
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
