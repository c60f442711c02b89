export type Point = readonly [x: number, y: number]

/** SVG path data of a soft line through every point (Catmull-Rom, as Bézier pieces). */
export function curveThrough(points: readonly Point[], closed = false): string {
  const [first] = points
  if (!first) return ''

  const at = (index: number): Point =>
    (closed ? points.at(index % points.length) : points[Math.min(Math.max(index, 0), points.length - 1)]) ??
    first
  const pieces = Array.from({ length: closed ? points.length : points.length - 1 }, (_, index) => {
    const [before, from, to, after] = [at(index - 1), at(index), at(index + 1), at(index + 2)]
    const leave: Point = [from[0] + (to[0] - before[0]) / 6, from[1] + (to[1] - before[1]) / 6]
    const arrive: Point = [to[0] - (after[0] - from[0]) / 6, to[1] - (after[1] - from[1]) / 6]
    return `C${written(leave)} ${written(arrive)} ${written(to)}`
  })
  return `M${written(first)}${pieces.join('')}${closed ? 'Z' : ''}`
}

/** Path data of straight lines through every point. */
export function linesThrough(points: readonly Point[], closed = false): string {
  return points.length === 0 ? '' : `M${points.map(written).join('L')}${closed ? 'Z' : ''}`
}

/** The outline of a brush stroke along the points, `width(t)` wide at `t` (0 to 1) of the way. */
export function brushStroke(points: readonly Point[], width: (t: number) => number): string {
  const side = (sign: 1 | -1) =>
    points.map((point, index): Point => {
      const before = points[index - 1] ?? point
      const after = points[index + 1] ?? point
      const angle = Math.atan2(after[1] - before[1], after[0] - before[0]) + (sign * Math.PI) / 2
      const reach = width(index / (points.length - 1)) / 2
      return [point[0] + Math.cos(angle) * reach, point[1] + Math.sin(angle) * reach]
    })
  return curveThrough([...side(1), ...side(-1).reverse()], true)
}

/** The point `t` (0 to 1) of the way from one to the other. */
export const between = (from: Point, to: Point, t: number): Point => [
  from[0] + (to[0] - from[0]) * t,
  from[1] + (to[1] - from[1]) * t,
]

/** The point at this angle (radians, 0 to the right, growing clockwise) and distance from a centre. */
export const polar = (centre: Point, angle: number, distance: number): Point => [
  centre[0] + Math.cos(angle) * distance,
  centre[1] + Math.sin(angle) * distance,
]

/** `count` numbers evenly from 0 to 1, both ends included. */
export const steps = (count: number): number[] =>
  Array.from({ length: count }, (_, index) => index / (count - 1))

/** 0, 1, … `count - 1`. */
export const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index)

export const TURN = Math.PI * 2

const written = ([x, y]: Point) => `${x.toFixed(1)},${y.toFixed(1)}`
