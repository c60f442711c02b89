import type { ContentRating } from '#src/services/settings/brand-schemas.ts'
import type { AgeCheckMode } from '#src/services/settings/settings.ts'
import type { Viewer } from './viewer.ts'

/** What an age check knows of who is asking. */
export interface AgeVisitor {
  viewer: Viewer
  /** For whom the content of the site is. */
  rating: ContentRating
  /** The value of a cookie of the request. */
  cookie(name: string): string | undefined
}

export type AgeAnswer = 'passed' | 'ask'

/** The one seam through which a site learns whether a visitor is old enough; `canWatch` reads the result. */
export interface AgeCheck {
  decide(visitor: AgeVisitor): AgeAnswer | Promise<AgeAnswer>
  /** Where visitors go to be checked, and from where they come back to `returnTo`; without it there is nowhere. */
  checkAt?(returnTo: string): string
}

/** What the cookie of an accepted notice is called; its value is the rating that was accepted. */
export const AGE_COOKIE = 'age'

/** The notice: a visitor says once to be old enough, for this rating or a stricter one. */
export const notice: AgeCheck = {
  decide: ({ rating, cookie }) => (years(cookie(AGE_COOKIE)) >= years(rating) ? 'passed' : 'ask'),
}

const off: AgeCheck = { decide: () => 'passed' }

/** Without a provider nobody has been checked. */
const nobody: AgeCheck = { decide: () => 'ask' }

/** @param provider the owner's own check. */
export function ageCheckOf(mode: AgeCheckMode, provider: AgeCheck | null): AgeCheck {
  if (mode === 'off') return off
  return mode === 'notice' ? notice : (provider ?? nobody)
}

/** −1 for what is no rating. */
function years(rating: string | undefined) {
  if (rating === 'general') return 0
  return rating === '14' || rating === '16' || rating === '18' ? Number(rating) : -1
}
