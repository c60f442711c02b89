import type { MemberPayment } from '#src/services/billing/views.ts'
import { receiptAddress } from '../../addresses.ts'
import { OrderLines } from '../../components/order-lines.tsx'
import { paymentStatusIn } from '../../components/subscription-panel.tsx'
import { SiteLayout } from '../../layouts/site-layout.tsx'
import { usePage } from '../../render.tsx'

/** One payment of a member, to read and to print, and while it can be withdrawn from the way to do so. */
export function ReceiptPage({ payment, buyer }: { payment: MemberPayment; buyer: string }) {
  const { words, siteName } = usePage()
  const { membership } = words
  const facts: Array<[string, string]> = [
    [membership.statusLabel, paymentStatusIn(words, payment)],
    [membership.paidAt, words.day(payment.paidAt)],
    [membership.paidBy, words.plans[payment.method]],
    [membership.buyer, buyer],
    [membership.order, payment.publicId],
  ]
  return (
    <SiteLayout title={membership.receiptTitle(payment.id)} isTransient>
      <div class="shell pt-6 sm:pt-10">
        <div class="mx-auto flex max-w-2xl flex-col gap-5">
          <section class="panel flex flex-col gap-6">
            <div>
              <p class="text-muted">{siteName}</p>
              <h1 class="page-title">{membership.receiptTitle(payment.id)}</h1>
            </div>
            <OrderLines lines={payment.lines} totalCents={payment.amountCents} currency={payment.currency} />
            <dl class="flex flex-col gap-2 border-t border-line pt-4 text-sm">
              {facts.map(([name, value]) => (
                <div class="flex flex-wrap justify-between gap-x-6">
                  <dt class="text-muted">{name}</dt>
                  <dd class="min-w-0 break-words">{value}</dd>
                </div>
              ))}
            </dl>
          </section>
          <div class="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 print:hidden">
            <a class="text-link" href="/account">
              {membership.back}
            </a>
            {payment.withdrawUntil && <Withdraw id={payment.id} until={payment.withdrawUntil} />}
          </div>
        </div>
      </div>
    </SiteLayout>
  )
}

function Withdraw({ id, until }: { id: number; until: Date }) {
  const { words } = usePage()
  return (
    <p class="flex flex-wrap items-center gap-x-3 text-sm text-muted">
      <a class="text-link" href={`${receiptAddress(id)}/withdraw`}>
        {words.membership.withdraw}
      </a>
      {words.membership.withdrawUntil(words.day(until))}
    </p>
  )
}
