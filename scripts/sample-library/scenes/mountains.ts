import type { Canvas, Scene } from '../canvas.ts'
import { type Colour, lighter, mix, type Palette, ramp } from '../colour.ts'
import { curveThrough, linesThrough, type Point, polar, range, steps, TURN } from '../curves.ts'
import { ruggedNoise, smoothNoise } from '../noise.ts'

interface Hour {
  sky: Palette
  far: Colour
  near: Colour
  sun: Colour
}

const DAWN: Hour = {
  sky: ['#51608f', '#b48aa6', '#f4b9a0', '#fde3bf'],
  far: '#d9a9a8',
  near: '#2c2a4a',
  sun: '#fff2d0',
}
const DAY: Hour = { sky: ['#4f95b5', '#a5d0d6', '#eaf3e6'], far: '#a9ccc9', near: '#123c3c', sun: '#fffbe8' }
const DUSK: Hour = {
  sky: ['#2b2352', '#7b3f75', '#e0685f', '#f9b46c'],
  far: '#c4696f',
  near: '#1b1233',
  sun: '#ffe3a8',
}
const NIGHT: Hour = {
  sky: ['#081326', '#14304f', '#37657a'],
  far: '#3f6d80',
  near: '#050b14',
  sun: '#eef4ff',
}
const FOREST: Hour = {
  sky: ['#a9c4a4', '#dfe8c8', '#f7f0d2'],
  far: '#a7c3a0',
  near: '#16301f',
  sun: '#fffbe0',
}

/** Range behind range in the mist, araucarias in front. */
const ranges = (hour: Hour): Scene =>
  function rangesAtThisHour(canvas) {
    const { width, height, random, unit } = canvas
    canvas.background(canvas.linear([...hour.sky]))
    const sun: Point = [width * random.between(0.25, 0.75), height * random.between(0.24, 0.4)]
    canvas.glow(sun, unit * 48, hour.sun, 0.7)
    canvas.circle(sun, unit * random.between(6, 10), { fill: hour.sun })
    if (hour === NIGHT) starsAbove(canvas)
    const layers = 7
    const noise = ruggedNoise(random)
    for (const layer of range(layers)) mountain(canvas, noise, layer / (layers - 1), hour)
    birds(canvas, sun)
    grove(canvas, hour.near)
  }

export const dawn = ranges(DAWN)
export const day = ranges(DAY)
export const dusk = ranges(DUSK)
export const night = ranges(NIGHT)
export const forest = ranges(FOREST)

function mountain(canvas: Canvas, noise: (x: number, y?: number) => number, depth: number, hour: Hour) {
  const { width, height, time, unit } = canvas
  const base = height * (0.48 + depth * 0.42)
  const tall = unit * (20 - depth * 8)
  const drift = time * 0.25 * depth
  const crest = steps(90).map(
    (t): Point => [t * width, base - tall * noise(t * (2.2 + depth * 1.2) + depth * 13 + drift, depth * 5)],
  )
  const colour = mix(hour.far, hour.near, depth)
  const mist = mix(colour, hour.sky.at(-1) ?? '#ffffff', 0.6 * (1 - depth))
  canvas.path(`${linesThrough(crest)}V${height}H0Z`, { fill: canvas.linear([colour, mist, mist]) })
}

function starsAbove(canvas: Canvas) {
  const { random, width, height, unit } = canvas
  for (const _star of range(120))
    canvas.circle([random.next() * width, random.next() * height * 0.5], unit * random.between(0.1, 0.32), {
      fill: '#ffffff',
      opacity: random.between(0.3, 0.9),
    })
}

function birds(canvas: Canvas, [x, y]: Point) {
  const { random, unit, time } = canvas
  for (const bird of range(7)) {
    const place: Point = [x + unit * (random.between(-22, 26) + time * 16), y + unit * random.between(-8, 14)]
    const span = unit * random.between(1.2, 2.4)
    const lift = span * (0.4 + 0.35 * Math.sin(time * TURN * 5 + bird))
    canvas.path(
      `M${place[0] - span},${place[1] - lift}Q${place[0] - span * 0.4},${place[1] - lift} ${place.join(',')}Q${place[0] + span * 0.4},${place[1] - lift} ${place[0] + span},${place[1] - lift}`,
      {
        fill: 'none',
        stroke: '#2a2038',
        'stroke-width': unit * 0.35,
        'stroke-linecap': 'round',
        opacity: 0.75,
      },
    )
  }
}

function grove(canvas: Canvas, colour: Colour) {
  const { width, height, random, unit } = canvas
  const noise = smoothNoise(random)
  const floor = (t: number) => height * 0.95 - unit * 4 * noise(t * 3)
  const shade = mix(colour, '#000000', 0.3)
  canvas.path(`${curveThrough(steps(12).map((t): Point => [t * width, floor(t)]))}V${height}H0Z`, {
    fill: shade,
  })
  for (const _tree of range(Math.round((width / unit) * 0.06) + 2)) {
    const t = random.next()
    araucaria(canvas, [t * width, floor(t) + unit], unit * random.between(16, 38), shade)
  }
}

/** The pine of the south: a bare trunk under a candelabrum. */
function araucaria(canvas: Canvas, [x, y]: Point, tall: number, fill: Colour) {
  canvas.polygon(
    [
      [x - tall * 0.022, y],
      [x - tall * 0.01, y - tall],
      [x + tall * 0.01, y - tall],
      [x + tall * 0.022, y],
    ],
    { fill },
  )
  for (const level of range(5)) {
    const height = y - tall * (0.66 + level * 0.08)
    const reach = tall * (0.34 - level * 0.035)
    for (const side of [-1, 1]) {
      for (const part of [1, 0.55]) {
        const tip: Point = [x + side * reach * part, height - tall * 0.1 * part]
        canvas.path(
          `M${x},${height}Q${x + side * reach * part * 0.7},${height + tall * 0.03} ${tip.join(',')}`,
          { fill: 'none', stroke: fill, 'stroke-width': tall * 0.014 },
        )
        canvas.ellipse(tip, tall * 0.075, tall * 0.034, { fill })
      }
    }
  }
  canvas.ellipse([x, y - tall * 1.05], tall * 0.12, tall * 0.035, { fill })
}

/** A waterfall between two walls of forest. */
export const waterfall: Scene = (canvas) => {
  const { width, height, random, unit, time } = canvas
  canvas.background(canvas.linear(['#cfe3da', '#8fbcae', '#2f6b66']))
  canvas.glow([width * 0.5, height * 0.12], unit * 55, '#fffbe0', 0.8)
  const noise = ruggedNoise(random)
  const fall = unit * 15
  const plateau = steps(40).map(
    (t): Point => [t * width, height * 0.17 + unit * 5 * noise(t * 4, 9) + unit * 9 * (2 * t - 1) ** 2 * -1],
  )
  canvas.path(`${linesThrough(plateau)}V${height}H0Z`, {
    fill: canvas.linear(['#8fbfa6', '#4f8f78', '#2a6153']),
  })
  const water = canvas.linear(['#ffffff', '#d8f0ec', '#9fd4d0'])
  canvas.path(
    `M${width / 2 - fall * 1.5},${height * 0.185}Q${width / 2 - fall},${height * 0.19} ${width / 2 - fall},${height * 0.26}V${height * 0.9}H${width / 2 + fall}V${height * 0.26}Q${width / 2 + fall},${height * 0.19} ${width / 2 + fall * 1.5},${height * 0.185}Z`,
    { fill: water },
  )
  for (const strand of range(60)) {
    const x = width / 2 + random.between(-1, 1) * fall
    const y = height * 0.21 + (((strand / 60) * 1.7 + random.next() + time * 3) % 1) * height * 0.56
    canvas.line([x, y], [x, y + unit * random.between(6, 18)], {
      stroke: random.pick(['#ffffff', '#6fb7b6', '#b9e2de']),
      'stroke-width': unit * random.between(0.2, 0.7),
      opacity: 0.6,
      'stroke-linecap': 'round',
    })
  }
  for (const layer of range(3)) {
    for (const side of [-1, 1]) {
      const edge = steps(40).map(
        (t): Point => [
          width / 2 +
            side * (fall * (0.9 + layer * 0.55) + unit * 6 * noise(t * 5 + layer * 3, side + 3) + unit * 5),
          height * (t * 1.02),
        ],
      )
      const corner = side < 0 ? 0 : width
      canvas.path(`${linesThrough(edge)}L${corner},${height}L${corner},0Z`, {
        fill: canvas.linear([
          ramp(['#5f9a80', '#2f6a54', '#123628'], layer / 2),
          ramp(['#3c7a68', '#1c4a3c', '#0a241c'], layer / 2),
        ]),
      })
    }
  }
  canvas.ellipse([width / 2, height * 0.94], width * 0.6, height * 0.13, {
    fill: canvas.linear(['#bfe6e0', '#3f9693', '#12504f']),
  })
  for (const puff of range(16))
    canvas.circle(
      [
        width / 2 + random.between(-1.5, 1.5) * fall,
        height * (0.84 + random.between(-0.03, 0.03)) + Math.sin(time * TURN + puff) * unit,
      ],
      unit * random.between(4, 9),
      {
        fill: canvas.radial([
          ['#ffffff', 0.75],
          ['#ffffff', 0],
        ]),
      },
    )
}

/** The lines of a map. */
export const contours: Scene = (canvas) => {
  const { width, height, random, unit } = canvas
  canvas.background(canvas.linear(['#f1ead6', '#e2dcc0'], [0, 0], [1, 1]))
  for (const _peak of range(2)) {
    const peak: Point = [width * random.between(0.2, 0.8), height * random.between(0.2, 0.8)]
    const noise = smoothNoise(random)
    for (const ring of range(15).reverse()) {
      const edge = range(44).map((index): Point => {
        const angle = (index / 44) * TURN
        const bend = 1 + 0.4 * noise(Math.cos(angle) * 1.4 + 6 + ring * 0.06, Math.sin(angle) * 1.4 + 6)
        return polar(peak, angle, unit * (ring + 1) * 4.1 * bend)
      })
      const fill = ring < 12 ? ramp(['#7a5c3d', '#b39a62', '#9db27c', '#d5d9b0'], ring / 12) : 'none'
      canvas.path(curveThrough(edge, true), {
        fill,
        'fill-opacity': 0.5,
        stroke: '#6b5a3c',
        'stroke-width': unit * (ring % 5 ? 0.18 : 0.42),
        'stroke-opacity': 0.7,
      })
    }
  }
  const walk = steps(9).map(
    (t): Point => [width * (0.08 + t * 0.84), height * (0.8 - t * 0.55 + random.between(-0.12, 0.12))],
  )
  canvas.path(curveThrough(walk), {
    fill: 'none',
    stroke: '#d2442e',
    'stroke-width': unit * 0.9,
    'stroke-dasharray': `${unit * 2.4} ${unit * 1.8}`,
    'stroke-linecap': 'round',
  })
  const end = walk.at(-1) ?? canvas.centre
  canvas.circle(end, unit * 2.3, { fill: '#d2442e' })
  canvas.circle(end, unit * 0.9, { fill: lighter('#f1ead6', 0.4) })
}

/** One araucaria before the sun, for the icon. */
export const pineMark: Scene = (canvas) => {
  const { width, height, unit } = canvas
  canvas.background(canvas.linear(['#f9b46c', '#e0685f', '#7b3f75']))
  canvas.circle([width / 2, height * 0.5], unit * 30, { fill: '#ffe9b8' })
  araucaria(canvas, [width / 2, height * 0.96], unit * 74, '#1b1233')
}
