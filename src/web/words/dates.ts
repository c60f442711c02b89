/** Days in words. In UTC, for a post's date comes from its folder's name and belongs to no time zone. */
export function datesIn(language: string, dateStyle: 'long' | 'medium') {
  const dates = new Intl.DateTimeFormat(language, { dateStyle, timeZone: 'UTC' })
  return (date: Date) => dates.format(date)
}

/** Day and minute, by the clock of this machine: for who sits at it or beside it. */
export function momentsIn(language: string) {
  const moments = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' })
  return (instant: Date) => moments.format(instant)
}

/**
 * The day of an instant, where most readers of the language live: until when something was paid for is a moment, and
 * near midnight it is another day elsewhere.
 */
export function daysIn(language: string, timeZone: string) {
  const days = new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone })
  return (instant: Date) => days.format(instant)
}
