import type { Canvas, Scene } from '../canvas.ts'
import { mix, type Palette, ramp } from '../colour.ts'
import { curveThrough, linesThrough, type Point, polar, range, steps, TURN } from '../curves.ts'
import { ruggedNoise, smoothNoise } from '../noise.ts'

const SPACE: Palette = ['#05070f', '#0d1430', '#1b2350']
const STAR_COLOURS = ['#ffffff', '#fff1d6', '#cfe0ff', '#ffd7b0', '#aecbff'] as const
const MINT = '#7de0c4'

/** The Milky Way over the dome on its ridge. */
export const milkyWay: Scene = (canvas) => {
  const { width, height, unit, random } = canvas
  canvas.background(canvas.linear(['#04060e', '#0a1330', '#1d2f5a', '#54558a', '#c98a86']))
  band(canvas)
  stars(canvas, 700, 0.9)
  canvas.glow([width * 0.5, height], unit * 60, '#f5a37a', 0.4)
  const noise = ruggedNoise(random)
  for (const layer of range(3)) {
    const ridge = (t: number): Point => [
      t * width,
      height * (0.8 + layer * 0.065) - unit * 9 * noise(t * 3 + layer * 7, layer),
    ]
    if (layer === 1) observatory(canvas, ridge(random.between(0.25, 0.75)))
    const crest = steps(50).map(ridge)
    canvas.path(`${linesThrough(crest)}V${height}H0Z`, {
      fill: ramp(['#3a3f6b', '#191f42', '#070a18'], layer / 2),
    })
  }
}

/** Stands with its foot behind the crest. */
function observatory(canvas: Canvas, [x, y]: Point) {
  dome(canvas, [x, y - canvas.unit * 2], canvas.unit * 11, canvas.time)
}

function band(canvas: Canvas) {
  const { width, height, unit, random, time } = canvas
  const lean = random.between(0.25, 0.55)
  const drift = time * unit * 5
  const along = (t: number): Point => [width * (0.5 + (t - 0.5) * lean) + drift, height * (1 - t)]
  canvas.group({ filter: canvas.blur(unit * 3.6) }, () => {
    for (const t of steps(44)) {
      const [x, y] = along(t)
      const spread = () => random.between(-1, 1) * unit * 9
      canvas.circle([x + spread(), y + spread()], unit * random.between(4, 12), {
        fill: random.pick(['#8f7fe0', '#5f84e4', '#e89ad0', '#ffd3ac']),
        opacity: 0.3,
      })
      canvas.circle([x + spread() * 0.4, y], unit * random.between(2, 6), { fill: '#fff0dd', opacity: 0.42 })
    }
    for (const t of steps(18))
      canvas.circle(
        [along(t)[0] + random.between(-3, 3) * unit, along(t)[1]],
        unit * random.between(1.5, 4),
        { fill: '#0a1028', opacity: 0.5 },
      )
  })
  for (const _star of range(650)) {
    const [x, y] = along(random.next())
    const off = (random.next() + random.next() + random.next() - 1.5) * unit * 24
    canvas.circle([x + off, y + off * 0.4], unit * random.between(0.07, 0.24), {
      fill: random.pick(STAR_COLOURS),
      opacity: random.between(0.4, 1),
    })
  }
}

function stars(canvas: Canvas, count: number, reach: number) {
  const { width, height, unit, random, time } = canvas
  for (const index of range(count)) {
    const place: Point = [random.next() * width, random.next() * height * reach]
    const bright = random.next() ** 11
    const twinkle = 0.75 + 0.25 * Math.sin(time * TURN * 3 + index)
    const colour = random.pick(STAR_COLOURS)
    canvas.circle(place, unit * (0.11 + bright * 0.45), {
      fill: colour,
      opacity: (0.35 + bright * 0.65) * twinkle,
    })
    if (bright > 0.78) canvas.glow(place, unit * 3.4, colour, 0.5 * twinkle)
  }
}

function dome(canvas: Canvas, [x, y]: Point, radius: number, time: number) {
  const metal = canvas.linear(['#8f9bc4', '#c5cbe6', '#4a5280', '#242a52'], [0, 0], [1, 0])
  canvas.rectangle(x - radius, y - radius * 0.5, radius * 2, radius * 1.2, {
    fill: canvas.linear(['#6d78a8', '#39406c', '#1d2248'], [0, 0], [1, 0]),
  })
  canvas.path(
    `M${x - radius * 1.06},${y - radius * 0.5}a${radius * 1.06},${radius * 1.06} 0 0 1 ${radius * 2.12},0Z`,
    { fill: metal },
  )
  const open = 0.1 + 0.1 * time
  canvas.path(
    `M${x - radius * open},${y - radius * 0.5}Q${x + radius * 0.1},${y - radius * 1.2} ${x + radius * 0.42},${y - radius * 1.47}L${x + radius * (0.55 + open)},${y - radius * 1.36}Q${x + radius * 0.4},${y - radius * 1.1} ${x + radius * (0.2 + open)},${y - radius * 0.5}Z`,
    { fill: '#ffcf8f' },
  )
  canvas.glow([x + radius * 0.35, y - radius], radius * 1.2, '#ffb870', 0.5)
  canvas.rectangle(x - radius * 0.55, y - radius * 0.2, radius * 0.26, radius * 0.45, { fill: '#ffcf8f' })
}

/** An hour of turning sky around the celestial pole. */
export const starTrails: Scene = (canvas) => {
  const { width, height, unit, random, time } = canvas
  canvas.background(canvas.linear([SPACE[0], '#0b1a3a', '#1f3f63', '#3d6d7c']))
  const pole: Point = [width * random.between(0.35, 0.65), height * random.between(0.42, 0.58)]
  const reach = Math.hypot(width, height)
  for (const _trail of range(340)) {
    const distance = reach * 0.02 + reach * 0.75 * random.next() ** 0.8
    const start = random.next() * TURN + time * 0.7
    const length = 0.75 + random.between(-0.12, 0.12)
    const [from, to] = [polar(pole, start, distance), polar(pole, start + length, distance)]
    canvas.path(`M${from.join(',')}A${distance},${distance} 0 0 1 ${to.join(',')}`, {
      fill: 'none',
      stroke: random.pick(STAR_COLOURS),
      'stroke-width': unit * random.between(0.14, 0.55),
      opacity: random.between(0.35, 0.95),
      'stroke-linecap': 'round',
    })
  }
  const noise = ruggedNoise(random)
  const trees = steps(160).map(
    (t, index): Point => [
      t * width,
      height * 0.93 - unit * (4 * noise(t * 4) + (index % 2 ? random.between(0, 5) : 0)),
    ],
  )
  canvas.path(`${linesThrough(trees)}V${height}H0Z`, { fill: '#04070f' })
}

/** A ringed planet with its moons. */
export const planet: Scene = (canvas) => {
  const { width, height, centre, unit, random, time } = canvas
  canvas.background(canvas.radial([SPACE[2] ?? '#1b2350', SPACE[1] ?? '#0d1430', SPACE[0]], [0.5, 0.5], 0.75))
  stars(canvas, 220, 1)
  const colours = random.pick<Palette>([
    ['#f3d7a0', '#d99a66', '#a8583f'],
    ['#bfe8df', '#5aa6b8', '#2b5b8c'],
    ['#f0b7c6', '#b06aa8', '#5a3b86'],
  ])
  const radius = unit * random.between(20, 25)
  const tilt = random.between(-28, 28)
  const disc = `M${centre[0] - radius},${centre[1]}a${radius},${radius} 0 1 0 ${radius * 2},0a${radius},${radius} 0 1 0 ${-radius * 2},0Z`
  canvas.glow(centre, radius * 2.6, colours[1] ?? MINT, 0.35)
  canvas.group({ transform: `rotate(${tilt} ${centre[0]} ${centre[1]})` }, () => {
    rings(canvas, centre, radius, colours, 'behind')
    canvas.group({ 'clip-path': canvas.clip(disc) }, () => {
      cloudBands(canvas, centre, radius, colours)
      canvas.circle(centre, radius, {
        fill: canvas.radial(
          [
            ['#ffffff', 0.22],
            ['#ffffff', 0],
            ['#05070f', 0.55],
            ['#05070f', 0.88],
          ],
          [0.32, 0.3],
          0.85,
        ),
      })
    })
    rings(canvas, centre, radius, colours, 'front')
  })
  for (const moon of range(3)) {
    const angle = random.next() * TURN + time * TURN * (0.2 + moon * 0.1)
    const place: Point = [
      centre[0] + Math.cos(angle) * Math.min(width * 0.44, unit * (46 + moon * 10)),
      centre[1] + Math.sin(angle) * height * 0.33,
    ]
    canvas.circle(place, unit * (1 + moon * 0.55), {
      fill: canvas.radial(['#ffffff', '#b9b6c9', '#353556'], [0.3, 0.3], 0.8),
    })
  }
}

function cloudBands(canvas: Canvas, [x, y]: Point, radius: number, colours: Palette) {
  const noise = smoothNoise(canvas.random)
  for (const row of range(16)) {
    const edge = steps(14).map(
      (t): Point => [
        x + (t * 2 - 1) * radius,
        y - radius + row * radius * 0.13 + radius * 0.05 * noise(t * 4 + canvas.time * 3, row * 3),
      ],
    )
    canvas.path(`${curveThrough(edge)}V${y + radius}H${x - radius}Z`, {
      fill: ramp(colours, canvas.random.next()),
    })
  }
}

function rings(canvas: Canvas, [x, y]: Point, radius: number, colours: Palette, side: 'behind' | 'front') {
  for (const ring of range(7)) {
    const reach = radius * (1.4 + ring * 0.11)
    const sweep = side === 'behind' ? 1 : 0
    canvas.path(`M${x - reach},${y}A${reach},${reach * 0.24} 0 0 ${sweep} ${x + reach},${y}`, {
      fill: 'none',
      stroke: mix(ramp(colours, ring / 6), '#ffffff', 0.25),
      'stroke-width': radius * (ring === 4 ? 0.02 : 0.075),
      opacity: 0.78,
    })
  }
}

/** The moon on one day of its month: 0 is new, 0.5 full. */
export function moonOn(phase: number): Scene {
  return function moon(canvas) {
    const { centre, unit } = canvas
    canvas.background(canvas.radial(['#1a2444', '#0a1024', '#04060d'], [0.5, 0.5], 0.75))
    stars(canvas, 46, 1)
    const radius = unit * 33
    const lit = (1 - Math.cos(phase * TURN)) / 2
    canvas.glow(centre, radius * 1.9, '#cdd8ff', 0.42 * lit)
    canvas.circle(centre, radius, { fill: '#141b33' })
    canvas.group({ 'clip-path': canvas.clip(litPart(centre, radius, phase)) }, () => moonFace(canvas, radius))
    canvas.circle(centre, radius, {
      fill: 'none',
      stroke: '#8fa0d0',
      'stroke-width': unit * 0.25,
      opacity: 0.3,
    })
  }
}

/** The moon through the whole month, for a clip. */
export const lunation: Scene = (canvas) => moonOn(0.04 + canvas.time * 0.92)(canvas)

function litPart([x, y]: Point, radius: number, phase: number): string {
  const waxing = phase < 0.5
  const terminator = Math.cos(phase * TURN) * radius
  const outer = `M${x},${y - radius}A${radius},${radius} 0 0 ${waxing ? 1 : 0} ${x},${y + radius}`
  const bulge = terminator > 0 === waxing ? 0 : 1
  return `${outer}A${Math.abs(terminator)},${radius} 0 0 ${bulge} ${x},${y - radius}Z`
}

/** Seas and craters stay the same whatever the day, as they do. */
function moonFace(canvas: Canvas, radius: number) {
  const [x, y] = canvas.centre
  canvas.circle(canvas.centre, radius, {
    fill: canvas.radial(['#fffaf0', '#f2ead8', '#cfc6b8'], [0.45, 0.4], 0.6),
  })
  const seas: readonly (readonly [number, number, number])[] = [
    [-0.35, -0.35, 0.3],
    [0.05, -0.42, 0.2],
    [0.32, -0.2, 0.24],
    [0.42, 0.1, 0.17],
    [-0.55, 0.05, 0.3],
    [-0.2, 0.3, 0.2],
    [0.65, -0.4, 0.1],
  ]
  canvas.group({ filter: canvas.blur(radius * 0.03) }, () => {
    for (const [dx, dy, size] of seas)
      canvas.ellipse([x + dx * radius, y + dy * radius], size * radius, size * radius * 0.82, {
        fill: '#9a95a0',
        opacity: 0.5,
      })
  })
  const craters: readonly (readonly [number, number, number])[] = [
    [0.1, 0.68, 0.09],
    [-0.25, -0.05, 0.06],
    [0.5, 0.5, 0.05],
    [-0.5, 0.55, 0.05],
    [0.25, 0.3, 0.035],
    [-0.7, -0.3, 0.04],
    [0.05, 0.1, 0.03],
  ]
  for (const [dx, dy, size] of craters) {
    canvas.circle([x + dx * radius, y + dy * radius], size * radius, {
      fill: '#fffdf6',
      stroke: '#b5adb0',
      'stroke-width': radius * 0.012,
      opacity: 0.8,
    })
  }
}

/** The dome under one star, for the icon. */
export const domeMark: Scene = (canvas) => {
  const { width, height, unit } = canvas
  canvas.background(canvas.linear(['#0a1330', '#29406f', '#e0917c']))
  stars(canvas, 40, 0.6)
  dome(canvas, [width / 2, height * 0.78], unit * 26, 1)
  canvas.rectangle(0, height * 0.9, width, height * 0.1, { fill: '#070a18' })
}
