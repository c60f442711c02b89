import type { REVOKE_REASONS } from '#src/db/billing-tables.ts'
import type { SUBSCRIPTION_STATUSES } from '#src/db/schema.ts'
import { placeTerms } from './timeline.ts'

/** What a user has, read under the user's lock. */
export interface MemberFacts {
  userId: number
  terms: TermFact[]
  subscriptions: SubscriptionFact[]
}

export interface TermFact {
  id: number
  subscriptionId: number
  planId: number
  days: number
  planCents: number
  changesPlan: boolean
  grantedAt: Date
  startsAt: Date
  endsAt: Date
  revokedAt: Date | null
  revokeReason: RevokeReason | null
  /** What paid it, and the gateway's charge of that; null for a gift. */
  paymentId: number | null
  externalId: string | null
}

export interface SubscriptionFact {
  id: number
  planId: number
  status: (typeof SUBSCRIPTION_STATUSES)[number]
  startDate: Date | null
  endDate: Date | null
  externalId: string | null
}

export type RevokeReason = (typeof REVOKE_REASONS)[number]

/** A term that is about to be granted. */
export interface NewTerm {
  planId: number
  days: number
  planCents: number
  /** Whether the member wants it in the place of a running one of another plan. */
  changesPlan: boolean
  /** Whether the member has paid it just now, which takes a cancellation back. */
  isRenewal: boolean
  grantedAt: Date
  /** What paid it; null for a gift. */
  charge: {
    checkoutId: number
    paymentId: number
    amountCents: number
    currency: string
    externalId: string | null
  } | null
}

/** A term is granted, or taken back; or both, when its money came and went before anybody had heard of it. */
export interface Edit {
  grant?: NewTerm
  revoke?: Revocation
}

export interface Revocation {
  /** Which of the terms that are there, and of the granted one. */
  isRevoked: (term: { id: number | null; paymentId: number | null; endsAt: Date }) => boolean
  reason: RevokeReason
  revokedAt: Date
}

/** Rows to write. A subscription without an id is a new one, of which there is at most one. */
export interface MemberChanges {
  newTerms: Array<NewTerm & Place & { subscriptionId: number | null }>
  terms: Array<Pick<TermFact, 'id' | 'subscriptionId'> & Place>
  subscriptions: Array<Omit<SubscriptionFact, 'id'> & { id: number | null }>
}

type Place = Pick<TermFact, 'startsAt' | 'endsAt' | 'revokedAt' | 'revokeReason'>

interface Term extends TermFact {
  /** What is written anew; null for a row that is there. */
  added: NewTerm | null
}

const DAY_MS = 86_400_000

/**
 * What has to be written so that the user's access is what all terms make, after one was granted or taken back
 * (`placeTerms`). Subscriptions are the runs of terms; those in which none is left have ended or were given back.
 */
export function memberChanges(facts: MemberFacts, { grant, revoke }: Edit, now: Date): MemberChanges {
  const known = facts.terms.map((term) => ({ ...term, added: null }))
  const adopted = foreignTerms(facts, now)
  const granted = grant ? [termOf(grant, adopted.length)] : []
  const before = inPlace([...known, ...adopted, ...granted])
  const terms = revoke ? inPlace(before.map((term) => revoked(term, revoke))) : before
  return {
    newTerms: terms.flatMap(({ added, subscriptionId, startsAt, endsAt, revokedAt, revokeReason }) =>
      added
        ? [{ ...added, subscriptionId: idOf(subscriptionId), startsAt, endsAt, revokedAt, revokeReason }]
        : [],
    ),
    terms: changedTerms(facts, terms),
    // Also by a payment that was given back since, for told apart they come to the same.
    subscriptions: changedSubscriptions(facts, terms, { isRenewed: grant?.isRenewal ?? false }, now),
  }
}

function revoked(term: Term, { isRevoked, reason, revokedAt }: Revocation): Term {
  const { paymentId, endsAt } = term
  if (!isRevoked({ id: term.added ? null : term.id, paymentId, endsAt })) return term
  const since = term.revokedAt ?? revokedAt
  return {
    ...term,
    revokedAt: since,
    revokeReason: reason,
    endsAt: between(term.startsAt, term.endsAt, since),
  }
}

/** Subscriptions that were written by hand, without a term: their days count as given. */
function foreignTerms({ terms, subscriptions }: MemberFacts, now: Date): Term[] {
  const foreign = subscriptions.filter(
    ({ id, status, endDate }) =>
      (status === 'active' || status === 'canceled') &&
      endDate !== null &&
      endDate > now &&
      !terms.some(({ subscriptionId }) => subscriptionId === id),
  )
  return foreign.map(({ id, planId, startDate, endDate }, index) => {
    const startsAt = startDate ?? now
    const days = Math.max(1, Math.ceil(((endDate ?? now).getTime() - startsAt.getTime()) / DAY_MS))
    const gift = {
      ...{ planId, days, planCents: 0, changesPlan: false, isRenewal: false },
      ...{ grantedAt: startsAt, charge: null },
    }
    return { ...termOf(gift, index), subscriptionId: id }
  })
}

/** Behind every row that is there, in the order in which they come. */
function termOf(added: NewTerm, order: number): Term {
  const { planId, days, planCents, changesPlan, grantedAt, charge } = added
  return {
    id: NEW_ID + order,
    subscriptionId: NEW_SUBSCRIPTION,
    planId,
    days,
    planCents,
    changesPlan,
    grantedAt,
    startsAt: grantedAt,
    endsAt: grantedAt,
    revokedAt: null,
    revokeReason: null,
    paymentId: charge?.paymentId ?? null,
    externalId: charge?.externalId ?? null,
    added,
  }
}

/** Larger than any id of a row. */
const NEW_ID = 2 ** 40
const NEW_SUBSCRIPTION = -1
const idOf = (subscriptionId: number) => (subscriptionId === NEW_SUBSCRIPTION ? null : subscriptionId)

/** Each in its place: a run is one subscription, that of its first term which has one. */
function inPlace(terms: Term[]): Term[] {
  const places = new Map<number, Pick<Term, 'startsAt' | 'endsAt' | 'subscriptionId'>>()
  const byId = new Map(terms.map((term) => [term.id, term]))
  for (const run of placeTerms(terms.filter(({ revokedAt }) => revokedAt === null))) {
    const known = run.terms.map(({ id }) => byId.get(id)?.subscriptionId ?? NEW_SUBSCRIPTION)
    const subscriptionId = known.find((id) => id !== NEW_SUBSCRIPTION) ?? NEW_SUBSCRIPTION
    for (const { id, startsAt, endsAt } of run.terms) places.set(id, { startsAt, endsAt, subscriptionId })
  }
  return terms.map((term) => ({ ...term, ...places.get(term.id) }))
}

function changedTerms({ terms }: MemberFacts, placed: Term[]): MemberChanges['terms'] {
  const before = new Map(terms.map((term) => [term.id, term]))
  return placed.flatMap(({ id, subscriptionId, startsAt, endsAt, revokedAt, revokeReason }) => {
    const was = before.get(id)
    if (!was) return []
    const isSame =
      was.subscriptionId === subscriptionId &&
      isSameInstant(was.startsAt, startsAt) &&
      isSameInstant(was.endsAt, endsAt) &&
      was.revokeReason === revokeReason
    return isSame ? [] : [{ id, subscriptionId, startsAt, endsAt, revokedAt, revokeReason }]
  })
}

function changedSubscriptions(
  { subscriptions }: MemberFacts,
  placed: Term[],
  { isRenewed }: { isRenewed: boolean },
  now: Date,
): MemberChanges['subscriptions'] {
  const isCanceled =
    !isRenewed &&
    subscriptions.some(({ status, endDate }) => status === 'canceled' && endDate !== null && endDate > now)
  const counting = placed.filter(({ revokedAt }) => revokedAt === null)
  const last = counting.reduce<Term | null>(
    (last, term) => (last && last.endsAt >= term.endsAt ? last : term),
    null,
  )
  const ids = new Set([
    ...subscriptions.map(({ id }) => id),
    ...placed.map(({ subscriptionId }) => subscriptionId),
  ])

  const after = [...ids].flatMap((id) => {
    const before = subscriptions.find((one) => one.id === id) ?? null
    const own = counting.filter(({ subscriptionId }) => subscriptionId === id)
    if (own.length === 0)
      return closed(
        before,
        placed.filter(({ subscriptionId }) => subscriptionId === id),
        now,
      )
    const isRunning = last !== null && last.subscriptionId === id && last.endsAt > now
    const status = isRunning ? (isCanceled ? 'canceled' : 'active') : 'expired'
    return [{ id, status, ...extentOf(own, before?.externalId ?? null, now) } as const]
  })
  return after
    .filter(
      (row) =>
        !isSameSubscription(
          subscriptions.find(({ id }) => id === row.id),
          row,
        ),
    )
    .toSorted(endedFirst)
    .map((row) => ({ ...row, id: idOf(row.id) }))
}

const extentOf = (own: Term[], externalId: string | null, now: Date) => ({
  planId: (own.find(({ startsAt, endsAt }) => startsAt <= now && now < endsAt) ?? own.at(-1))?.planId ?? 0,
  startDate: earliest(own.map(({ startsAt }) => startsAt)),
  endDate: latest(own.map(({ endsAt }) => endsAt)),
  externalId: own.findLast((term) => term.externalId !== null)?.externalId ?? externalId,
})

/** No term that counts is left in it: they were taken back, or joined to another subscription. */
function closed(row: SubscriptionFact | null, gone: Term[], now: Date): SubscriptionFact[] {
  const isGivenBack = gone.some(({ revokeReason }) => revokeReason !== 'ended')
  const status = isGivenBack ? ('refunded' as const) : ('expired' as const)
  if (row === null) return [{ id: NEW_SUBSCRIPTION, status, ...extentOf(gone, null, now) }]
  if (gone.length === 0 && row.status !== 'active' && row.status !== 'canceled') return []
  const end = gone.length > 0 ? latest(gone.map(({ endsAt }) => endsAt)) : now
  const endDate = row.endDate === null ? null : between(row.startDate ?? end, row.endDate, end)
  return [{ ...row, status, endDate }]
}

/** One is active at a time, so what ends is written first. */
const endedFirst = (a: { status: string }, b: { status: string }) => runs(a.status) - runs(b.status)
const runs = (status: string) => Number(status === 'active' || status === 'canceled')

function isSameSubscription(before: SubscriptionFact | undefined, after: SubscriptionFact) {
  return (
    before !== undefined &&
    before.status === after.status &&
    before.planId === after.planId &&
    before.externalId === after.externalId &&
    isSameInstant(before.startDate, after.startDate) &&
    isSameInstant(before.endDate, after.endDate)
  )
}

const isSameInstant = (a: Date | null, b: Date | null) => a?.getTime() === b?.getTime()
const earliest = (dates: Date[]) => new Date(Math.min(...dates.map((date) => date.getTime())))
const latest = (dates: Date[]) => new Date(Math.max(...dates.map((date) => date.getTime())))

/** The end, or earlier, but not before the start. */
const between = (start: Date, end: Date, at: Date) =>
  new Date(Math.max(start.getTime(), Math.min(end.getTime(), at.getTime())))
