import type { Offer, Plan } from '#src/services/billing/views.ts'
import { buyAddress, otherShop } from '../addresses.ts'
import { usePage } from '../render.tsx'
import type { Dictionary } from '../words/en.ts'
import { Icon } from './icon.tsx'
import { usePrice } from './use-price.ts'

interface PlanCardProps {
  offer: Offer
  isBest: boolean
  /** Days of what the comparison with the other plans says: 1, or 30. */
  comparedDays: number
}

export function PlanCard({ offer, isBest, comparedDays }: PlanCardProps) {
  const { words } = usePage()
  const { plan, currency } = offer
  const price = usePrice(currency)
  const compared = price(Math.round((plan.priceCents * comparedDays) / plan.days))
  return (
    <article class={`panel plan-card ${isBest ? 'plan-card-best' : ''}`}>
      {isBest && <p class="plan-badge">{words.plans.bestValue}</p>}
      <div>
        <h2 class="text-lg font-bold break-words">
          <bdi>{plan.name}</bdi>
        </h2>
        {/* Below the price and never beside it, so that cards side by side are in line however long it is. */}
        <p class="mt-2">
          <span class="price block">{price(plan.priceCents)}</span>
          <span class="text-muted">{words.plans.lasting(durationIn(words, plan.days))}</span>
        </p>
        {plan.days !== comparedDays && (
          <p class="mt-1 text-sm text-muted">
            {comparedDays === 1 ? words.plans.perDay(compared) : words.plans.perMonth(compared)}
          </p>
        )}
      </div>
      <Benefits plan={plan} />
      <div class="mt-auto flex flex-col gap-3 pt-2">
        <WhatComesOfIt offer={offer} />
        <BuyLink offer={offer} />
        <Methods offer={offer} />
      </div>
    </article>
  )
}

const DAYS_OF_A_MONTH = 30
const DAYS_OF_A_YEAR = 365

/** `7 days`, `1 month`, `1 year`. */
export function durationIn({ plans }: Dictionary, days: number): string {
  if (days % DAYS_OF_A_YEAR === 0) return plans.years(days / DAYS_OF_A_YEAR)
  if (days % DAYS_OF_A_MONTH === 0) return plans.months(days / DAYS_OF_A_MONTH)
  return plans.days(days)
}

function Benefits({ plan: { benefits } }: { plan: Plan }) {
  const { words } = usePage()
  if (benefits.length === 0) return null
  return (
    <ul class="ticks flex flex-col gap-2" aria-label={words.plans.benefits}>
      {benefits.map((benefit) => (
        <li>
          <Icon name="check" class="mt-0.5 size-5 text-success" />
          <bdi class="min-w-0 break-words">{benefit}</bdi>
        </li>
      ))}
    </ul>
  )
}

/** For who has a plan already. */
function WhatComesOfIt({ offer }: { offer: Offer }) {
  const { words } = usePage()
  const text = outcomeIn(words, offer)
  return text === null ? null : <p class="text-sm text-muted">{text}</p>
}

/** What buying it comes to for who has something already; null for who has nothing. */
export function outcomeIn(
  { plans, day }: Dictionary,
  { plan, outcome: { kind, endsAt, creditedDays, isShorter } }: Offer,
): string | null {
  if (kind === 'new' || plan.checkoutUrl !== null) return null
  if (isShorter) return plans.shorter
  if (kind === 'renewal') return plans.renewal(day(endsAt))
  return creditedDays > 0
    ? plans.changedWithCredit(day(endsAt), plans.days(creditedDays))
    : plans.changed(day(endsAt))
}

function BuyLink({ offer: { plan, methods, outcome, buyer } }: { offer: Offer }) {
  const { plans } = usePage().words
  const elsewhere = otherShop(plan)
  if (elsewhere === null && outcome.isShorter) return null
  if (elsewhere === null && methods.length === 0)
    return <p class="font-semibold text-muted">{plans.notNow}</p>

  const kind = buyer === null ? 'new' : outcome.kind
  const usual = { new: plans.choose, renewal: plans.renew, change: plans.change }[kind]
  const text = plan.ctaText || usual
  return (
    <>
      <a
        class="button w-full"
        href={elsewhere ?? buyAddress(plan.id)}
        aria-label={plans.ofPlan(text, plan.name)}
        {...(elsewhere && { rel: 'noopener' })}
      >
        {text}
      </a>
      {elsewhere && <p class="text-center text-sm text-muted">{plans.elsewhere}</p>}
    </>
  )
}

function Methods({ offer: { plan, methods } }: { offer: Offer }) {
  const { plans } = usePage().words
  if (plan.checkoutUrl !== null || methods.length === 0) return null
  return (
    <ul class="flex justify-center gap-5 text-sm text-muted" aria-label={plans.methods}>
      {methods.map((method) => (
        <li class="flex items-center gap-2">
          <Icon name={method === 'pix' ? 'pix' : 'card'} class="size-4.5" />
          {plans[method]}
        </li>
      ))}
    </ul>
  )
}
