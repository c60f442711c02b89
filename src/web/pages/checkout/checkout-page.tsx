import { CHECKOUT_FIELDS, type FieldMistakes } from '#src/services/billing/checkout-form.ts'
import type { Offer, PaymentMethod } from '#src/services/billing/views.ts'
import { buyAddress } from '../../addresses.ts'
import { Choice } from '../../components/choice.tsx'
import { FormField, FormMessage, type FormState } from '../../components/form-field.tsx'
import { Icon } from '../../components/icon.tsx'
import { NoPayment } from '../../components/no-payment.tsx'
import { Notice } from '../../components/notice.tsx'
import { OrderLine, OrderTotal } from '../../components/order-lines.tsx'
import { durationIn, outcomeIn } from '../../components/plan-card.tsx'
import { PretendNotice } from '../../components/pretend-notice.tsx'
import { Step } from '../../components/step.tsx'
import { usePrice } from '../../components/use-price.ts'
import { SiteLayout } from '../../layouts/site-layout.tsx'
import { usePage } from '../../render.tsx'
import type { Dictionary } from '../../words/en.ts'

export interface CheckoutPageProps {
  offer: Offer
  /** What was typed, by the fields' names; `method` and `bump` as well. */
  values?: Record<string, string | undefined>
  mistakes?: FieldMistakes
  /** What is in the way although every field is right. */
  obstacle?: 'offerChanged' | 'noCookies' | PaymentObstacle | null
  /** Whether it is an order that was begun before, and lacks something for the way it is paid now. */
  isContinued?: boolean
}

/** What is in the way of a new charge: no gateway that answers, or too many charges before, and for how many seconds. */
export type PaymentObstacle = 'gatewayDown' | { tooManyChargesFor: number }

/** Says so. */
export function obstacleIn({ checkout }: Dictionary, obstacle: PaymentObstacle): string {
  if (obstacle === 'gatewayDown') return checkout.gatewayDown
  return checkout.tooManyCharges(checkout.minutes(Math.ceil(obstacle.tooManyChargesFor / 60)))
}

/** Three steps on one page, and one button that says what it does. */
export function CheckoutPage({ offer, values = {}, mistakes = {}, ...notes }: CheckoutPageProps) {
  const { words } = usePage()
  const form = formState(offer, values, mistakes, words)
  return (
    <SiteLayout title={words.checkout.title} isTransient>
      <div class="shell pt-6 sm:pt-10">
        <div class="mx-auto max-w-5xl">
          <h1 class="page-title">{words.checkout.title}</h1>
          {offer.methods.length === 0 ? (
            <div class="mx-auto mt-8 max-w-2xl">
              <NotNow isShorter={offer.outcome.isShorter} />
            </div>
          ) : (
            <Form offer={offer} form={form} {...notes} />
          )}
        </div>
      </div>
    </SiteLayout>
  )
}

/** In place of the form: a plan that would give less than one has, or nobody to take the money. */
function NotNow({ isShorter }: { isShorter: boolean }) {
  const { plans, checkout } = usePage().words
  if (!isShorter) return <NoPayment />
  return (
    <Notice icon="clock" title={plans.shorter}>
      <a class="button" href="/plans">
        {checkout.otherPlans}
      </a>
    </Notice>
  )
}

type FormProps = Pick<CheckoutPageProps, 'offer' | 'obstacle' | 'isContinued'> & { form: FormState }

/** What the browser fills in is judged by us alone: a bubble of its own would speak of fields that are not shown. */
function Form({ offer, form, obstacle = null, isContinued = false }: FormProps) {
  const { words } = usePage()
  const { checkout } = words
  const mistakes = Object.keys(form.errors).length
  return (
    <form
      class="checkout mt-6 grid items-start gap-5 lg:grid-cols-2"
      method="post"
      action={buyAddress(offer.plan.id)}
      novalidate
      data-checkout-form
      data-mistakes={JSON.stringify(checkout.fieldMistakes)}
    >
      <input type="hidden" name="plan" value={String(offer.plan.id)} />
      <input type="hidden" name="seen" value={offerMark(offer)} />
      <div class="flex flex-col gap-3 empty:hidden lg:col-span-2">
        {obstacle && (
          <FormMessage kind="error">
            {obstacle === 'offerChanged' || obstacle === 'noCookies'
              ? checkout[obstacle]
              : obstacleIn(words, obstacle)}
          </FormMessage>
        )}
        {isContinued && <FormMessage kind="done">{checkout.continued}</FormMessage>}
        {mistakes > 0 && <FormMessage kind="error">{checkout.mistakes(mistakes)}</FormMessage>}
        {offer.isPretend && <PretendNotice />}
      </div>
      <div class="flex min-w-0 flex-col gap-5">
        <PlanStep offer={offer} isBumped={form.values.bump !== undefined} />
        <BuyerStep offer={offer} form={form} />
      </div>
      <div class="flex min-w-0 flex-col gap-5 lg:sticky lg:top-21">
        <PaymentStep offer={offer} form={form} />
      </div>
    </form>
  )
}

/** What the page offered, by which it is noticed when that has changed. Nothing is computed from it. */
export const offerMark = ({ plan, bump, currency }: Offer) =>
  [plan.id, plan.priceCents, plan.days, bump?.cents ?? 'none', currency].join('-')

/** Mistakes in the words of the page, in the order of the fields. */
function formState(
  { methods, buyer }: Offer,
  values: Record<string, string | undefined>,
  mistakes: FieldMistakes,
  { checkout }: Dictionary,
): FormState {
  const errors = CHECKOUT_FIELDS.flatMap((field) => {
    const mistake = mistakes[field]
    return mistake ? [[field, checkout.fieldMistakes[mistake]] as const] : []
  })
  const method = methods.find((method) => method === values.method) ?? methods[0]
  return {
    values: { ...values, name: values.name ?? buyer?.name ?? undefined, method },
    errors: Object.fromEntries(errors),
  }
}

function PlanStep({ offer, isBumped }: { offer: Offer; isBumped: boolean }) {
  const { words } = usePage()
  const { plan, bump, currency, outcome } = offer
  const price = usePrice(currency)
  return (
    <Step number={1} title={words.checkout.planStep}>
      <div class="flex items-start justify-between gap-4">
        <p class="min-w-0 text-xl font-bold break-words">
          <bdi>{plan.name}</bdi>
        </p>
        <p class="text-xl font-bold whitespace-nowrap">{price(plan.priceCents)}</p>
      </div>
      <p class="mt-1 text-muted">
        {durationIn(words, plan.days)}
        {' · '}
        {outcomeIn(words, offer) ?? words.checkout.watchUntil(words.day(outcome.endsAt))}
      </p>
      {bump && (
        <fieldset class="mt-4">
          <legend class="mb-2 text-sm font-semibold">{words.checkout.bump}</legend>
          <Choice type="checkbox" name="bump" value="on" isChosen={isBumped}>
            <bdi class="min-w-0 flex-1 break-words">{bump.name}</bdi>
            <span class="whitespace-nowrap">+ {price(bump.cents)}</span>
          </Choice>
        </fieldset>
      )}
      <a class="text-link mt-2 -mb-3 text-sm" href="/plans">
        {words.checkout.otherPlans}
      </a>
    </Step>
  )
}

function BuyerStep({ offer, form }: { offer: Offer; form: FormState }) {
  const { checkout } = usePage().words
  return (
    <Step number={2} title={checkout.buyerStep}>
      <div class="flex flex-col gap-4">
        {offer.buyer && <p class="-mt-2 break-words text-muted">{checkout.signedInAs(offer.buyer.email)}</p>}
        {!offer.buyer && <ForGuests planId={offer.plan.id} />}
        <FormField form={form} name="name" label={checkout.name} autocomplete="name" maxlength={200} />
        {!offer.buyer && (
          <FormField
            form={form}
            name="email"
            label={checkout.email}
            hint={checkout.emailHint}
            type="email"
            inputmode="email"
            autocomplete="email"
            maxlength={300}
            data-did-you-mean={checkout.didYouMean('{email}')}
          />
        )}
        <NeededBy offer={offer} need="document">
          <FormField
            form={form}
            name="document"
            label={checkout.document}
            hint={checkout.documentHint}
            autocomplete="off"
            maxlength={40}
            data-mask="document"
          />
        </NeededBy>
        <NeededBy offer={offer} need="phone">
          <FormField
            form={form}
            name="phone"
            label={checkout.phone}
            hint={checkout.phoneHint}
            type="tel"
            inputmode="tel"
            autocomplete="tel-national"
            maxlength={40}
            data-mask="phone"
          />
        </NeededBy>
      </div>
    </Step>
  )
}

function ForGuests({ planId }: { planId: number }) {
  const { checkout } = usePage().words
  const back = encodeURIComponent(buyAddress(planId))
  return (
    <p class="-mt-2 flex flex-wrap items-center gap-x-4 text-muted">
      {checkout.withoutAccount}
      <a class="text-link text-sm" href={`/sign-in?to=${back}`}>
        {checkout.signIn}
      </a>
    </p>
  )
}

/** There where some method needs it, and shown as long as such a one is chosen. */
function NeededBy({
  offer,
  need,
  children,
}: {
  offer: Offer
  need: 'document' | 'phone'
  children: unknown
}) {
  const { methods, needs } = offer
  const needing = methods.filter((method) => needs[method][need])
  if (needing.length === 0) return null
  const isAlwaysShown = needing.length === methods.length
  return <div class={isAlwaysShown ? '' : `if-${needing[0]}`}>{children}</div>
}

function PaymentStep({ offer, form }: { offer: Offer; form: FormState }) {
  const { words } = usePage()
  const { checkout } = words
  const error = form.errors.method
  return (
    <Step number={3} title={checkout.paymentStep}>
      <fieldset class="flex flex-col gap-3">
        <legend class="sr-only">{checkout.paymentStep}</legend>
        {offer.methods.map((method) => (
          <Choice
            type="radio"
            name="method"
            value={method}
            isChosen={form.values.method === method}
            describedBy={error && 'method-error'}
            hint={HINTS[method](words)}
          >
            {checkout[method]}
            <Icon name={method === 'pix' ? 'pix' : 'card'} class="ms-auto size-5 self-center text-muted" />
          </Choice>
        ))}
        {error && (
          <p class="field-error" id="method-error">
            {error}
          </p>
        )}
      </fieldset>
      <Total offer={offer} />
      <button class="button mt-5 w-full px-4" type="submit" data-sending={checkout.sending}>
        <SubmitText offer={offer} />
      </button>
      <p class="mt-4 text-center text-sm text-pretty text-muted">
        {checkout.once} {checkout.withdrawal}
      </p>
      <Agreement />
    </Step>
  )
}

const HINTS: Record<PaymentMethod, (words: Dictionary) => string> = {
  pix: ({ checkout }) => checkout.pixHint,
  credit_card: ({ checkout }) => checkout.cardHint,
}

function Total({ offer: { plan, bump, currency } }: { offer: Offer }) {
  const price = usePrice(currency)
  return (
    <dl class="mt-6 flex flex-col gap-2">
      <OrderLine name={plan.name} amount={price(plan.priceCents)} />
      {bump && <OrderLine class="if-bump" name={bump.name} amount={price(bump.cents)} />}
      <OrderTotal class={bump ? 'unless-bump' : ''} amount={price(plan.priceCents)} />
      {bump && <OrderTotal class="if-bump" amount={price(plan.priceCents + bump.cents)} />}
    </dl>
  )
}

/** What the button does now: for each method, with the bump and without. */
function SubmitText({ offer: { plan, bump, methods, currency } }: { offer: Offer }) {
  const { checkout } = usePage().words
  const price = usePrice(currency)
  const sums = [
    { cents: plan.priceCents, shown: bump ? 'unless-bump' : '' },
    ...(bump ? [{ cents: plan.priceCents + bump.cents, shown: 'if-bump' }] : []),
  ]
  return methods.map((method) => (
    <span class={`if-${method}`}>
      {sums.map(({ cents, shown }) => (
        <span class={shown}>{(method === 'pix' ? checkout.payPix : checkout.payCard)(price(cents))}</span>
      ))}
    </span>
  ))
}

function Agreement() {
  const { words, site } = usePage()
  if (!site.hasTerms && !site.hasPrivacy) return null
  return (
    <p class="mt-1 flex flex-wrap items-center justify-center gap-x-3 text-sm text-muted">
      {words.checkout.accept}
      {site.hasTerms && (
        <a class="text-link" href="/terms">
          {words.legal.terms}
        </a>
      )}
      {site.hasPrivacy && (
        <a class="text-link" href="/privacy">
          {words.legal.privacy}
        </a>
      )}
    </p>
  )
}
