import type { MemberAccount, MemberPayment } from '#src/services/billing/views.ts'
import { buyAddress, receiptAddress } from '../addresses.ts'
import { usePage } from '../render.tsx'
import { FormMessage } from './form-field.tsx'
import { usePrice } from './use-price.ts'

/** What a member has, what comes next, and what they paid: a part of the page of their account. */
export function SubscriptionPanel({ account, isAdmin }: { account: MemberAccount; isAdmin: boolean }) {
  return (
    <>
      <Done />
      <Membership subscription={account.subscription} isAdmin={isAdmin} />
      <Payments payments={account.payments} />
    </>
  )
}

/** What a form of this panel has come to, by the address it led to. */
function Done() {
  const { words, address } = usePage()
  const done = DONE.find((outcome) => outcome === address.query.get('done'))
  return done ? <FormMessage kind="done">{words.membership[done]}</FormMessage> : null
}

const DONE = ['canceled', 'resumed', 'withdrawn'] as const
export type MembershipOutcome = (typeof DONE)[number]

/** Where the forms of the panel lead. */
export const membershipAddress = (done: MembershipOutcome) => `/account?done=${done}`

function Membership({ subscription, isAdmin }: Pick<MemberAccount, 'subscription'> & { isAdmin: boolean }) {
  const { membership } = usePage().words
  return (
    <section class="panel flex flex-col gap-5" aria-labelledby="membership">
      <h2 class="text-lg font-bold" id="membership">
        {membership.title}
      </h2>
      {subscription ? (
        <Subscription subscription={subscription} />
      ) : isAdmin ? (
        <p class="font-semibold">{membership.admin}</p>
      ) : (
        <NoSubscription />
      )}
    </section>
  )
}

function NoSubscription() {
  const { membership } = usePage().words
  return (
    <>
      <div>
        <p class="font-semibold">{membership.none}</p>
        <p class="text-muted">{membership.noneHint}</p>
      </div>
      <a class="button self-start" href="/plans">
        {membership.choose}
      </a>
    </>
  )
}

type Subscription = NonNullable<MemberAccount['subscription']>

function Subscription({ subscription }: { subscription: Subscription }) {
  const { words } = usePage()
  const { membership } = words
  const { planName, status, endsAt } = subscription
  const isRunning = status === 'active' || status === 'canceled'
  return (
    <>
      <div class="flex flex-col gap-1">
        <p class="flex flex-wrap items-center gap-x-3 gap-y-1 text-xl font-bold">
          <bdi class="min-w-0 break-words">{planName}</bdi>
          <span class="tag">{membership.status[status]}</span>
        </p>
        <p class="font-medium">
          <time datetime={endsAt.toISOString()}>
            {(isRunning ? membership.activeUntil : membership.endedOn)(words.day(endsAt))}
          </time>
        </p>
        {status !== 'expired' && <p class="text-muted">{membership[HINTS[status]]}</p>}
      </div>
      {isRunning ? (
        <div class="flex flex-wrap items-center gap-3">
          <WaysOn subscription={subscription} />
          {status === 'active' ? (
            <Turn to="cancel" text={membership.cancel} />
          ) : (
            <Turn to="resume" text={membership.resume} />
          )}
        </div>
      ) : (
        <a class="button self-start" href="/plans">
          {membership.choose}
        </a>
      )}
    </>
  )
}

/** A plan that is not sold any more is not renewed: another one is chosen. */
function WaysOn({ subscription: { planId, isOnSale } }: { subscription: Subscription }) {
  const { membership } = usePage().words
  if (!isOnSale)
    return (
      <a class="button" href="/plans">
        {membership.choose}
      </a>
    )
  return (
    <>
      <a class="button" href={buyAddress(planId)}>
        {membership.renew}
      </a>
      <a class="button-quiet" href="/plans">
        {membership.change}
      </a>
    </>
  )
}

const HINTS = {
  active: 'activeHint',
  canceled: 'canceledHint',
  refunded: 'refundedHint',
} as const satisfies Partial<Record<Subscription['status'], string>>

function Turn({ to, text }: { to: 'cancel' | 'resume'; text: string }) {
  return (
    <form method="post" action={`/account/subscription/${to}`}>
      <button class="text-link px-3" type="submit">
        {text}
      </button>
    </form>
  )
}

function Payments({ payments }: Pick<MemberAccount, 'payments'>) {
  const { membership } = usePage().words
  return (
    <section class="panel" aria-labelledby="payments">
      <h2 class="text-lg font-bold" id="payments">
        {membership.payments}
      </h2>
      {payments.length === 0 ? (
        <p class="mt-3 text-muted">{membership.noPayments}</p>
      ) : (
        <ul class="mt-2 divide-y divide-line">
          {payments.map((payment) => (
            <li class="flex flex-wrap items-center justify-between gap-x-6 gap-y-1 py-3">
              <Payment payment={payment} />
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

function Payment({ payment }: { payment: MemberPayment }) {
  const { words } = usePage()
  const { membership } = words
  const { id, planName, amountCents, currency, paidAt, withdrawUntil } = payment
  const date = words.day(paidAt)
  return (
    <>
      <div class="min-w-0">
        <p class="font-medium break-words">
          <bdi>{planName}</bdi>
          {' · '}
          <span class="whitespace-nowrap">{usePrice(currency)(amountCents)}</span>
        </p>
        <p class="text-sm text-muted">
          {isPlain(payment) ? membership.paidOn(date) : `${date} · ${paymentStatusIn(words, payment)}`}
          {withdrawUntil && ` · ${membership.withdrawableUntil(words.day(withdrawUntil))}`}
        </p>
      </div>
      <p class="flex flex-wrap items-center gap-x-5">
        <a
          class="text-link text-sm"
          href={receiptAddress(id)}
          aria-label={membership.receiptOf(planName, date)}
        >
          {membership.receipt}
        </a>
        {withdrawUntil && (
          <a
            class="text-link text-sm"
            href={`${receiptAddress(id)}/withdraw`}
            aria-label={membership.withdrawFromThis(planName, date)}
          >
            {membership.withdrawFrom}
          </a>
        )}
      </p>
    </>
  )
}

const isPlain = ({ status, isRefundRequested }: MemberPayment) => status === 'paid' && !isRefundRequested

/** What has become of the money. */
export const paymentStatusIn = (
  { membership }: ReturnType<typeof usePage>['words'],
  { status, isRefundRequested }: MemberPayment,
) => membership.paymentStatus[status === 'paid' && isRefundRequested ? 'refunding' : status]
