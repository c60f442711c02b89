import type { MemberPayment } from '#src/services/billing/views.ts'
import { receiptAddress } from '../../addresses.ts'
import { StateHead } from '../../components/state-head.tsx'
import { usePrice } from '../../components/use-price.ts'
import { SiteLayout } from '../../layouts/site-layout.tsx'
import { usePage } from '../../render.tsx'

/** Asks once more before access ends and the money goes back. */
export function WithdrawPage({ payment }: { payment: MemberPayment }) {
  const { membership } = usePage().words
  const amount = usePrice(payment.currency)(payment.amountCents)
  return (
    <SiteLayout title={membership.withdrawTitle} isTransient>
      <div class="shell pt-6 sm:pt-10">
        <section class="panel mx-auto flex max-w-2xl flex-col gap-6 py-8">
          <StateHead icon="refund" title={membership.withdrawTitle}>
            <p class="max-w-prose text-lg text-pretty">{membership.withdrawHint(amount)}</p>
            <p class="max-w-prose text-pretty text-muted">{membership.withdrawRight}</p>
          </StateHead>
          <form
            class="flex flex-wrap justify-center gap-3"
            method="post"
            action={`${receiptAddress(payment.id)}/withdraw`}
            data-checkout-form
          >
            <a class="button-quiet" href="/account">
              {membership.keep}
            </a>
            <button class="button" type="submit">
              {membership.withdrawConfirm(amount)}
            </button>
          </form>
        </section>
      </div>
    </SiteLayout>
  )
}
