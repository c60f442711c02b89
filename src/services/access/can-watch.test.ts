import { expect, test } from 'vitest'
import { canWatch } from './can-watch.ts'
import { GUEST, type Viewer } from './viewer.ts'

const NOW = new Date('2030-06-15T12:00:00Z')
const until = (instant: string): Viewer => ({ ...GUEST, role: 'user', accessUntil: new Date(instant) })

const VIEWERS: Record<string, Viewer> = {
  guest: GUEST,
  'who never paid': { ...GUEST, role: 'user' },
  lapsed: until('2030-06-15T11:59:59.999Z'),
  'ending this instant': until('2030-06-15T12:00:00Z'),
  member: until('2030-06-15T12:00:00.001Z'),
  admin: { ...GUEST, role: 'admin' },
}
const WATCH_MEMBERS_ONLY = ['member', 'admin']

test.each(Object.keys(VIEWERS))('on a free site everybody watches: %s', (name) => {
  expect(canWatch(VIEWERS[name] ?? GUEST, { mode: 'open', checksAge: false }, NOW)).toBe(true)
})

test.each(Object.keys(VIEWERS))('on a site for members, only who has paid to beyond now: %s', (name) => {
  const isAllowed = WATCH_MEMBERS_ONLY.includes(name)
  expect(canWatch(VIEWERS[name] ?? GUEST, { mode: 'members', checksAge: false }, NOW)).toBe(isAllowed)
})

test.each(Object.keys(VIEWERS))(
  'nobody watches before the age check, and passing it gives nothing else: %s',
  (name) => {
    const viewer = VIEWERS[name] ?? GUEST
    for (const mode of ['open', 'members'] as const) {
      expect(canWatch({ ...viewer, agePassed: false }, { mode, checksAge: true }, NOW)).toBe(false)
      expect(canWatch({ ...viewer, agePassed: true }, { mode, checksAge: true }, NOW)).toBe(
        canWatch(viewer, { mode, checksAge: false }, NOW),
      )
    }
  },
)
