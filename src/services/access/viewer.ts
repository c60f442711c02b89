/** Who is asking. Accounts come with membership; until then everybody is a guest. */
export interface Viewer {
  role: 'guest'
}

export const GUEST: Viewer = { role: 'guest' }
