/** More words than that narrow nothing down. */
const MOST_WORDS = 8
const LONGEST_WORD = 64

/** The words as patterns of LIKE, what stands for itself escaped; separators of folder names part words too. */
export function likePatterns(words: string): string[] {
  return words
    .replace(/\p{Cc}/gu, ' ')
    .split(/[\s_-]+/u)
    .filter((word) => word !== '')
    .slice(0, MOST_WORDS)
    .map((word) => `%${word.slice(0, LONGEST_WORD).replace(/[\\%]/g, '\\$&')}%`)
}
