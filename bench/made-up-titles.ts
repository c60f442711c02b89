/** Titles as a library has them: a few words often, most of them seldom (Zipf), the same at every run. */
export interface TitleMaker {
  title(): string
  /** A whole number from 0 to `below` - 1. */
  any(below: number): number
}

const WORDS = 4_000
const SYLLABLES = [
  'ba',
  'ce',
  'di',
  'fo',
  'gu',
  'la',
  'me',
  'ni',
  'po',
  'ra',
  'se',
  'ti',
  'vo',
  'xa',
  'ze',
  'lho',
]

export function titleMaker(seed = 1): TitleMaker {
  const random = generator(seed)
  const any = (below: number) => Math.floor(random() * below)
  const words = Array.from({ length: WORDS }, (_, index) => wordAt(index))
  return {
    any,
    title: () => Array.from({ length: 2 + any(4) }, () => words[rank(random())]).join(' '),
  }
}

/** A word of two to four syllables for each number, no two alike. */
function wordAt(index: number): string {
  let word = ''
  for (let rest = index + SYLLABLES.length; rest > 0; rest = Math.floor(rest / SYLLABLES.length)) {
    word += SYLLABLES[rest % SYLLABLES.length]
  }
  return word
}

/** The word of rank n is drawn in proportion to 1 / n. */
const rank = (chance: number) => Math.floor(WORDS ** chance) - 1

/** Mulberry32: https://gist.github.com/tommyettinger/46a874533244883189143505d203312c */
function generator(seed: number) {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
