import { checkoutAddress } from '../../addresses.ts'
import { EMPTY_FORM, FormField, FormMessage, type FormState } from '../../components/form-field.tsx'
import { Icon } from '../../components/icon.tsx'
import { StateHead } from '../../components/state-head.tsx'
import { usePage } from '../../render.tsx'
import type { StateProps } from './state-page.tsx'

/** In the address of the page: its visitor has just said whose e-mail they meant. It only says so. */
export const EMAIL_CORRECTED = 'corrected'

/** Thank you, and what is open now. */
export function PaidCheckout({ state, isMember, watchAt, emailForm }: StateProps) {
  const { words, address } = usePage()
  const { checkout } = words
  return (
    <>
      {!isMember && address.query.has(EMAIL_CORRECTED) && (
        <FormMessage kind="done">{checkout.emailCorrected(state.email)}</FormMessage>
      )}
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
      {!isMember && <OtherDevices state={state} form={emailForm} />}
    </>
  )
}

/** The same words whether the e-mail had an account before or not: nobody learns that by paying for it. */
function OtherDevices({
  state,
  form = EMPTY_FORM,
}: {
  state: StateProps['state']
  form?: FormState | undefined
}) {
  const { checkout } = usePage().words
  return (
    <section class="panel flex gap-4" aria-labelledby="other-devices">
      <Icon name="mail" class="mt-1 size-6 text-muted" />
      <div class="min-w-0 flex-1">
        <h2 class="font-bold" id="other-devices">
          {checkout.otherDevices}
        </h2>
        <p class="mt-1 break-words text-muted">{checkout.otherDevicesHint(state.email)}</p>
        <a class="text-link -mb-2 text-sm" href="/reset">
          {checkout.nothingCame}
        </a>
        {state.mayCorrectEmail && <CorrectEmail state={state} form={form} />}
      </div>
    </section>
  )
}

function CorrectEmail({ state, form }: { state: StateProps['state']; form: FormState }) {
  const { checkout } = usePage().words
  return (
    <details class="-mb-2" open={form.errors.email !== undefined}>
      <summary class="text-link cursor-pointer text-sm">{checkout.wrongEmail}</summary>
      <form
        class="mt-2 mb-3 flex max-w-md flex-col gap-4"
        method="post"
        action={`${checkoutAddress(state)}/email`}
        novalidate
      >
        <FormField
          form={form}
          name="email"
          label={checkout.rightEmail}
          hint={checkout.rightEmailHint}
          type="email"
          autocomplete="email"
          inputmode="email"
        />
        <button class="button-quiet self-start" type="submit">
          {checkout.sendToRightEmail}
        </button>
      </form>
    </details>
  )
}
