import { and, asc, eq, inArray } from 'drizzle-orm'
import { payments } from '#src/db/billing-tables.ts'
import type { Db } from '#src/db/index.ts'
import { withRetry } from '#src/db/retry.ts'
import { checkouts, users } from '#src/db/schema.ts'
import type { Deps } from '#src/deps.ts'
import { Conflict } from '#src/errors.ts'
import type { AccountDeps, Sender } from '#src/services/accounts/account-deps.ts'
import { ensureAccount } from '#src/services/accounts/ensure-account.ts'
import { ownCheckout } from './checkout-state.ts'
import { mayCorrectEmail } from './email-correction.ts'
import { moveOrders } from './move-orders.ts'
import { lockMembers } from './place-terms.ts'

type Checkout = typeof checkouts.$inferSelect

/**
 * For who mistyped their e-mail: what this browser has paid for goes to the account of the right one, as if it had been
 * typed at once, and the receipt is mailed there. From an account that has been claimed nothing is taken, whoever sits
 * at the browser that paid; nobody is told, for nobody may learn whether an e-mail has an account.
 * @throws NotFound when the order is another's.
 * @throws Conflict when it is not paid, or was paid too long ago.
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
  if (!mayCorrectEmail(own, { userId: null, ...guest }, deps.now())) {
    throw new Conflict('The e-mail of this order cannot be changed any more.')
  }
  await deps.attempts.count('mail', { email, ...sender })
  const account = { email, name: own.customerName, language: own.language }
  await withRetry(() =>
    db.transaction(async (tx) => {
      const bought = await lockBought(tx, guest.sessionId, own)
      const { userId } = await ensureAccount(tx, account)
      await readdress(tx, bought, { from: own.userId, to: userId, email }, deps.now())
      const [paid] = await tx.select({ id: payments.id }).from(payments).where(hasSettled(own.id))
      // The letter is written only to whom the order belongs then.
      if (paid) await deps.jobs.send(tx, 'mail', { template: 'receipt', userId, about: paid.id })
    }),
  )
  deps.jobs.wake('mail')
}

/** What the browser has paid for under the same e-mail; locked before their users, as settling does. */
async function lockBought(tx: Db, sessionId: number, { userId }: Checkout): Promise<number[]> {
  if (userId === null) return []
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

async function readdress(
  tx: Db,
  bought: number[],
  { from, to, email }: { from: number | null; to: number; email: string },
  now: Date,
) {
  await tx.update(checkouts).set({ customerEmail: email }).where(inArray(checkouts.id, bought))
  if (from === null || from === to) return
  await lockMembers(tx, [from, to])
  if (!(await isClaimed(tx, from))) await moveOrders(tx, bought, { from, to }, now)
}

async function isClaimed(tx: Db, userId: number): Promise<boolean> {
  const [user] = await tx.select({ claimedAt: users.claimedAt }).from(users).where(eq(users.id, userId))
  return user?.claimedAt !== null
}

const hasSettled = (checkoutId: number) =>
  and(eq(payments.checkoutId, checkoutId), eq(payments.status, 'paid'), eq(payments.isSurplus, false))
