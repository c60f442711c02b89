import { and, asc, eq, gt, inArray, notExists, sql } from 'drizzle-orm'
import { payments, terms } from '#src/db/billing-tables.ts'
import type { Db } from '#src/db/index.ts'
import { subscriptions, users } from '#src/db/schema.ts'
import { placeTerms, type Run } from './timeline.ts'

type Term = typeof terms.$inferSelect
type Subscription = typeof subscriptions.$inferSelect

const DAY_MS = 86_400_000

/**
 * Gives a term its place among the others of its user, and the user the access that follows.
 * `db` is the transaction of whoever grants it.
 */
export async function grantTerm(
  db: Db,
  term: Omit<typeof terms.$inferInsert, 'subscriptionId' | 'startsAt' | 'endsAt'>,
  now: Date,
): Promise<void> {
  await lockMember(db, term.userId)
  await adoptForeignSubscriptions(db, term.userId, now)
  const [opened] = await db
    .insert(subscriptions)
    .values({ userId: term.userId, planId: term.planId, status: 'pending' })
    .returning({ id: subscriptions.id })
  if (!opened) throw new Error('A subscription that was inserted was not returned.')
  // Its place is found below, together with that of all others.
  await db.insert(terms).values({
    ...term,
    subscriptionId: opened.id,
    startsAt: term.grantedAt,
    endsAt: new Date(term.grantedAt.getTime() + term.days * DAY_MS),
  })
  await placeTermsOf(db, term.userId, now, { isRenewed: true })
  // Its term was joined to a subscription that was there already.
  await db
    .delete(subscriptions)
    .where(and(eq(subscriptions.id, opened.id), eq(subscriptions.status, 'pending')))
}

/** Takes a term back: the access of its user is what the others make. Twice is once. */
export async function revokeTerm(
  db: Db,
  term: Pick<Term, 'id' | 'userId'>,
  { reason, revokedAt }: { reason: NonNullable<Term['revokeReason']>; revokedAt: Date },
  now: Date,
): Promise<void> {
  await lockMember(db, term.userId)
  await db
    .update(terms)
    .set({
      revokedAt: sql`coalesce(${terms.revokedAt}, ${revokedAt}::timestamptz)`,
      revokeReason: reason,
      endsAt: sql`greatest(${terms.startsAt}, least(${terms.endsAt}, ${revokedAt}::timestamptz))`,
    })
    .where(eq(terms.id, term.id))
  await placeTermsOf(db, term.userId, now, { isRenewed: false })
}

/** One at a time for each user. Whoever also locks subscriptions locks their users first. */
export async function lockMember(db: Db, userId: number): Promise<void> {
  await db.select({ id: users.id }).from(users).where(eq(users.id, userId)).for('no key update')
}

/** Subscriptions that were written by hand, without a term: their days count as given. */
async function adoptForeignSubscriptions(db: Db, userId: number, now: Date) {
  const foreign = await db
    .select()
    .from(subscriptions)
    .where(
      and(
        eq(subscriptions.userId, userId),
        inArray(subscriptions.status, ['active', 'canceled']),
        gt(subscriptions.endDate, now),
        notExists(db.select({ one: sql`1` }).from(terms).where(eq(terms.subscriptionId, subscriptions.id))),
      ),
    )
  for (const { id, planId, startDate, endDate, createdAt } of foreign) {
    const startsAt = startDate ?? createdAt
    if (endDate === null) continue
    await db.insert(terms).values({
      userId,
      subscriptionId: id,
      planId,
      source: 'gift',
      days: Math.max(1, Math.ceil((endDate.getTime() - startsAt.getTime()) / DAY_MS)),
      planCents: 0,
      grantedAt: startsAt,
      startsAt,
      endsAt: endDate,
    })
  }
}

async function placeTermsOf(db: Db, userId: number, now: Date, { isRenewed }: { isRenewed: boolean }) {
  await adoptForeignSubscriptions(db, userId, now)
  const all = await db.select().from(terms).where(eq(terms.userId, userId)).orderBy(asc(terms.id))
  const rows = await db.select().from(subscriptions).where(eq(subscriptions.userId, userId))
  const byId = new Map(all.map((term) => [term.id, term]))
  const runs = placeTerms(all.filter(({ revokedAt }) => revokedAt === null))
  const subscriptionOf = new Map(
    runs.map((run) => [run, byId.get(run.terms[0]?.id ?? 0)?.subscriptionId ?? 0]),
  )

  await movePlaced(db, runs, byId, subscriptionOf)
  const charges = await chargesOf(db, runs, byId)
  const taken = new Set(subscriptionOf.values())
  const wasRunning = rows.find(({ status }) => status === 'active' || status === 'canceled')

  // What ends comes first: one subscription is active at a time.
  for (const row of rows.filter(({ id }) => !taken.has(id))) await close(db, row, all, now)
  for (const run of runs) {
    const row = rows.find(({ id }) => id === subscriptionOf.get(run))
    if (!row) throw new Error('A term names a subscription of another user.')
    const isRunning = run === runs.at(-1) && run.endsAt > now
    const staysCanceled = !isRenewed && wasRunning?.status === 'canceled'
    await db
      .update(subscriptions)
      .set({
        planId: run.planId,
        startDate: run.startsAt,
        endDate: run.endsAt,
        status: isRunning ? (staysCanceled ? 'canceled' : 'active') : 'expired',
        externalId: charges.get(run) ?? row.externalId,
      })
      .where(eq(subscriptions.id, row.id))
  }
}

async function movePlaced(db: Db, runs: Run[], byId: Map<number, Term>, subscriptionOf: Map<Run, number>) {
  for (const run of runs) {
    const subscriptionId = subscriptionOf.get(run) ?? 0
    for (const { id, startsAt, endsAt } of run.terms) {
      const term = byId.get(id)
      if (
        !term ||
        (isSame(term.startsAt, startsAt) &&
          isSame(term.endsAt, endsAt) &&
          term.subscriptionId === subscriptionId)
      )
        continue
      await db.update(terms).set({ startsAt, endsAt, subscriptionId }).where(eq(terms.id, id))
    }
  }
}

/** The charge that paid the last bought term of each run. */
async function chargesOf(db: Db, runs: Run[], byId: Map<number, Term>): Promise<Map<Run, string | null>> {
  const paymentOf = (run: Run) =>
    run.terms.map(({ id }) => byId.get(id)?.paymentId ?? null).findLast((paymentId) => paymentId !== null)
  const wanted = runs.flatMap((run) => paymentOf(run) ?? [])
  if (wanted.length === 0) return new Map()
  const rows = await db
    .select({ id: payments.id, externalId: payments.externalId })
    .from(payments)
    .where(inArray(payments.id, wanted))
  const externalIds = new Map(rows.map(({ id, externalId }) => [id, externalId]))
  return new Map(runs.map((run) => [run, externalIds.get(paymentOf(run) ?? 0) ?? null]))
}

/** No term that counts is left in it: they were taken back, or joined to another one. */
async function close(db: Db, row: Subscription, all: Term[], now: Date) {
  const revoked = all.filter(
    ({ subscriptionId, revokedAt }) => subscriptionId === row.id && revokedAt !== null,
  )
  if (revoked.length === 0 && row.status !== 'active' && row.status !== 'canceled') return
  const isGivenBack = revoked.some(({ revokeReason }) => revokeReason !== 'ended')
  await db
    .update(subscriptions)
    .set({
      status: isGivenBack ? 'refunded' : 'expired',
      endDate: sql`greatest(${subscriptions.startDate}, least(${subscriptions.endDate}, ${lastEnd(revoked) ?? now}::timestamptz))`,
    })
    .where(eq(subscriptions.id, row.id))
}

const lastEnd = (revoked: Term[]) =>
  revoked.length === 0 ? null : new Date(Math.max(...revoked.map(({ endsAt }) => endsAt.getTime())))

const isSame = (a: Date, b: Date) => a.getTime() === b.getTime()
