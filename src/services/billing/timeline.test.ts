import { expect, test } from 'vitest'
import { type GrantedTerm, placeTerms } from './timeline.ts'

const WEEK = { planId: 1, days: 7, planCents: 990, changesPlan: true }
const MONTH = { planId: 2, days: 30, planCents: 2_990, changesPlan: true }
const GIFT = { planId: 3, days: 10, planCents: 0, changesPlan: true }
const FROM_A_GUEST = { ...WEEK, changesPlan: false }

let id = 0
const on = (day: string, plan: typeof WEEK): GrantedTerm => ({
  ...plan,
  id: ++id,
  grantedAt: new Date(`2026-${day}T12:00:00Z`),
})
const days = (terms: GrantedTerm[]) =>
  placeTerms(terms).map(({ terms, startsAt, endsAt }) => [
    terms[0]?.planId,
    startsAt.toISOString().slice(5, 10),
    endsAt.toISOString().slice(5, 10),
  ])

test('a term begins when it was paid and lasts its days', () => {
  expect(days([on('01-01', MONTH)])).toEqual([[2, '01-01', '01-31']])
})

test('a renewal begins where the running term ends', () => {
  expect(days([on('01-01', MONTH), on('01-20', MONTH)])).toEqual([[2, '01-01', '03-02']])
})

test('after a gap a new subscription begins', () => {
  expect(days([on('01-01', WEEK), on('02-01', WEEK)])).toEqual([
    [1, '01-01', '01-08'],
    [1, '02-01', '02-08'],
  ])
})

test('another plan begins at once, and the unused days are credited by what they cost', () => {
  // 20 of 30 days are left: 1,993 cents, which are 14.09 days of the week's plan.
  const [month, week] = placeTerms([on('01-01', MONTH), on('01-11', WEEK)])
  expect(month?.endsAt).toEqual(new Date('2026-01-11T12:00:00Z'))
  const credited = (week?.endsAt.getTime() ?? 0) - Date.parse('2026-01-18T12:00:00Z')
  expect(credited / 86_400_000).toBeCloseTo((20 * 2_990 * 7) / (30 * 990), 5)
})

test('renewals that have not begun are credited whole', () => {
  const [, week] = placeTerms([on('01-01', MONTH), on('01-02', MONTH), on('01-11', WEEK)])
  const credited = (week?.endsAt.getTime() ?? 0) - Date.parse('2026-01-18T12:00:00Z')
  expect(credited / 86_400_000).toBeCloseTo((50 * 2_990 * 7) / (30 * 990), 5)
})

test('to or from a plan that costs nothing a day is a day', () => {
  expect(days([on('01-01', GIFT), on('01-06', WEEK)])).toEqual([
    [3, '01-01', '01-06'],
    [1, '01-06', '01-18'],
  ])
})

test('there and back again loses at most what rounding takes', () => {
  const there = [on('01-01', MONTH), on('01-11', WEEK), on('01-11', MONTH)]
  const end = placeTerms(there).at(-1)?.endsAt.getTime() ?? 0
  // 20 days of the first month, the week's worth of month days, and the second month.
  const expected = 20 + (7 * 990 * 30) / (7 * 2_990) + 30
  expect((end - Date.parse('2026-01-11T12:00:00Z')) / 86_400_000).toBeCloseTo(expected, 5)
})

test('the order in which terms become known does not matter', () => {
  const terms = [on('01-01', MONTH), on('01-11', WEEK), on('01-12', WEEK), on('03-01', MONTH)]
  expect(placeTerms(terms.toReversed())).toEqual(placeTerms(terms))
})

test('a leap day is a day like any other', () => {
  expect(placeTerms([{ ...MONTH, id: 1, grantedAt: new Date('2028-02-15T00:00:00Z') }])[0]?.endsAt).toEqual(
    new Date('2028-03-16T00:00:00Z'),
  )
})

test('what somebody else has paid begins where the rest ends, whatever its plan', () => {
  expect(days([on('01-01', MONTH), on('01-11', FROM_A_GUEST)])).toEqual([[2, '01-01', '02-07']])
})

test('after that the member renews either plan, and changes to a third with both credited', () => {
  const held = [on('01-01', MONTH), on('01-11', FROM_A_GUEST)]
  expect(days([...held, on('01-12', MONTH)])).toEqual([[2, '01-01', '03-09']])
  const [, gift] = placeTerms([...held, on('01-21', GIFT)])
  expect((gift?.endsAt.getTime() ?? 0) - Date.parse('2026-01-21T12:00:00Z')).toBe((10 + 10 + 7) * 86_400_000)
})
