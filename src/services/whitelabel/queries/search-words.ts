import { type SQL, sql } from 'drizzle-orm'

/** More words than that narrow nothing down; `search_query` reads as many. */
const MOST_WORDS = 8
/** Characters. */
const LONGEST_WORD = 64
/** Code units: what is longer than all words together could be is no search. */
const LONGEST_TEXT = 2 * MOST_WORDS * (LONGEST_WORD + 1)
/** Shorter words are parts of too many others: they are looked for where a word begins. */
const SHORTEST_PART = 3

/** What is looked for; separators of folder names part words too. */
export function searchWords(words: string): string[] {
  return searchedText(words)
    .split(/[\s_-]+/u)
    .filter((word) => word !== '')
    .slice(0, MOST_WORDS)
    .map((word) => Array.from(word).slice(0, LONGEST_WORD).join(''))
}

/** As the database takes it: PostgreSQL refuses a NUL, and no title has control characters. */
export const searchedText = (text: string) => text.slice(0, LONGEST_TEXT).replace(/\p{Cc}/gu, ' ')

/**
 * Whether the last word may go on: one that a space or a sign follows is finished, and what one letter begins is
 * too much.
 */
export const isTyping = (text: string) => /[\p{L}\p{N}\p{M}]{2}$/u.test(searchedText(text))

/**
 * Whether `text`, a call of `search_text`, holds all the words. What LIKE gives a meaning is escaped after
 * `search_text`, which makes plain signs of full-width ones.
 */
export const hasAllWords = (text: SQL, words: string[]): SQL =>
  sql.join(
    words.map((word) => sql`${text} like '%' || ${literally(word)} || '%'`),
    sql` and `,
  )

/** The same for many rows: every condition finds its rows by an index of trigrams. */
export const nameHasAllWords = (name: SQL, words: string[]): SQL =>
  sql.join(
    words.map((word) =>
      Array.from(word).length < SHORTEST_PART
        ? sql`(${name} like ${literally(word)} || '%' or ${name} like '% ' || ${literally(word)} || '%')`
        : hasAllWords(name, [word]),
    ),
    sql` and `,
  )

const literally = (word: string) => sql`regexp_replace(search_text(${word}), '[\\\\%_]', '\\\\\\&', 'g')`
