import type { Child } from 'hono/jsx'

/** Says calmly that there is nothing to see, and what to do instead. */
export function Notice({ title, hint, children }: { title: string; hint?: string; children?: Child }) {
  return (
    <div class="flex flex-col items-center gap-4 rounded-3xl border border-line bg-surface px-6 py-14 text-center">
      <p class="max-w-prose text-xl font-semibold text-balance">{title}</p>
      {hint && <p class="max-w-prose text-muted">{hint}</p>}
      {children}
    </div>
  )
}
