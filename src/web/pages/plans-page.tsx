import type { MemberAccount, Offer } from '#src/services/billing/views.ts'
import { checkoutAddress, otherShop } from '../addresses.ts'
import { NoPayment } from '../components/no-payment.tsx'
import { Notice } from '../components/notice.tsx'
import { PlanCard } from '../components/plan-card.tsx'
import { PretendNotice } from '../components/pretend-notice.tsx'
import { SiteLayout } from '../layouts/site-layout.tsx'
import { usePlansHead } from '../page-heads.ts'
import { usePage } from '../render.tsx'

export interface PlansPageProps {
  /** In the order in which the owner sells them. */
  offers: Offer[]
  /** What the member has; null for who has nothing, or is a guest. */
  current: MemberAccount['subscription']
  /** Until when who asks may watch; null for who may not. */
  accessUntil: Date | null
  /** What this browser has begun to pay; null for nothing. */
  openOrder: { publicId: string; planName: string } | null
}

/** From so many days on, the shortest plan is no week: months are compared. */
const LONG_DAYS = 28

export function PlansPage({ offers, current, accessUntil, openOrder }: PlansPageProps) {
  const { words, siteName } = usePage()
  const best = bestOf(offers)
  const comparedDays = offers.every(({ plan }) => plan.days >= LONG_DAYS) ? 30 : 1
  return (
    <SiteLayout title={words.plans.title} current="plans" {...usePlansHead(offers)}>
      <div class="shell pt-8 sm:pt-12">
        <div class="mx-auto max-w-5xl">
          <h1 class="page-title text-center">{words.plans.title}</h1>
          <p class="mx-auto mt-3 max-w-2xl text-center text-lg text-pretty text-muted">
            {words.plans.introduction(siteName)}
          </p>
          <div class="mx-auto mt-6 flex max-w-2xl flex-col gap-3 empty:hidden">
            <WhatOneHas
              current={current}
              accessUntil={accessUntil}
              isGuest={offers.some(({ buyer }) => buyer === null)}
            />
            {openOrder && <OpenOrder order={openOrder} />}
            {offers.some(({ isPretend }) => isPretend) && <PretendNotice />}
          </div>
          {isAnythingSold(offers) ? (
            <ul class="mt-10 flex flex-wrap justify-center gap-x-5 gap-y-8">
              {offers.map((offer) => (
                <li class="w-full sm:w-80">
                  <PlanCard offer={offer} isBest={offer.plan.id === best} comparedDays={comparedDays} />
                </li>
              ))}
            </ul>
          ) : (
            <div class="mx-auto mt-10 max-w-2xl">
              <NothingSold offers={offers} />
            </div>
          )}
        </div>
      </div>
    </SiteLayout>
  )
}

function WhatOneHas({
  current,
  accessUntil,
  isGuest,
}: Pick<PlansPageProps, 'current' | 'accessUntil'> & { isGuest: boolean }) {
  const { words } = usePage()
  if (accessUntil === null) return null
  const until = words.day(accessUntil)
  return (
    <p class="form-message flex flex-wrap items-center justify-between gap-x-6 gap-y-1">
      {current ? words.plans.yours(current.planName, until) : words.plans.yourAccess(until)}
      {isGuest && <span>{words.plans.signedInCounts}</span>}
      {current && (
        <a class="text-link" href="/account">
          {words.plans.toAccount}
        </a>
      )}
    </p>
  )
}

/** The way back to a payment that waits, for who has closed its page. */
function OpenOrder({ order }: { order: NonNullable<PlansPageProps['openOrder']> }) {
  const { plans } = usePage().words
  return (
    <p class="form-message flex flex-wrap items-center justify-between gap-x-6 gap-y-1">
      {plans.openOrder(order.planName)}
      <a class="text-link" href={checkoutAddress(order)}>
        {plans.toOpenOrder}
      </a>
    </p>
  )
}

function NothingSold({ offers }: { offers: Offer[] }) {
  const { plans } = usePage().words
  return offers.length === 0 ? (
    <Notice icon="lock" title={plans.empty} hint={plans.emptyHint} />
  ) : (
    <NoPayment />
  )
}

const isAnythingSold = (offers: Offer[]) =>
  offers.some(
    ({ plan, methods, outcome }) => otherShop(plan) !== null || methods.length > 0 || outcome.isShorter,
  )

/** The plan whose day costs least, where there is a choice and days cost differently. */
function bestOf(offers: Offer[]): number | null {
  const byDay = offers
    .map(({ plan }) => ({ id: plan.id, cents: plan.priceCents / plan.days }))
    .sort((left, right) => left.cents - right.cents)
  const [best, next] = byDay
  return best && next && best.cents < next.cents ? best.id : null
}
