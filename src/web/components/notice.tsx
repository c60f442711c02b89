import type { Child } from 'hono/jsx'
import { Icon, type IconName } from './icon.tsx'

interface NoticeProps {
  icon?: IconName
  title: string
  hint?: string
  children?: Child
}

/** Says calmly that there is nothing to see, and what to do instead. */
export function Notice({ icon = 'photo', title, hint, children }: NoticeProps) {
  return (
    <div class="flex flex-col items-center gap-3 rounded-3xl border border-line bg-surface px-6 py-16 text-center">
      <span class="notice-icon">
        <Icon name={icon} class="size-7" />
      </span>
      <p class="max-w-prose text-xl font-semibold text-balance break-words">{title}</p>
      {hint && <p class="max-w-prose text-muted text-balance">{hint}</p>}
      {children && <div class="mt-3">{children}</div>}
    </div>
  )
}
