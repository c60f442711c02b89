/** A term as it was granted, before it has its place. */
export interface GrantedTerm {
  id: number
  planId: number
  days: number
  /** What the days cost, by which unused ones are credited. */
  planCents: number
  /** Whether it takes the place of a running term of another plan: only the member can want that. */
  changesPlan: boolean
  grantedAt: Date
}

export interface PlacedTerm extends GrantedTerm {
  startsAt: Date
  endsAt: Date
}

/** Terms that follow one another without a gap: what a subscription is. */
export interface Run {
  terms: PlacedTerm[]
  startsAt: Date
  endsAt: Date
}

const DAY_MS = 86_400_000

/**
 * When each of a user's terms begins and ends, from nothing but what was granted when. A term begins where the running
 * ones end, whoever has paid or given it; only when the member changes to another plan does it begin at once, and what
 * is left of the running ones is credited to it by what they cost. So whatever arrives late, twice or is taken back,
 * the same terms make the same access, and nobody else can make it shorter.
 */
export function placeTerms(granted: readonly GrantedTerm[]): Run[] {
  const runs: Run[] = []
  for (const term of granted.toSorted(byGrant)) {
    const last = runs.at(-1)
    if (last === undefined || last.endsAt <= term.grantedAt) runs.push(runOf(term, 0))
    else if (isChange(last, term)) runs.push(runOf(term, cutShort(last, term)))
    else extend(last, term)
  }
  return runs
}

/** Of several plans that follow one another any is renewed, and none is changed to. */
export const isChange = ({ terms }: Run, { changesPlan, planId, grantedAt }: GrantedTerm) =>
  changesPlan && !terms.some((term) => term.planId === planId && term.endsAt > grantedAt)

const byGrant = (a: GrantedTerm, b: GrantedTerm) =>
  a.grantedAt.getTime() - b.grantedAt.getTime() || a.id - b.id

function runOf(term: GrantedTerm, creditMs: number): Run {
  const endsAt = later(term.grantedAt, term.days * DAY_MS + creditMs)
  return {
    terms: [{ ...term, startsAt: term.grantedAt, endsAt }],
    startsAt: term.grantedAt,
    endsAt,
  }
}

function extend(run: Run, term: GrantedTerm) {
  const placed = { ...term, startsAt: run.endsAt, endsAt: later(run.endsAt, term.days * DAY_MS) }
  run.terms.push(placed)
  run.endsAt = placed.endsAt
}

/** Ends the run where the next begins. @returns what was left of it, in milliseconds of the next one's plan. */
function cutShort(run: Run, next: GrantedTerm): number {
  let creditMs = 0
  for (const term of run.terms) {
    if (term.endsAt <= next.grantedAt) continue
    const unusedFrom = Math.max(term.startsAt.getTime(), next.grantedAt.getTime())
    creditMs += convert(term.endsAt.getTime() - unusedFrom, term, next)
    term.startsAt = new Date(Math.min(term.startsAt.getTime(), next.grantedAt.getTime()))
    term.endsAt = next.grantedAt
  }
  run.endsAt = next.grantedAt
  return creditMs
}

/** By what a day costs in either plan; where one of them is free, a day is a day. Never more than was paid for. */
function convert(milliseconds: number, from: GrantedTerm, to: GrantedTerm): number {
  if (from.planCents === 0 || to.planCents === 0) return milliseconds
  return Math.floor((milliseconds * from.planCents * to.days) / (from.days * to.planCents))
}

const later = (date: Date, milliseconds: number) => new Date(date.getTime() + milliseconds)
