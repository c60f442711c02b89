import { and, asc, eq, isNull, sql } from 'drizzle-orm'
import { terms } from '#src/db/billing-tables.ts'
import type { Db } from '#src/db/index.ts'
import { checkouts, plans, subscriptions } from '#src/db/schema.ts'
import { InvalidInput, NotFound } from '#src/errors.ts'
import type { Plan } from './views.ts'

/** What an owner says of a plan. Cents of the setting `currency`, days. */
export type PlanTerms = Omit<Plan, 'id'>

/** 100 years: longer is a slip of the finger. */
const MOST_DAYS = 36_500
const LONGEST_NAME = 60
const LONGEST_BENEFIT = 120
const MOST_BENEFITS = 12

/** The plans on sale, the shortest first. */
export async function listPlansOnSale(db: Db): Promise<Plan[]> {
  const rows = await db
    .select()
    .from(plans)
    .where(isNull(plans.retiredAt))
    .orderBy(asc(plans.duration), asc(plans.price), asc(plans.id))
  return rows.map(planOf)
}

/** As owners see them: the retired ones too, and how many members have each now. */
export async function listAllPlans(db: Db) {
  const members = sql<number>`(select count(*)::int from subscriptions where subscriptions.plan_id = plans.id and subscriptions.status in ('active', 'canceled'))`
  const rows = await db
    .select({ plan: plans, members })
    .from(plans)
    .orderBy(sql`${plans.retiredAt} is not null`, asc(plans.duration), asc(plans.id))
  return rows.map(({ plan, members }) => ({ ...planOf(plan), retiredAt: plan.retiredAt, members }))
}

/** @throws NotFound when it is not on sale. */
export async function planOnSale(db: Db, id: number): Promise<Plan> {
  const [row] = await db
    .select()
    .from(plans)
    .where(and(eq(plans.id, id), isNull(plans.retiredAt)))
  if (!row) throw new NotFound(`Plan ${id} is not on sale. See: npx creatorflix plans list`)
  return planOf(row)
}

/** Whether the site has ever had a plan. */
export async function hasPlans(db: Db): Promise<boolean> {
  const [any] = await db.select({ id: plans.id }).from(plans).limit(1)
  return any !== undefined
}

/** @throws InvalidInput naming what is wrong. */
export async function addPlan(db: Db, terms: PlanTerms): Promise<Plan> {
  const [row] = await db
    .insert(plans)
    .values(rowOf(checked(terms)))
    .returning()
  return planOf(row as typeof plans.$inferSelect)
}

/**
 * Changes what is offered from now on; what was sold stays as it was sold.
 * @throws NotFound @throws InvalidInput naming what is wrong.
 */
export async function changePlan(db: Db, id: number, changes: Partial<PlanTerms>): Promise<Plan> {
  const [known] = await db.select().from(plans).where(eq(plans.id, id))
  if (!known) throw noPlan(id)
  const terms = checked({ ...planOf(known), ...changes })
  const [row] = await db.update(plans).set(rowOf(terms)).where(eq(plans.id, id)).returning()
  return planOf(row as typeof plans.$inferSelect)
}

/** Takes it off sale. Who has it keeps it. @throws NotFound */
export async function retirePlan(db: Db, id: number, now: Date): Promise<void> {
  const changed = await db
    .update(plans)
    .set({ retiredAt: sql`coalesce(${plans.retiredAt}, ${now}::timestamptz)` })
    .where(eq(plans.id, id))
    .returning({ id: plans.id })
  if (changed.length === 0) throw noPlan(id)
}

/** Puts a retired plan on sale again. @throws NotFound */
export async function restorePlan(db: Db, id: number): Promise<void> {
  const changed = await db
    .update(plans)
    .set({ retiredAt: null })
    .where(eq(plans.id, id))
    .returning({ id: plans.id })
  if (changed.length === 0) throw noPlan(id)
}

/** Deletes a plan that nobody ever had; one with history is retired instead. @returns which it was. */
export async function removePlan(db: Db, id: number, now: Date): Promise<'deleted' | 'retired'> {
  if (await hasHistory(db, id)) {
    await retirePlan(db, id, now)
    return 'retired'
  }
  const gone = await db.delete(plans).where(eq(plans.id, id)).returning({ id: plans.id })
  if (gone.length === 0) throw noPlan(id)
  return 'deleted'
}

async function hasHistory(db: Db, id: number) {
  const { rows } = await db.execute<{ used: boolean }>(sql`select
    exists (select from ${checkouts} where plan_id = ${id}) or exists (select from ${subscriptions} where plan_id = ${id})
    or exists (select from ${terms} where plan_id = ${id}) as used`)
  return rows[0]?.used === true
}

const noPlan = (id: number) => new NotFound(`There is no plan ${id}. See: npx creatorflix plans list`)

function checked(terms: PlanTerms): PlanTerms {
  const name = terms.name.trim()
  const benefits = terms.benefits.map((benefit) => benefit.trim()).filter(Boolean)
  const wrong = [
    [name === '' || [...name].length > LONGEST_NAME, `The name must have 1 to ${LONGEST_NAME} characters.`],
    [
      !Number.isInteger(terms.priceCents) || terms.priceCents < 1,
      'The price must be more than nothing, such as 29.90.',
    ],
    [
      !Number.isInteger(terms.days) || terms.days < 1 || terms.days > MOST_DAYS,
      `The duration must be 1 to ${MOST_DAYS.toLocaleString('en')} days.`,
    ],
    [
      benefits.length > MOST_BENEFITS || benefits.some((benefit) => [...benefit].length > LONGEST_BENEFIT),
      `At most ${MOST_BENEFITS} benefits of at most ${LONGEST_BENEFIT} characters each.`,
    ],
    [!terms.acceptsPix && !terms.acceptsCard, 'A plan must accept PIX or cards.'],
    [
      terms.checkoutUrl !== null && !isWebAddress(terms.checkoutUrl),
      'The checkout address must begin with https://.',
    ],
  ] as const
  for (const [isWrong, words] of wrong) if (isWrong) throw new InvalidInput(words)
  return { ...terms, name, benefits }
}

const isWebAddress = (address: string) =>
  URL.canParse(address) && new URL(address).protocol === 'https:' && !/[\s\\]/.test(address)

function rowOf({ priceCents, days, benefits, ...terms }: PlanTerms) {
  const { name, ctaText, checkoutUrl, acceptsPix, acceptsCard } = terms
  return {
    name,
    price: priceCents,
    duration: days,
    benefitsJson: benefits,
    ctaText,
    checkoutUrl,
    acceptsPix,
    acceptsCard,
  }
}

function planOf(row: typeof plans.$inferSelect): Plan {
  const { id, name, price, duration, benefitsJson, ctaText, checkoutUrl, acceptsPix, acceptsCard } = row
  const benefits = (benefitsJson ?? []).filter((benefit) => typeof benefit === 'string')
  return {
    id,
    name,
    priceCents: price,
    days: duration,
    benefits,
    ctaText,
    checkoutUrl,
    acceptsPix,
    acceptsCard,
  }
}
