import { type SQL, sql } from 'drizzle-orm'

/** More words than that narrow nothing down. */
const MOST_WORDS = 8
/** Characters. */
const LONGEST_WORD = 64

/** What is looked for; separators of folder names part words too. */
export function searchWords(words: string): string[] {
  return words
    .replace(/\p{Cc}/gu, ' ')
    .split(/[\s_-]+/u)
    .filter((word) => word !== '')
    .slice(0, MOST_WORDS)
    .map((word) =>
      Array.from(word.slice(0, 2 * LONGEST_WORD))
        .slice(0, LONGEST_WORD)
        .join(''),
    )
}

/**
 * Whether `text`, a call of `search_text`, holds all the words. What LIKE gives a meaning is escaped after
 * `search_text`, which makes plain signs of full-width ones.
 */
export const hasAllWords = (text: SQL, words: string[]): SQL =>
  sql.join(
    words.map(
      (word) =>
        sql`${text} like '%' || regexp_replace(search_text(${word}), '[\\\\%_]', '\\\\\\&', 'g') || '%'`,
    ),
    sql` and `,
  )
