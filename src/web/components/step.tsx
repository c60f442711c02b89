import type { Child } from 'hono/jsx'
import { usePage } from '../render.tsx'

/** One of the steps of a checkout, all of which are on one page. */
export function Step({ number, title, children }: { number: number; title: string; children: Child }) {
  const { words } = usePage()
  const id = `step-${number}`
  return (
    <section class="panel" aria-labelledby={id}>
      <h2 class="mb-5 flex items-center gap-3 text-lg font-bold" id={id}>
        <span class="step-number">
          <span class="sr-only">{words.checkout.step(number)}:</span>
          <span aria-hidden="true">{number}</span>
        </span>
        {title}
      </h2>
      {children}
    </section>
  )
}
