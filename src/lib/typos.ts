/**
 * How many typos lead from one word to the other: a letter too many, too few, another one, or two swapped (optimal
 * string alignment).
 * @returns `most` + 1 when it takes more than `most`.
 */
export function typosBetween(one: string, other: string, most: number): number {
  const [left, right] = [Array.from(one), Array.from(other)]
  if (Math.abs(left.length - right.length) > most) return most + 1
  let before: number[] = []
  let row = Array.from({ length: right.length + 1 }, (_, index) => index)
  for (const [index, letter] of left.entries()) {
    const next = [index + 1]
    for (const [place, wanted] of right.entries()) {
      const isSwapped = index > 0 && place > 0 && letter === right[place - 1] && left[index - 1] === wanted
      next.push(
        Math.min(
          at(next, place) + 1,
          at(row, place + 1) + 1,
          at(row, place) + (letter === wanted ? 0 : 1),
          isSwapped ? at(before, place - 1) + 1 : most + 1,
        ),
      )
    }
    before = row
    row = next
  }
  return Math.min(at(row, right.length), most + 1)
}

const at = (numbers: number[], index: number) => numbers[index] ?? Number.POSITIVE_INFINITY
