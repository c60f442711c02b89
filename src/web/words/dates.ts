/** Days in words. In UTC, for a post's date comes from its folder's name and belongs to no time zone. */
export function datesIn(language: string, dateStyle: 'long' | 'medium') {
  const dates = new Intl.DateTimeFormat(language, { dateStyle, timeZone: 'UTC' })
  return (date: Date) => dates.format(date)
}
