import type { CheckoutState, PaymentMethod } from '#src/services/billing/views.ts'
import { buyAddress, checkoutAddress } from '../../addresses.ts'
import { FormMessage, type FormState } from '../../components/form-field.tsx'
import type { IconName } from '../../components/icon.tsx'
import { OrderLines } from '../../components/order-lines.tsx'
import { PretendNotice } from '../../components/pretend-notice.tsx'
import { StateHead } from '../../components/state-head.tsx'
import { usePrice } from '../../components/use-price.ts'
import { SiteLayout } from '../../layouts/site-layout.tsx'
import { usePage } from '../../render.tsx'
import { obstacleIn, type PaymentObstacle } from './checkout-page.tsx'
import { type CheckoutView, checkoutView, isLive, isLookedAtAgain } from './checkout-view.ts'
import { PaidCheckout } from './paid-checkout.tsx'
import { PixPayment } from './pix-payment.tsx'

export interface StateProps {
  state: CheckoutState
  /** Whether who asks has signed in. */
  isMember: boolean
  /** Where what was paid for begins. */
  watchAt: string
  now: Date
  /** Why another try has just failed. */
  obstacle?: PaymentObstacle | null
  /** For the e-mail of a guest, when what was typed for it was not right. */
  emailForm?: FormState
}

/** Without a script, the page is loaded again after so long. */
const RELOAD_SECONDS = 10

/** In the address of the page: its visitor has just had the gateway asked. It only says so. */
export const CHECKED = 'checked'

/** What has become of a checkout. */
export function CheckoutStatePage(props: StateProps) {
  const { state, now, obstacle } = props
  const { words, address } = usePage()
  const view = checkoutView(state, now)
  return (
    <SiteLayout
      title={view === 'paid' ? words.checkout.paidTitle : words.checkout.title}
      isTransient
      reloadSeconds={isLive(view) ? RELOAD_SECONDS : undefined}
    >
      <div class="shell pt-6 sm:pt-10">
        <div
          class="mx-auto flex max-w-3xl flex-col gap-5"
          data-checkout={isLive(view) ? `${checkoutAddress(state)}/events` : ''}
          data-status={state.status}
          data-view={view}
          {...(isLookedAtAgain(view) && { 'data-look-again': true })}
        >
          {obstacle && <FormMessage kind="error">{obstacleIn(words, obstacle)}</FormMessage>}
          {isLive(view) && address.query.has(CHECKED) && (
            <FormMessage kind="done">{words.checkout.checked}</FormMessage>
          )}
          <State view={view} {...props} />
          <section class="panel" aria-labelledby="summary">
            <h2 class="mb-4 font-bold" id="summary">
              {words.checkout.summary}
            </h2>
            <OrderLines {...state} />
            {isLive(view) && state.email !== '' && (
              <p class="mt-4 text-sm break-words text-muted">{words.checkout.receiptGoesTo(state.email)}</p>
            )}
          </section>
        </div>
      </div>
    </SiteLayout>
  )
}

function State({ view, ...props }: StateProps & { view: CheckoutView }) {
  const { state } = props
  const { checkout } = usePage().words
  const amount = usePrice(state.currency)(state.totalCents)
  const method = state.payment?.method ?? 'pix'
  switch (view) {
    case 'paid':
      return <PaidCheckout {...props} />
    case 'pix':
      return <PixPayment {...props} />
    case 'card':
      return <CardPayment {...props} />
    case 'asking':
      return <Waiting state={state} title={checkout.askingTitle} hint={checkout.askingHint} />
    case 'lapsed':
      return <Waiting state={state} title={checkout.lapsedTitle} hint={checkout.lapsedHint} />
    case 'refunding':
      return <Closed icon="refund" title={checkout.refundingTitle} hint={checkout.refundingHint(amount)} />
    case 'refunded':
      return <Closed icon="refund" title={checkout.refundedTitle} hint={checkout.refundedHint(amount)} />
    case 'charged_back':
      return <Closed icon="alert" title={checkout.chargedBackTitle} hint={checkout.chargedBackHint} />
    case 'failed':
      return <Unpaid state={state} title={checkout.failedTitle[method]} hint={checkout.failedHint} />
    default:
      return <Unpaid state={state} {...checkout.ends[view]} />
  }
}

function Unpaid({ state, title, hint }: { state: CheckoutState; title: string; hint: string }) {
  return (
    <section class="panel flex flex-col gap-6 py-8">
      <StateHead icon="alert" mood="state-mark-bad" title={title}>
        <p class="max-w-prose text-lg text-pretty text-muted">{hint}</p>
      </StateHead>
      <Retry state={state} />
    </section>
  )
}

function Closed({ icon, title, hint }: { icon: IconName; title: string; hint: string }) {
  const { checkout } = usePage().words
  return (
    <section class="panel flex flex-col items-center gap-6 py-8">
      <StateHead icon={icon} title={title}>
        <p class="max-w-prose text-lg text-pretty text-muted">{hint}</p>
      </StateHead>
      <a class="button" href="/plans">
        {checkout.choosePlan}
      </a>
    </section>
  )
}

function CardPayment({ state }: StateProps) {
  const { checkout } = usePage().words
  const amount = usePrice(state.currency)(state.totalCents)
  return (
    <section class="panel flex flex-col items-center gap-6 py-8">
      {state.payment?.isPretend && <PretendNotice />}
      <StateHead icon="card" title={checkout.cardTitle(amount)}>
        <p class="max-w-prose text-lg text-pretty text-muted">{checkout.cardWaitingHint}</p>
      </StateHead>
      {state.payment?.payUrl && (
        <a class="button" href={state.payment.payUrl} rel="noopener">
          {checkout.toCard}
        </a>
      )}
      <WaitingLine />
      <Links state={state} />
    </section>
  )
}

function Waiting({ state, title, hint }: { state: CheckoutState; title: string; hint: string }) {
  return (
    <section class="panel flex flex-col items-center gap-6 py-8">
      <StateHead icon="clock" title={title}>
        <p class="max-w-prose text-lg text-pretty text-muted">{hint}</p>
      </StateHead>
      <noscript>
        <p class="text-sm text-muted">{usePage().words.checkout.reloads}</p>
      </noscript>
      <CheckAgain state={state} />
    </section>
  )
}

/** Tells that the page waits, to who hears it as well. */
export function WaitingLine() {
  const { checkout } = usePage().words
  return (
    <div class="flex flex-col items-center gap-1 text-center">
      <p class="flex items-center gap-3 font-semibold" role="status">
        <span class="waiting-dot" aria-hidden="true" />
        {checkout.waiting}
      </p>
      <p class="text-sm text-muted">{checkout.waitingHint}</p>
      <noscript>
        <p class="text-sm text-muted">{checkout.reloads}</p>
      </noscript>
    </div>
  )
}

/** The ways on from a payment that is waited for. */
export function Links({ state }: { state: CheckoutState }) {
  const { checkout } = usePage().words
  const others = state.methods.filter((method) => method !== state.payment?.method)
  return (
    <div class="flex flex-wrap items-center justify-center gap-x-6">
      <CheckAgain state={state} />
      {others.map((method) => (
        <Pay state={state} method={method} style="text-link" text={checkout.otherMethod[method]} />
      ))}
    </div>
  )
}

function CheckAgain({ state }: { state: CheckoutState }) {
  return (
    <a class="text-link" href={`${checkoutAddress(state)}/return?${CHECKED}`} rel="nofollow">
      {usePage().words.checkout.check}
    </a>
  )
}

/** Another try the same way, or another way; where the plan is not sold any more, the plans. */
function Retry({ state }: { state: CheckoutState }) {
  const { checkout } = usePage().words
  const tried = state.payment?.method
  const methods = state.methods.toSorted((left, right) => Number(right === tried) - Number(left === tried))
  return (
    <div class="flex flex-wrap items-center justify-center gap-3">
      {methods.map((method, index) => (
        <Pay
          state={state}
          method={method}
          style={index === 0 ? 'button' : 'button-quiet'}
          text={method === tried ? checkout.retry[method] : checkout.payBy[method]}
        />
      ))}
      {methods.length === 0 && (
        <a class="button" href={state.planId > 0 ? buyAddress(state.planId) : '/plans'}>
          {checkout.startOver}
        </a>
      )}
    </div>
  )
}

function Pay({
  state,
  method,
  style,
  text,
}: {
  state: CheckoutState
  method: PaymentMethod
  style: string
  text: string
}) {
  return (
    <form method="post" action={`${checkoutAddress(state)}/pay`} data-checkout-form>
      <button class={style} type="submit" name="method" value={method}>
        {text}
      </button>
    </form>
  )
}
