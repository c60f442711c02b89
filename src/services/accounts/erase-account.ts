import { randomBytes } from 'node:crypto'
import { and, asc, eq, exists, inArray, isNull, or } from 'drizzle-orm'
import { accountTokens, outboxMails } from '#src/db/account-tables.ts'
import { payments } from '#src/db/billing-tables.ts'
import type { Db } from '#src/db/index.ts'
import { withRetry } from '#src/db/retry.ts'
import { checkouts, sessions, subscriptions, users } from '#src/db/schema.ts'
import type { AccountDeps, Browser } from './account-deps.ts'
import { isLastAdmin } from './admin-lock.ts'
import { confirmPassword, lockIfPassword } from './change-password.ts'
import { NO_PASSWORD } from './ensure-account.ts'
import { endGuestsOf, endSessionsOf } from './sessions.ts'

/**
 * Forgets a person (LGPD, art. 18): what is left are amounts, dates and what was bought, which the law has us keep, and
 * nothing in them tells whose they are. Of the copies we make, mails of the outbox go, and gateways' events never held
 * anything of a person.
 * @throws TooManyRequests
 */
export async function eraseAccount(
  deps: AccountDeps,
  userId: number,
  password: string,
  browser: Browser,
  now: Date,
): Promise<'erased' | 'wrong password' | 'last admin'> {
  const user = await confirmPassword(deps, userId, password, browser)
  if (!user) return 'wrong password'
  const outcome = await withRetry(() =>
    deps.database.db.transaction(async (tx) => {
      const isLast = await isLastAdmin(tx, userId)
      await lockOrders(tx, userId)
      if (!(await lockIfPassword(tx, user))) return 'wrong password'
      if (isLast) return 'last admin'
      await forget(tx, { id: userId, email: user.email }, now)
      return 'erased'
    }),
  )
  if (outcome === 'erased') deps.log.info({ userId }, 'an account was erased')
  return outcome
}

/** Before their user, as settling does. */
const lockOrders = (tx: Db, userId: number) =>
  tx
    .select({ id: checkouts.id })
    .from(checkouts)
    .where(eq(checkouts.userId, userId))
    .orderBy(asc(checkouts.id))
    .for('update')

async function forget(tx: Db, { id, email }: { id: number; email: string }, now: Date) {
  await forgetBuyer(tx, id, email)
  await endSessionsOf(tx, id)
  await endGuestsOf(tx, id, now)
  await tx.delete(accountTokens).where(eq(accountTokens.userId, id))
  await tx.delete(outboxMails).where(eq(outboxMails.userId, id))
  await tx
    .update(subscriptions)
    .set({ status: 'canceled' })
    .where(and(eq(subscriptions.userId, id), eq(subscriptions.status, 'active')))
  await tx
    .update(users)
    .set({
      email: `erased-${randomBytes(12).toString('hex')}@erased.invalid`,
      name: null,
      password: NO_PASSWORD,
      role: 'user',
      language: null,
      erasedAt: now,
    })
    .where(eq(users.id, id))
}

/**
 * Of orders: those of the account, and those that guests made under its e-mail. These become its own, so that money
 * which still arrives for them looks for nobody by an e-mail that is gone.
 */
async function forgetBuyer(tx: Db, id: number, email: string): Promise<void> {
  const nobody = {
    customerName: null,
    customerEmail: null,
    customerDocument: null,
    customerPhone: null,
    documentHash: null,
  }
  await tx.update(checkouts).set(nobody).where(eq(checkouts.userId, id))
  const ownSessions = tx.select({ id: sessions.id }).from(sessions).where(eq(sessions.userId, id))
  await tx
    .update(checkouts)
    .set({ ...nobody, userId: id })
    .where(
      and(
        isNull(checkouts.userId),
        or(eq(checkouts.customerEmail, email), inArray(checkouts.sessionId, ownSessions)),
      ),
    )
  // Codes and addresses of charges lead to a gateway that knows who paid.
  await tx
    .update(payments)
    .set({ pixCode: null, payUrl: null })
    .where(
      exists(
        tx
          .select({ id: checkouts.id })
          .from(checkouts)
          .where(and(eq(checkouts.id, payments.checkoutId), eq(checkouts.userId, id))),
      ),
    )
}
