import { sql } from 'drizzle-orm'
import type { Db } from '#src/db/index.ts'
import { typosBetween } from '#src/lib/typos.ts'
import { isTyping, searchedText } from './search-words.ts'

/** A word the search asks for, and how far it is from the one that was typed. */
interface Choice {
  word: string
  typos: number
}

interface TypedWord {
  word: string
  isKnown: boolean
  alike: string[]
}

/** Each is a search of its own. */
const MOST_ATTEMPTS = 4
/** Known words looked at for each one typed. */
const MOST_ALIKE = 100

/**
 * What `find` finds for the text, or else for the nearest known words: one typo is forgiven in words of four letters
 * or more, two in those of eight (docs/decisions/0008). A correction is told only when it leads to something public,
 * so that nobody learns here which words are not.
 */
export async function forgiving<Found>(
  db: Db,
  text: string,
  find: (text: string) => Promise<Found>,
  isFound: (found: Found) => boolean,
): Promise<{ found: Found; correctedTo: string | null }> {
  const found = await find(text)
  if (isFound(found)) return { found, correctedTo: null }
  for (const correctedTo of await corrections(db, text)) {
    const corrected = await find(correctedTo)
    if (isFound(corrected)) return { found: corrected, correctedTo }
  }
  return { found, correctedTo: null }
}

/** The nearest first. */
async function corrections(db: Db, text: string): Promise<string[]> {
  const words = await typedWords(db, text)
  const last = isTyping(text) ? words.length - 1 : -1
  let attempts: Array<{ words: string[]; typos: number }> = [{ words: [], typos: 0 }]
  for (const [index, word] of words.entries()) {
    const choices = choicesFor(word, index === last)
    attempts = attempts
      .flatMap((attempt) =>
        choices.map((choice) => ({
          words: [...attempt.words, choice.word],
          typos: attempt.typos + choice.typos,
        })),
      )
      .sort((one, other) => one.typos - other.typos)
      .slice(0, MOST_ATTEMPTS + 1)
  }
  return attempts
    .filter(({ typos }) => typos > 0)
    .slice(0, MOST_ATTEMPTS)
    .map((attempt) => attempt.words.join(' '))
}

async function typedWords(db: Db, text: string): Promise<TypedWord[]> {
  const { rows } = await db.execute<TypedWord & Record<string, unknown>>(sql`
    select given.word, exists (select from known_words where word = given.word) as "isKnown", array(
      select known.word from known_words as known
      where known.variants && word_variants(given.word) and known.word <> given.word
      order by abs(length(known.word) - length(given.word)), known.word limit ${MOST_ALIKE}
    ) as alike
    from unnest((search_words(${searchedText(text)}))[1:8]) with ordinality as given (word, place)
    order by place`)
  return rows
}

/** A word stays as it is where it may be right: another one may be the wrong one. */
function choicesFor({ word, isKnown, alike }: TypedWord, mayGoOn: boolean): Choice[] {
  const corrected = alike
    .map((known) => ({ word: known, typos: forgivenTypos(word, known) }))
    .filter((choice): choice is Choice => choice.typos !== null)
    .sort((one, other) => one.typos - other.typos || startsAlike(word, other) - startsAlike(word, one))
  const mayBeRight = isKnown || mayGoOn || corrected.length === 0
  return [...(mayBeRight ? [{ word, typos: 0 }] : []), ...corrected].slice(0, MOST_ATTEMPTS + 1)
}

/** People seldom mistype the first letter. */
const startsAlike = (typed: string, { word }: Choice) => (typed.at(0) === word.at(0) ? 1 : 0)

function forgivenTypos(typed: string, known: string): number | null {
  const letters = Math.max(Array.from(typed).length, Array.from(known).length)
  const most = letters >= 8 ? 2 : letters >= 4 ? 1 : 0
  const typos = typosBetween(typed, known, most)
  return typos <= most ? typos : null
}
