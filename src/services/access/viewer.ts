/** Who is asking, as the server knows it. */
export interface Viewer {
  role: 'guest' | 'user' | 'admin'
  /** Until when what was paid for lasts; null for who has nothing. */
  accessUntil: Date | null
  /** Whether the age check of the site, where there is one, has been passed. */
  agePassed: boolean
  /** What limits are counted by: one of them a viewer. Never logged. */
  limitKey: string
  /** The account that has signed in; null for guests, those who buy included. */
  userId: number | null
  /** The row of the browser's session; null where there is none. */
  sessionId: number | null
}

/** Somebody nobody knows. */
export const GUEST: Viewer = {
  role: 'guest',
  accessUntil: null,
  agePassed: false,
  limitKey: 'guest',
  userId: null,
  sessionId: null,
}
