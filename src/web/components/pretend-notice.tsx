import { usePage } from '../render.tsx'
import { Icon } from './icon.tsx'

/** Wherever money would move, if it were real. */
export function PretendNotice() {
  return (
    <p class="form-message flex items-center gap-3 text-sm">
      <Icon name="alert" class="size-5 text-accent" />
      {usePage().words.plans.pretend}
    </p>
  )
}
