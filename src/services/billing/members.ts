import { and, asc, desc, eq, gt, ilike, inArray, isNotNull, isNull, or, sql } from 'drizzle-orm'
import { payments, terms, webhookEvents } from '#src/db/billing-tables.ts'
import type { Db } from '#src/db/index.ts'
import { checkouts, plans, subscriptions, users } from '#src/db/schema.ts'
import type { Deps } from '#src/deps.ts'
import { NotFound } from '#src/errors.ts'
import { keepAnAdmin } from '#src/services/accounts/admin-lock.ts'
import { endAllGuestsOf, endSessionsOf } from '#src/services/accounts/sessions.ts'
import { memberAccount } from './membership.ts'

/** A member as the owner sees one in a list. */
export interface MemberRow {
  id: number
  email: string
  name: string | null
  isClaimed: boolean
  isDisabled: boolean
  planName: string | null
  status: string | null
  endsAt: Date | null
}

const MOST_ROWS = 100

/** Accounts, the newest first, at most a hundred; with words only those whose e-mail or name holds them. */
export async function listMembers(db: Db, words: string | null, now: Date): Promise<MemberRow[]> {
  // Terms of several plans may follow one another; the subscription keeps the one that ran when it was written.
  const runningPlan = sql<number>`coalesce((
    select plan_id from terms where subscription_id = ${subscriptions.id} and revoked_at is null
      and starts_at <= ${sql.param(now, terms.startsAt)} and ends_at > ${sql.param(now, terms.endsAt)} limit 1
  ), ${subscriptions.planId})`
  const pattern = words === null ? null : patternOf(words)
  return db
    .select({
      id: users.id,
      email: users.email,
      name: users.name,
      isClaimed: sql<boolean>`${users.claimedAt} is not null`,
      isDisabled: sql<boolean>`${users.disabledAt} is not null`,
      planName: plans.name,
      status: subscriptions.status,
      endsAt: subscriptions.endDate,
    })
    .from(users)
    .leftJoin(
      subscriptions,
      and(eq(subscriptions.userId, users.id), inArray(subscriptions.status, ['active', 'canceled'])),
    )
    .leftJoin(plans, eq(plans.id, runningPlan))
    .where(
      and(
        isNull(users.erasedAt),
        pattern === null ? undefined : or(ilike(users.email, pattern), ilike(users.name, pattern)),
      ),
    )
    .orderBy(desc(users.createdAt), desc(users.id))
    .limit(MOST_ROWS)
}

/** @throws NotFound when no account has this e-mail. */
export async function memberByEmail(db: Db, email: string) {
  const [member] = await db.select().from(users).where(eq(users.email, email.trim().toLowerCase()))
  if (!member) throw new NotFound(`No account has the e-mail ${email}. See: npx creatorflix members list`)
  return member
}

/** All about one member; `terms` are those that run or are to come, in their order. @throws NotFound */
export async function showMember(deps: Pick<Deps, 'database' | 'now'>, typed: string) {
  const { db } = deps.database
  const { id, email, name, role, claimedAt, disabledAt, createdAt } = await memberByEmail(db, typed)
  const [account, coming] = await Promise.all([memberAccount(deps, id), comingTerms(db, id, deps.now())])
  return { id, email, name, role, claimedAt, disabledAt, createdAt, ...account, terms: coming }
}

/** Each with the payment it came of; null where it was given. */
async function comingTerms(db: Db, userId: number, now: Date) {
  return db
    .select({
      planName: plans.name,
      startsAt: terms.startsAt,
      endsAt: terms.endsAt,
      paymentId: terms.paymentId,
    })
    .from(terms)
    .innerJoin(plans, eq(plans.id, terms.planId))
    .where(and(eq(terms.userId, userId), isNull(terms.revokedAt), gt(terms.endsAt, now)))
    .orderBy(asc(terms.startsAt), asc(terms.id))
}

/** Shuts the account: its sessions end now, and nobody signs in to it. @throws NotFound @throws Conflict for the last admin. */
export async function disableMember({ database, now }: Pick<Deps, 'database' | 'now'>, email: string) {
  const { id } = await memberByEmail(database.db, email)
  await database.db.transaction(async (tx) => {
    await keepAnAdmin(tx, id)
    await tx
      .update(users)
      .set({ disabledAt: sql`coalesce(${users.disabledAt}, ${now()}::timestamptz)` })
      .where(eq(users.id, id))
    await endSessionsOf(tx, id)
    await endAllGuestsOf(tx, id)
  })
}

/** Opens the account again. @throws NotFound */
export async function enableMember({ database }: Pick<Deps, 'database'>, email: string) {
  const { id } = await memberByEmail(database.db, email)
  await database.db.update(users).set({ disabledAt: null }).where(eq(users.id, id))
}

/**
 * Orders, paid or not, the newest first, at most a hundred; with words only those whose e-mail holds them. Each with the
 * number of the payment that settled it, else of its last try; null where there was none.
 */
export async function listOrders(db: Db, words: string | null) {
  // Of the account it belongs to, whatever was typed; of an unpaid one what was typed.
  const email = sql<string | null>`coalesce(${users.email}, ${checkouts.customerEmail})`
  return db
    .select({
      id: checkouts.id,
      paymentId: sql<number | null>`(
        select id from payments where checkout_id = ${checkouts.id}
        order by paid_at is not null and not is_surplus desc, id desc limit 1)`,
      createdAt: checkouts.createdAt,
      email,
      planName: checkouts.planName,
      bumpName: checkouts.bumpName,
      totalAmount: checkouts.totalAmount,
      currency: checkouts.currency,
      paymentMethod: checkouts.paymentMethod,
      status: checkouts.status,
    })
    .from(checkouts)
    .leftJoin(users, eq(users.id, checkouts.userId))
    .where(
      words === null
        ? undefined
        : or(ilike(email, patternOf(words)), ilike(checkouts.customerEmail, patternOf(words))),
    )
    .orderBy(desc(checkouts.id))
    .limit(MOST_ROWS)
}

const patternOf = (words: string) => `%${words.replace(/[\\%_]/g, '\\$&')}%`

/** Whose money a payment is, and how much. @throws NotFound */
export async function paymentOwner(db: Db, paymentId: number) {
  const [owner] = await db
    .select({
      email: sql<string | null>`coalesce(${users.email}, ${checkouts.customerEmail})`,
      amountCents: payments.amountCents,
      currency: payments.currency,
    })
    .from(payments)
    .innerJoin(checkouts, eq(checkouts.id, payments.checkoutId))
    .leftJoin(users, eq(users.id, checkouts.userId))
    .where(eq(payments.id, paymentId))
  if (!owner) throw new NotFound(`There is no payment ${paymentId}.`)
  return owner
}

/** Payments that wait for a person: another amount than asked for, a second payment, a refund that was refused. */
export async function paymentsToReview(db: Db) {
  return db
    .select({
      id: payments.id,
      review: payments.review,
      status: payments.status,
      amountCents: payments.amountCents,
      currency: payments.currency,
      externalId: payments.externalId,
      email: sql<string | null>`coalesce(${users.email}, ${checkouts.customerEmail})`,
      createdAt: payments.createdAt,
    })
    .from(payments)
    .innerJoin(checkouts, eq(checkouts.id, payments.checkoutId))
    .leftJoin(users, eq(users.id, checkouts.userId))
    .where(sql`${payments.review} is not null`)
    .orderBy(desc(payments.id))
    .limit(MOST_ROWS)
}

/**
 * Says that somebody has looked at a payment: it is not listed any more, nor are the events that told of its charge.
 * @throws NotFound when it waits for nobody.
 */
export async function closeReview({ database, now }: Pick<Deps, 'database' | 'now'>, paymentId: number) {
  await database.db.transaction(async (tx) => {
    const [seen] = await tx
      .update(payments)
      .set({ review: null })
      .where(and(eq(payments.id, paymentId), isNotNull(payments.review)))
      .returning({ gatewayId: payments.gatewayId, externalId: payments.externalId })
    if (!seen)
      throw new NotFound(`Payment ${paymentId} waits for nobody. See: npx creatorflix members review`)
    if (seen.externalId === null) return
    await tx
      .update(webhookEvents)
      .set({ state: 'ignored', reason: 'A person has looked at it.', settledAt: now() })
      .where(
        and(
          eq(webhookEvents.gatewayId, seen.gatewayId),
          eq(webhookEvents.externalId, seen.externalId),
          eq(webhookEvents.state, 'parked'),
        ),
      )
  })
}
