/** Who is asking, as the server knows it. */
export interface Viewer {
  role: 'guest' | 'user' | 'admin'
  /** Until when what was paid for lasts; null for who has nothing. */
  accessUntil: Date | null
  /** Whether the age check of the site, where there is one, has been passed. */
  agePassed: boolean
  /** What limits are counted by: one of them a viewer. Never logged. */
  limitKey: string
}

/** Somebody nobody knows. Accounts come with membership; until then everybody is a guest. */
export const GUEST: Viewer = { role: 'guest', accessUntil: null, agePassed: false, limitKey: 'guest' }
