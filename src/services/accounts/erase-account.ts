import { randomBytes } from 'node:crypto'
import { and, eq, exists, inArray, isNull, or } from 'drizzle-orm'
import { accountTokens, outboxMails } from '#src/db/account-tables.ts'
import { payments } from '#src/db/billing-tables.ts'
import type { Db } from '#src/db/index.ts'
import { checkouts, sessions, subscriptions, users } from '#src/db/schema.ts'
import type { AccountDeps, Browser } from './account-deps.ts'
import { isLastAdmin } from './admin-lock.ts'
import { confirmPassword } from './change-password.ts'
import { NO_PASSWORD } from './ensure-account.ts'

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
  const isErased = await deps.database.db.transaction(async (tx) => {
    if (await isLastAdmin(tx, userId)) return false
    await forget(tx, { id: userId, email: user.email }, now)
    return true
  })
  if (!isErased) return 'last admin'
  deps.log.info({ userId }, 'an account was erased')
  return 'erased'
}

async function forget(tx: Db, { id, email }: { id: number; email: string }, now: Date) {
  await tx.select({ id: users.id }).from(users).where(eq(users.id, id)).for('no key update')
  const bought = await forgetBuyer(tx, id, email)
  await tx.delete(sessions).where(or(eq(sessions.userId, id), inArray(sessions.id, bought)))
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
 * @returns the browsers that the account's own were made in.
 */
async function forgetBuyer(tx: Db, id: number, email: string): Promise<number[]> {
  const nobody = {
    customerName: null,
    customerEmail: null,
    customerDocument: null,
    customerPhone: null,
    documentHash: null,
  }
  const own = await tx
    .update(checkouts)
    .set(nobody)
    .where(eq(checkouts.userId, id))
    .returning({ sessionId: checkouts.sessionId })
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
  return own.flatMap(({ sessionId }) => sessionId ?? [])
}
