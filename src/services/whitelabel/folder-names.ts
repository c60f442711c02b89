/** What a folder is called to people. Nothing here changes what is stored as `folder_name` (spec §2). */

// 2024, 2024-05, 2024-05-17, 20240517, with - _ . or a space between and after.
const LEADING_DATE =
  /^(?<year>(?:19|20)\d\d)(?:[-_. ]?(?<month>0[1-9]|1[0-2])(?:[-_. ]?(?<day>0[1-9]|[12]\d|3[01]))?)?(?:[-_. ]+|$)/

/** `2024-05-summer_tour` → "Summer tour". A name that is only a date stays as it is. */
export function postTitle(folderName: string): string {
  return capitalised(withSpaces(folderName.replace(LEADING_DATE, ''))) || folderName
}

/** `maria-clara` → "Maria Clara". Names that have capitals or spaces of their own keep them. */
export function creatorName(folderName: string): string {
  const name = withSpaces(folderName)
  const isPlain = name !== folderName && name === name.toLowerCase()
  return (isPlain ? name.split(' ').map(capitalised).join(' ') : capitalised(name)) || folderName
}

/** The day a folder name begins with, at midnight UTC, or null. What the name leaves out is the first. */
export function folderDate(folderName: string): Date | null {
  const { year, month = '01', day = '01' } = LEADING_DATE.exec(folderName)?.groups ?? {}
  if (!year) return null
  const date = new Date(`${year}-${month}-${day}T00:00:00Z`)
  // 31 February is no day: the engine makes it March or refuses it.
  return date.getUTCDate() === Number(day) ? date : null
}

/** Underscores stand for spaces; hyphens do too, unless the name has spaces to separate its words. */
function withSpaces(name: string) {
  const separators = name.includes(' ') ? /_+/g : /[_-]+/g
  return name.replace(separators, ' ').replace(/\s+/g, ' ').trim()
}

function capitalised(words: string) {
  const [first = ''] = words
  return first.toLocaleUpperCase('pt-BR') + words.slice(first.length)
}
