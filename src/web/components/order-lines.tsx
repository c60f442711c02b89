import type { CheckoutState } from '#src/services/billing/views.ts'
import { usePage } from '../render.tsx'
import { usePrice } from './use-price.ts'

/** What is paid for, line by line, and what it comes to. */
export function OrderLines({
  lines,
  totalCents,
  currency,
}: Pick<CheckoutState, 'lines' | 'totalCents' | 'currency'>) {
  const price = usePrice(currency)
  return (
    <dl class="flex flex-col gap-2">
      {lines.map(({ name, cents }) => (
        <OrderLine name={name} amount={price(cents)} />
      ))}
      <OrderTotal amount={price(totalCents)} />
    </dl>
  )
}

export function OrderLine({
  name,
  amount,
  class: shown = '',
}: {
  name: string
  amount: string
  class?: string
}) {
  return (
    <div class={`order-line ${shown}`}>
      <dt class="min-w-0 break-words">
        <bdi>{name}</bdi>
      </dt>
      <dd class="whitespace-nowrap">{amount}</dd>
    </div>
  )
}

export function OrderTotal({ amount, class: shown = '' }: { amount: string; class?: string }) {
  return (
    <div class={`order-line mt-1 border-t border-line pt-3 text-lg font-bold ${shown}`}>
      <dt>{usePage().words.checkout.total}</dt>
      <dd class="whitespace-nowrap">{amount}</dd>
    </div>
  )
}
