import type { Child } from 'hono/jsx'
import { Icon, type IconName } from './icon.tsx'

/** The head of every state: what has happened, and what it means. */
export function StateHead({
  icon,
  mood = '',
  title,
  children,
}: {
  icon: IconName
  mood?: '' | 'state-mark-good' | 'state-mark-bad'
  title: string
  children?: Child
}) {
  return (
    <div class="flex flex-col items-center gap-3 text-center">
      <span class={`state-mark ${mood}`}>
        <Icon name={icon} class="size-8" />
      </span>
      {/* Where the state changes under one's eyes, the new one is gone to. */}
      <h1 class="page-title outline-none" tabindex={-1} data-state-title>
        {title}
      </h1>
      {children}
    </div>
  )
}
