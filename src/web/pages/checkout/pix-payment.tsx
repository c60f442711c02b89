import { Icon } from '../../components/icon.tsx'
import { PretendNotice } from '../../components/pretend-notice.tsx'
import { QrCode } from '../../components/qr-code.tsx'
import { usePrice } from '../../components/use-price.ts'
import { usePage } from '../../render.tsx'
import { Links, type StateProps, WaitingLine } from './state-page.tsx'

/** The code of a PIX charge, to scan with another device or to copy on this one. */
export function PixPayment({ state, now }: StateProps) {
  const { checkout } = usePage().words
  const amount = usePrice(state.currency)(state.totalCents)
  const { payment } = state
  if (!payment?.pixCode) return null
  return (
    <section class="panel flex flex-col gap-6">
      <h1 class="page-title text-center outline-none" tabindex={-1} data-state-title>
        {checkout.pixTitle(amount)}
      </h1>
      {payment.isPretend && <PretendNotice />}
      {/* A phone cannot read its own screen: there the code to copy comes first, elsewhere the one to scan. */}
      <div class="flex flex-col gap-6 sm:grid sm:grid-cols-[18rem_1fr] sm:items-center sm:gap-x-8">
        <div class="mx-auto w-full max-w-60 max-sm:order-3 sm:max-w-72">
          <QrCode text={payment.pixCode} label={checkout.qrCode(amount)} />
        </div>
        <div class="flex min-w-0 flex-col gap-4 max-sm:contents">
          {payment.expiresAt && <Countdown until={payment.expiresAt} now={now} />}
          <Steps />
        </div>
        <Code code={payment.pixCode} />
      </div>
      <WaitingLine />
      {payment.isPretend && (
        <a
          class="button-quiet self-center"
          href={pretendBank(payment.pixCode)}
          target="_blank"
          rel="noopener"
        >
          {checkout.payPretend}
        </a>
      )}
      <Links state={state} />
    </section>
  )
}

/** Where the sandbox takes codes that no bank knows. */
const pretendBank = (code: string) => `/sandbox/bank?${new URLSearchParams({ code })}`

function Steps() {
  const { checkout } = usePage().words
  return (
    <ol class="flex flex-col gap-2.5 max-sm:order-2">
      {checkout.pixSteps.map((step, index) => (
        <li class="flex gap-3">
          <span class="step-number size-6 text-xs" aria-hidden="true">
            {index + 1}
          </span>
          {step}
        </li>
      ))}
    </ol>
  )
}

/** In minutes; a script makes seconds of it. */
function Countdown({ until, now }: { until: Date; now: Date }) {
  const { checkout } = usePage().words
  const seconds = Math.max(Math.ceil((until.getTime() - now.getTime()) / 1_000), 1)
  return (
    <p class="flex items-center gap-2 font-semibold max-sm:justify-center">
      <Icon name="clock" class="size-5 text-muted" />
      {checkout.validFor}
      <time class="tabular-nums" datetime={until.toISOString()} data-countdown={String(seconds)}>
        {checkout.minutes(Math.ceil(seconds / 60))}
      </time>
    </p>
  )
}

function Code({ code }: { code: string }) {
  const { checkout } = usePage().words
  return (
    <div class="flex min-w-0 flex-col gap-2 max-sm:order-1 sm:col-span-2">
      <button
        class="button invisible w-full"
        type="button"
        data-copy="pix-code"
        data-copied={checkout.copied}
        data-copy-failed={checkout.copyFailed}
      >
        <Icon name="copy" />
        {checkout.copy}
      </button>
      <p class="min-h-5 text-center text-sm font-medium text-success" role="status" data-copy-status />
      <label class="ps-1 text-sm font-semibold" for="pix-code">
        {checkout.code}
      </label>
      <textarea class="code-box" id="pix-code" rows={4} readonly spellcheck={false} data-select>
        {code}
      </textarea>
    </div>
  )
}
