import { Icon } from '../../components/icon.tsx'
import { StateHead } from '../../components/state-head.tsx'
import { usePage } from '../../render.tsx'
import type { StateProps } from './state-page.tsx'

/** Thank you, and what is open now. */
export function PaidCheckout({ state, isMember, watchAt }: StateProps) {
  const { words } = usePage()
  const { checkout } = words
  return (
    <>
      <section class="panel flex flex-col items-center gap-6 py-8">
        <StateHead icon="check" mood="state-mark-good" title={checkout.paidTitle}>
          {state.accessUntil && (
            <p class="max-w-prose text-lg text-pretty">{checkout.paidHint(words.day(state.accessUntil))}</p>
          )}
          {isMember && <p class="max-w-prose break-words text-muted">{checkout.receiptSent(state.email)}</p>}
        </StateHead>
        <div class="flex flex-wrap justify-center gap-3">
          <a class="button" href={watchAt}>
            <Icon name="play" />
            {checkout.watch}
          </a>
          {isMember && (
            <a class="button-quiet" href="/account">
              {checkout.seeMembership}
            </a>
          )}
        </div>
      </section>
      {!isMember && <OtherDevices email={state.email} />}
    </>
  )
}

/** The same words whether the e-mail had an account before or not: nobody learns that by paying for it. */
function OtherDevices({ email }: { email: string }) {
  const { checkout } = usePage().words
  return (
    <section class="panel flex gap-4" aria-labelledby="other-devices">
      <Icon name="mail" class="mt-1 size-6 text-muted" />
      <div class="min-w-0">
        <h2 class="font-bold" id="other-devices">
          {checkout.otherDevices}
        </h2>
        <p class="mt-1 break-words text-muted">{checkout.otherDevicesHint(email)}</p>
        <a class="text-link -mb-2 text-sm" href="/reset">
          {checkout.nothingCame}
        </a>
      </div>
    </section>
  )
}
