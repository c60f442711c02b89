import { and, eq, isNull } from 'drizzle-orm'
import { terms } from '#src/db/billing-tables.ts'
import type { Db } from '#src/db/index.ts'
import { users } from '#src/db/schema.ts'
import type { Deps } from '#src/deps.ts'
import { parseCents } from '#src/lib/money.ts'
import type { Viewer } from '#src/services/access/viewer.ts'
import { type GatewayDeps, servedMethods } from '#src/services/gateways/served-methods.ts'
import { readSetting } from '#src/services/settings/settings.ts'
import { planOnSale } from './plans.ts'
import { accessPaidInBrowser } from './queries/paid-in-browser.ts'
import { isChange, placeTerms } from './timeline.ts'
import type { Line, Offer, Outcome, PaymentMethod, Plan } from './views.ts'

const DAY_MS = 86_400_000

/**
 * The plan as it is offered to this viewer now.
 * @throws NotFound when it is not on sale.
 */
export async function readOffer(
  deps: GatewayDeps & Pick<Deps, 'database'>,
  viewer: Pick<Viewer, 'userId' | 'sessionId'>,
  planId: number,
  now: Date,
): Promise<Offer> {
  const { db } = deps.database
  const plan = await planOnSale(db, planId)
  const [currency, bump, served, outcome, buyer] = await Promise.all([
    readSetting(db, 'currency'),
    readBump(db),
    servedMethods(deps),
    viewer.userId === null
      ? foreseeForGuest(db, viewer.sessionId, plan, now)
      : foreseeOutcome(db, viewer.userId, plan, now),
    readBuyer(db, viewer.userId),
  ])
  const methods = outcome.isShorter ? [] : methodsOf(plan, served, currency)
  const nothing = { document: false, phone: false }
  return {
    plan,
    currency,
    bump,
    methods,
    needs: { pix: served.pix?.needs ?? nothing, credit_card: served.credit_card?.needs ?? nothing },
    outcome,
    buyer,
    isPretend: methods.length > 0 && methods.every((method) => served[method]?.isPretend === true),
  }
}

/** What the plan accepts and a gateway serves. What costs nothing is given by its owner, never sold. */
export function methodsOf(
  { acceptsPix, acceptsCard, priceCents, checkoutUrl }: Plan,
  served: Partial<Record<PaymentMethod, unknown>>,
  currency: string,
): PaymentMethod[] {
  if (priceCents < 1 || checkoutUrl !== null) return []
  const accepted: Array<[PaymentMethod, boolean]> = [
    // PIX is an arrangement of the Banco Central do Brasil, in reais alone.
    ['pix', acceptsPix && currency === 'BRL'],
    ['credit_card', acceptsCard],
  ]
  return accepted.filter(([method, accepts]) => accepts && served[method]).map(([method]) => method)
}

/** What the owner offers beside every plan, or null. */
async function readBump(db: Db): Promise<Line | null> {
  const [isOn, name, price] = await Promise.all([
    readSetting(db, 'bump'),
    readSetting(db, 'bump_name'),
    readSetting(db, 'bump_price'),
  ])
  const cents = price === '' ? null : parseCents(price)
  return isOn && name !== '' && cents !== null && cents > 0 ? { name, cents } : null
}

/** In the browser that pays, which has what was paid in it; of the account whose e-mail is typed it learns nothing. */
async function foreseeForGuest(
  db: Db,
  sessionId: number | null,
  { days }: Pick<Plan, 'days'>,
  now: Date,
): Promise<Outcome> {
  const paid = sessionId === null ? null : await accessPaidInBrowser(db, sessionId)
  const isRunning = paid !== null && paid > now
  const from = isRunning ? paid : now
  return {
    kind: isRunning ? 'renewal' : 'new',
    endsAt: new Date(from.getTime() + days * DAY_MS),
    creditedDays: 0,
    isShorter: false,
  }
}

/** What comes of it for a member when it is paid now. */
async function foreseeOutcome(
  db: Db,
  userId: number,
  { id, days, priceCents }: Pick<Plan, 'id' | 'days' | 'priceCents'>,
  now: Date,
): Promise<Outcome> {
  const granted = await grantedTerms(db, userId)
  const bought = {
    id: Number.MAX_SAFE_INTEGER,
    planId: id,
    days,
    planCents: priceCents,
    changesPlan: true,
    grantedAt: now,
  }
  const before = placeTerms(granted).at(-1)
  const after = placeTerms([...granted, bought]).at(-1)
  if (!after) throw new Error('A term that was granted has no place.')
  const isRunning = before !== undefined && before.endsAt > now
  const kind = !isRunning ? 'new' : isChange(before, bought) ? 'change' : 'renewal'
  const creditedMs = kind === 'change' ? after.endsAt.getTime() - now.getTime() - days * DAY_MS : 0
  return {
    kind,
    endsAt: after.endsAt,
    creditedDays: Math.floor(creditedMs / DAY_MS),
    isShorter: isRunning && after.endsAt < before.endsAt,
  }
}

const grantedTerms = (db: Db, userId: number) =>
  db
    .select({
      id: terms.id,
      planId: terms.planId,
      days: terms.days,
      planCents: terms.planCents,
      changesPlan: terms.changesPlan,
      grantedAt: terms.grantedAt,
    })
    .from(terms)
    .where(and(eq(terms.userId, userId), isNull(terms.revokedAt)))

async function readBuyer(db: Db, userId: number | null) {
  if (userId === null) return null
  const [buyer] = await db
    .select({ name: users.name, email: users.email })
    .from(users)
    .where(eq(users.id, userId))
  return buyer ?? null
}
