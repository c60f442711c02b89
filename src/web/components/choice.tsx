import type { Child } from 'hono/jsx'
import { Icon } from './icon.tsx'

interface ChoiceProps {
  type: 'radio' | 'checkbox'
  name: string
  value: string
  isChosen: boolean
  /** What is wrong with all choices of this name: the id of where it is told. */
  describedBy?: string | undefined
  children: Child
  /** Below it, in small letters. */
  hint?: string
}

/** One of several, or one to have or to leave, as large as a card. */
export function Choice({ type, name, value, isChosen, describedBy, children, hint }: ChoiceProps) {
  const id = `${name}-${value}`
  const hintId = hint && `${id}-hint`
  const notes = [describedBy, hintId].filter(Boolean).join(' ')
  return (
    <label class="choice">
      <input
        type={type}
        name={name}
        value={value}
        aria-labelledby={id}
        {...(isChosen && { checked: true })}
        {...(notes && { 'aria-describedby': notes })}
      />
      <span class={`choice-mark ${type === 'checkbox' ? 'choice-check' : ''}`} aria-hidden="true">
        {type === 'checkbox' && <Icon name="check" class="size-4" />}
      </span>
      <span class="pointer-events-none relative flex min-w-0 flex-1 flex-col gap-0.5">
        <span class="flex min-w-0 items-baseline gap-2 font-semibold" id={id}>
          {children}
        </span>
        {hint && (
          <span class="text-sm text-muted" id={hintId}>
            {hint}
          </span>
        )}
      </span>
    </label>
  )
}
