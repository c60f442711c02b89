import type { Random } from './random.ts'

export type Noise = (x: number, y?: number) => number

const LATTICE = 256

/** Smooth value noise from -1 to 1 over the plane, one landscape for each call. */
export function smoothNoise(random: Random): Noise {
  const heights = Array.from({ length: LATTICE * LATTICE }, () => random.between(-1, 1))
  const at = (column: number, row: number) =>
    heights[(column & (LATTICE - 1)) + (row & (LATTICE - 1)) * LATTICE] ?? 0

  return function noiseAt(x, y = 0) {
    const column = Math.floor(x)
    const row = Math.floor(y)
    const across = ease(x - column)
    const down = ease(y - row)
    const top = blend(at(column, row), at(column + 1, row), across)
    const bottom = blend(at(column, row + 1), at(column + 1, row + 1), across)
    return blend(top, bottom, down)
  }
}

/** Noise with ever finer, ever weaker detail on top, as mountains have. */
export function ruggedNoise(random: Random, octaves = 4): Noise {
  const smooth = smoothNoise(random)
  return function noiseAt(x, y = 0) {
    let sum = 0
    for (let octave = 0; octave < octaves; octave++) {
      sum += smooth(x * 2 ** octave + octave * 17, y * 2 ** octave) / 2 ** octave
    }
    return sum / 1.6
  }
}

const ease = (t: number) => t * t * (3 - 2 * t)
const blend = (from: number, to: number, t: number) => from + (to - from) * t
