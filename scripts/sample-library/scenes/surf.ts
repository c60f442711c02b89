import type { Canvas, Scene } from '../canvas.ts'
import { mix, type Palette, ramp } from '../colour.ts'
import { curveThrough, type Point, range, steps, TURN } from '../curves.ts'
import { smoothNoise } from '../noise.ts'

const SKIES: readonly [Palette, ...Palette[]] = [
  ['#223a63', '#8a5a83', '#f0806a', '#ffc37a', '#ffe9b0'],
  ['#0f5e73', '#4fb0ae', '#f3d9a4', '#ff9f6b'],
  ['#2b1b4d', '#a8387a', '#ff6b62', '#ffb25e'],
]
const SEA: Palette = ['#5fc7c0', '#1f94a3', '#0f5f80', '#0a2f52']
const BOARD_COLOURS = ['#ff6b57', '#ffd166', '#fff4dd', '#1f94a3', '#0a2f52', '#f7a6a0'] as const

/** Sets of waves under a striped sun. */
export const sunset: Scene = (canvas) => {
  const { width, height, random, unit, time } = canvas
  const sky = random.pick(SKIES)
  const horizon = height * random.between(0.44, 0.54)
  canvas.rectangle(0, 0, width, horizon + unit, { fill: canvas.linear([...sky]) })
  const sun: Point = [width * random.between(0.3, 0.7), horizon - unit * random.between(7, 15)]
  canvas.glow(sun, unit * 60, '#ffd9a0', 0.6)
  stripedSun(canvas, sun, unit * random.between(17, 22))
  canvas.rectangle(0, horizon, width, height - horizon, { fill: ramp(SEA, 0) })
  const layers = 12
  for (const layer of range(layers)) swell(canvas, horizon, layer / (layers - 1), sky)
  for (const _glint of range(70)) {
    const depth = random.next() ** 1.6
    const x = sun[0] + (random.next() + random.next() - 1) * unit * (16 + depth * 22)
    const y = horizon + (height - horizon) * depth * 0.8
    const flicker = 0.5 + 0.5 * Math.sin(time * TURN * 2 + x)
    canvas.ellipse([x, y], unit * (1.5 + depth * 3.5), unit * (0.16 + depth * 0.42), {
      fill: sky.at(-1) ?? '#fff0cc',
      opacity: 0.2 + 0.6 * flicker,
    })
  }
}

function stripedSun(canvas: Canvas, [x, y]: Point, radius: number) {
  const slits = range(6).map((slit) => {
    const top = y + radius * (0.1 + slit * 0.17)
    return `M${x - radius},${top}h${radius * 2}v${radius * (0.125 - slit * 0.016)}h${-radius * 2}Z`
  })
  const clip = canvas.clip(
    `M${x - radius},${y - radius}h${radius * 2}v${radius * 1.02}h${-radius * 2}Z${slits.join('')}`,
  )
  canvas.circle([x, y], radius, { fill: canvas.linear(['#fff6d6', '#ffcf6f', '#ff7d5c']), 'clip-path': clip })
}

function swell(canvas: Canvas, horizon: number, depth: number, sky: Palette) {
  const { width, height, random, unit, time } = canvas
  const base = horizon + (height - horizon) * depth ** 1.5 * 0.86
  const tall = unit * (0.8 + depth * 8)
  const length = width * (0.1 + depth * 0.34)
  const phase = random.next() * TURN
  // Three trains of waves that cross, as at sea, where no two crests are alike.
  const crest = steps(70).map((t): Point => {
    const turn = ((t * width) / length) * TURN + phase
    const drift = time * TURN
    const lift =
      Math.sin(turn + drift) +
      0.55 * Math.sin(turn * 0.53 + phase * 2 - drift) +
      0.22 * Math.sin(turn * 2.3 + drift * 2)
    return [t * width, base - tall * (0.5 + 0.3 * lift)]
  })
  const colour = ramp(SEA, depth)
  const d = curveThrough(crest)
  const lit = mix(colour, sky.at(-1) ?? '#ffffff', 0.55 - depth * 0.4)
  canvas.path(`${d}V${height}H0Z`, { fill: canvas.linear([lit, colour, mix(colour, '#04182c', 0.35)]) })
  canvas.path(d, {
    fill: 'none',
    stroke: '#fff6e2',
    'stroke-width': unit * (0.12 + depth * 0.38),
    opacity: 0.35 + depth * 0.35,
  })
}

/** The beach from straight above: sand, lace of foam, clear water, boards. */
export const shore: Scene = (canvas) => {
  const { width, height, random, unit, time } = canvas
  canvas.background(canvas.linear(['#f3dcb4', '#e8c48f'], [0, 0], [1, 1]))
  const noise = smoothNoise(random)
  const tide = Math.sin(time * TURN) * 0.045
  const layers: readonly (readonly [reach: number, fill: string, opacity: number])[] = [
    [0.42, '#b98f5e', 0.4],
    [0.46, '#ffffff', 0.95],
    [0.475, '#9fe3d8', 0.9],
    [0.54, '#ffffff', 0.5],
    [0.553, '#56c9c1', 0.95],
    [0.66, '#ffffff', 0.4],
    [0.67, '#27a3ad', 0.95],
    [0.78, '#148096', 0.9],
    [0.9, '#0c5f80', 0.9],
  ]
  for (const [index, [reach, fill, opacity]] of layers.entries()) {
    const follow = 1 - index / layers.length
    const edge = steps(22).map((t): Point => {
      const bend =
        noise(t * 3.2 + index * 0.12, 3 + index * 0.16) * 0.09 + noise(t * 11, index * 2 + 20) * 0.012
      return [t * width * 1.02 - width * 0.01, height * (reach + bend + tide * follow)]
    })
    canvas.path(`${curveThrough(edge)}V${height}H0Z`, { fill, opacity })
  }
  for (const _foam of range(60)) {
    const t = random.next()
    const y = height * (0.5 + noise(t * 3.2, 3.1) * 0.09 + random.next() ** 2 * 0.25 + tide * 0.8)
    canvas.ellipse([t * width, y], unit * random.between(0.3, 2.6), unit * random.between(0.15, 0.5), {
      fill: '#ffffff',
      opacity: 0.6,
    })
  }
  for (const slot of range(Math.round(width / unit / 26))) {
    const place: Point = [
      unit * (16 + slot * 26 + random.between(-4, 4)),
      height * random.between(0.14, 0.24),
    ]
    board(canvas, place, unit * 22, random.between(-50, 50))
  }
}

/** A quiver of boards standing in a row. */
export const quiver: Scene = (canvas) => {
  const { width, height, random, unit } = canvas
  const ground = random.pick(['#f7a48b', '#7cc4bd', '#f6d28b', '#29607a'])
  canvas.background(canvas.linear([mix(ground, '#ffffff', 0.25), ground], [0, 0], [0, 1]))
  canvas.circle([width / 2, height * 0.5], unit * 44, { fill: '#fff4dd', opacity: 0.28 })
  const count = Math.max(3, Math.round(width / unit / 25))
  for (const index of range(count)) {
    const x = (width * (index + 0.5)) / count
    board(canvas, [x, height * 0.5], height * random.between(0.66, 0.8), 0)
  }
}

function board(canvas: Canvas, [x, y]: Point, length: number, degrees: number) {
  const { random } = canvas
  const half = length * random.between(0.125, 0.145)
  const outline = `M${x},${y - length / 2}C${x + half * 1.25},${y - length * 0.28} ${x + half * 1.2},${y + length * 0.26} ${x + half * 0.45},${y + length / 2}Q${x},${y + length * 0.47} ${x - half * 0.45},${y + length / 2}C${x - half * 1.2},${y + length * 0.26} ${x - half * 1.25},${y - length * 0.28} ${x},${y - length / 2}Z`
  const [deck, first, second] = [
    random.pick(BOARD_COLOURS),
    random.pick(BOARD_COLOURS),
    random.pick(BOARD_COLOURS),
  ]
  canvas.group({ transform: `rotate(${degrees} ${x} ${y})` }, () => {
    canvas.path(outline, {
      fill: '#3a2415',
      opacity: 0.3,
      filter: canvas.blur(length * 0.018),
      transform: `translate(${length * 0.03} ${length * 0.025})`,
    })
    canvas.group({ 'clip-path': canvas.clip(outline) }, () => {
      canvas.rectangle(x - half, y - length, half * 2, length * 2, { fill: deck })
      stripes(canvas, [x, y], length, half, [first, second])
      canvas.rectangle(x - half, y - length, half * 2, length * 2, {
        fill: canvas.linear(
          [
            ['#ffffff', 0.3],
            ['#ffffff', 0],
            ['#1a1005', 0.22],
          ],
          [0, 0],
          [1, 0],
        ),
      })
    })
    canvas.line([x, y - length * 0.47], [x, y + length * 0.46], {
      stroke: '#3a2415',
      'stroke-width': length * 0.006,
      opacity: 0.4,
    })
  })
}

function stripes(
  canvas: Canvas,
  [x, y]: Point,
  length: number,
  half: number,
  [first, second]: [string, string],
) {
  const kind = canvas.random.integer(0, 3)
  if (kind === 0) {
    for (const band of range(3))
      canvas.rectangle(x - half, y + length * (-0.16 + band * 0.09), half * 2, length * 0.05, {
        fill: band % 2 ? second : first,
      })
  } else if (kind === 1) {
    canvas.circle([x, y - length * 0.1], half * 0.75, { fill: first })
    canvas.rectangle(x - half, y + length * 0.12, half * 2, length * 0.5, { fill: second })
  } else if (kind === 2) {
    for (const band of range(4))
      canvas.path(
        `M${x - half},${y + length * (0.05 + band * 0.08)}q${half / 2},${-length * 0.06} ${half},0t${half},0v${length * 0.04}q${-half / 2},${length * 0.06} ${-half},0t${-half},0Z`,
        { fill: band % 2 ? second : first },
      )
  } else {
    canvas.rectangle(x - half, y - length, half, length * 2, { fill: first })
    canvas.rectangle(x - half * 0.2, y - length, half * 0.4, length * 2, { fill: second })
  }
}

/** One curling wave in a circle, for the icon. */
export const crestMark: Scene = (canvas) => {
  const { width, height, unit, centre } = canvas
  canvas.background(canvas.linear(['#ffcf8a', '#ff8a6b']))
  canvas.circle([centre[0] + unit * 16, height * 0.36], unit * 17, { fill: '#fff3cf' })
  const wave = `M${-unit * 3},${height * 1.03}V${height * 0.7}H0C${width * 0.2},${height * 0.72} ${width * 0.3},${height * 0.28} ${width * 0.62},${height * 0.3}C${width * 0.86},${height * 0.32} ${width * 0.86},${height * 0.6} ${width * 0.66},${height * 0.58}C${width * 0.78},${height * 0.46} ${width * 0.56},${height * 0.38} ${width * 0.52},${height * 0.58}C${width * 0.5},${height * 0.8} ${width * 0.8},${height * 0.86} ${width},${height * 0.76}H${width * 1.03}V${height * 1.03}Z`
  canvas.path(wave, {
    fill: canvas.linear(['#39b3b3', '#0f6f8c', '#0a2f52']),
    stroke: '#fff6e2',
    'stroke-width': unit * 2,
  })
}
