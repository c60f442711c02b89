import type { CreatorView } from '#src/services/catalogue/views.ts'
import { CreatorCard } from './creator-card.tsx'

/** Of so many a phone or a desktop shows some at once. */
const FIRST_SEEN = 6

export function CreatorGrid({ creators }: { creators: CreatorView[] }) {
  return (
    <ul class="card-grid">
      {creators.map((creator, index) => (
        <CreatorCard creator={creator} isFirstSeen={index < FIRST_SEEN} />
      ))}
    </ul>
  )
}
