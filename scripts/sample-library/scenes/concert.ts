import type { Canvas, Scene } from '../canvas.ts'
import { mix, type Palette, ramp } from '../colour.ts'
import { curveThrough, type Point, polar, range, steps, TURN } from '../curves.ts'
import { smoothNoise } from '../noise.ts'

const NEON: Palette = ['#c6ff3d', '#19d3a2', '#2a7de1', '#7a2be0', '#ff2f92', '#ff8a3c']
const BACKDROP = '#12061f'
const SHADOW = '#0a0412'

/** Light beams through haze over a raised-hands crowd. */
export const stage: Scene = (canvas) => {
  const { width, height, random, unit, time } = canvas
  const hue = random.next()
  canvas.background(canvas.linear(['#0b0414', '#1d0a38', mix(BACKDROP, ramp(NEON, hue), 0.55), BACKDROP]))
  canvas.glow([width / 2, height * 0.7], width * 0.6, ramp(NEON, hue), 0.7)
  for (const lamp of range(9)) {
    const from: Point = [width * (0.06 + (lamp / 8) * 0.88), height * 0.06]
    const sway = Math.sin(time * TURN + lamp * 1.3) * 0.28 + random.between(-0.35, 0.35)
    beam(canvas, from, Math.PI / 2 + sway, ramp(NEON, (hue + lamp * 0.13) % 1))
  }
  canvas.rectangle(0, height * 0.035, width, unit * 2, { fill: '#07030c' })
  band(canvas, height * 0.72)
  for (const row of range(3))
    crowd(
      canvas,
      height * (0.8 + row * 0.08),
      unit * (2.6 + row * 1.3),
      mix('#2a1046', '#06020b', row / 2),
      row,
    )
}

function beam(canvas: Canvas, from: Point, angle: number, colour: string) {
  const reach = canvas.height * 1.1
  const fill = canvas.linear([
    [colour, 0.75],
    [colour, 0.22],
    [colour, 0],
  ])
  canvas.polygon([from, polar(from, angle + 0.09, reach), polar(from, angle - 0.09, reach)], {
    fill,
    style: 'mix-blend-mode:screen',
  })
  canvas.glow(from, canvas.unit * 7, colour, 1)
  canvas.circle(from, canvas.unit * 1.1, { fill: '#ffffff' })
}

function band(canvas: Canvas, floor: number) {
  const { width, unit } = canvas
  canvas.rectangle(0, floor, width, canvas.height - floor, { fill: SHADOW })
  for (const [x, tall] of [
    [0.12, 17],
    [0.17, 12],
    [0.83, 12],
    [0.88, 17],
  ] as const) {
    canvas.rectangle(width * x - unit * 4, floor - unit * tall, unit * 8, unit * tall, {
      fill: SHADOW,
      rx: unit * 0.6,
    })
  }
  drums(canvas, [width * 0.5, floor])
  guitarist(canvas, [width * 0.31, floor], 1)
  guitarist(canvas, [width * 0.69, floor], -1)
  singer(canvas, [width * 0.44, floor])
}

function limb(canvas: Canvas, points: readonly Point[], thickness: number) {
  canvas.path(curveThrough(points), {
    fill: 'none',
    stroke: SHADOW,
    'stroke-width': canvas.unit * thickness,
    'stroke-linecap': 'round',
  })
}

function guitarist(canvas: Canvas, [x, floor]: Point, facing: 1 | -1) {
  const { unit, time } = canvas
  const nod = Math.sin(time * TURN * 4) * 0.6
  const at = (dx: number, dy: number): Point => [x + facing * dx * unit, floor - dy * unit]
  limb(canvas, [at(-1, 10), at(-3, 5), at(-4, 0)], 2.3)
  limb(canvas, [at(0.6, 10), at(3, 5.4), at(3.4, 0)], 2.3)
  limb(canvas, [at(0, 10), at(0.2, 14), at(-0.6, 18)], 4.2)
  canvas.circle(at(0.4 + nod, 22), unit * 2, { fill: SHADOW })
  limb(canvas, [at(-4.5, 9), at(8.6, 15.4)], 0.9)
  canvas.ellipse(at(-2.6, 10), unit * 3.4, unit * 2.2, { fill: SHADOW })
  limb(canvas, [at(-1.6, 18), at(-5, 14.5), at(-2, 11)], 1.4)
  limb(canvas, [at(0.6, 18), at(4.6, 15.6), at(6.6, 14.4)], 1.4)
}

function singer(canvas: Canvas, [x, floor]: Point) {
  const { unit, time } = canvas
  const wave = Math.sin(time * TURN * 2) * 1.2
  const at = (dx: number, dy: number): Point => [x + dx * unit, floor - dy * unit]
  limb(canvas, [at(-0.8, 10), at(-2, 5), at(-2.4, 0)], 2.2)
  limb(canvas, [at(0.8, 10), at(2.6, 5), at(2.2, 0)], 2.2)
  limb(canvas, [at(0, 10), at(-0.2, 14), at(0.4, 18)], 4)
  canvas.circle(at(1, 22), unit * 2, { fill: SHADOW })
  limb(canvas, [at(-0.8, 18), at(-4, 21), at(-5 + wave, 26)], 1.3)
  limb(canvas, [at(1.4, 18), at(4.6, 16.4), at(4.2, 20.4)], 1.3)
  limb(canvas, [at(4.6, 0), at(4.2, 21)], 0.5)
}

function drums(canvas: Canvas, [x, floor]: Point) {
  const { unit } = canvas
  const at = (dx: number, dy: number): Point => [x + dx * unit, floor - dy * unit]
  canvas.circle(at(6, 4.6), unit * 4.6, { fill: SHADOW })
  limb(canvas, [at(13, 0), at(13, 13)], 0.5)
  canvas.ellipse(at(13, 13), unit * 3.6, unit * 0.5, { fill: SHADOW })
  canvas.ellipse(at(0.6, 11.4), unit * 3, unit * 0.5, { fill: SHADOW })
  limb(canvas, [at(6.6, 8), at(6.8, 12)], 3.4)
  canvas.circle(at(7, 16), unit * 1.8, { fill: SHADOW })
}

function crowd(canvas: Canvas, y: number, size: number, colour: string, row: number) {
  const { width, height, random, time } = canvas
  for (let x = -size; x < width + size; x += size * random.between(1.7, 2.4)) {
    const jump = Math.abs(Math.sin(time * TURN * 3 + x)) * size * 0.5
    const head: Point = [x, y - jump + random.between(-0.5, 0.5) * size]
    canvas.circle(head, size * 0.72, { fill: colour })
    canvas.path(
      `M${x - size * 1.3},${height}V${head[1] + size * 1.7}Q${x},${head[1] + size * 0.3} ${x + size * 1.3},${head[1] + size * 1.7}V${height}Z`,
      { fill: colour },
    )
    if (random.chance(0.42 - row * 0.06)) {
      const hand: Point = [x + random.between(-1.6, 1.6) * size, head[1] - size * random.between(1.8, 3)]
      canvas.line([x + size * 0.6, head[1] + size * 1.6], hand, {
        stroke: colour,
        'stroke-width': size * 0.36,
        'stroke-linecap': 'round',
      })
      canvas.circle(hand, size * 0.28, { fill: colour })
    }
  }
}

/** The chameleon's eye: scales in the order of a sunflower's seeds. */
export const eye: Scene = (canvas) => {
  const { width, height, centre, unit, random, time } = canvas
  const hue = random.next()
  canvas.background(canvas.radial([mix(ramp(NEON, hue), BACKDROP, 0.45), BACKDROP], [0.5, 0.5], 0.75))
  const golden = Math.PI * (3 - Math.sqrt(5))
  const reach = Math.hypot(width, height) / 2
  const count = Math.ceil((reach / (unit * 2.55)) ** 2)
  for (const seed of range(count)) {
    if (seed < 42) continue
    const distance = unit * 2.55 * Math.sqrt(seed)
    const place = polar(centre, seed * golden + time * 0.5, distance)
    const wave = 0.5 + 0.5 * Math.sin((distance / unit) * 0.16 - time * TURN + hue * 6)
    canvas.circle(place, unit * (0.75 + wave * 0.95), {
      fill: ramp(NEON, (hue + distance / reach) % 1),
      opacity: 0.55 + wave * 0.45,
    })
  }
  canvas.circle(centre, unit * 15.5, { fill: canvas.radial(['#fff4c2', '#ffd43a', '#ff7a2e']) })
  canvas.ellipse(centre, unit * 4.6, unit * 11.5, { fill: '#14051e' })
  canvas.ellipse([centre[0] - unit * 2, centre[1] - unit * 4.5], unit * 1.5, unit * 2.4, {
    fill: '#ffffff',
    opacity: 0.9,
  })
}

/** Sound drawn as mountain ranges, one behind the other. */
export const soundRidges: Scene = (canvas) => {
  const { width, height, random, unit, time } = canvas
  const hue = random.next()
  canvas.background(canvas.linear(['#0c0418', BACKDROP]))
  canvas.glow([width / 2, height / 2], width * 0.55, ramp(NEON, hue), 0.28)
  const noise = smoothNoise(random)
  const rows = 34
  for (const row of range(rows)) {
    const base = height * (0.24 + (0.66 * row) / rows)
    const points = steps(72).map((t): Point => {
      const loud = Math.exp(-(((t - 0.5) / 0.17) ** 2))
      const rise = Math.abs(noise(t * 15 + row * 3.1, row + time * 1.6)) * loud * unit * 17
      return [width * (0.1 + t * 0.8), base - rise - loud * unit * 2]
    })
    const d = curveThrough(points)
    canvas.path(`${d}V${base + unit * 3}H${width * 0.1}Z`, { fill: '#0f0519' })
    canvas.path(d, { fill: 'none', stroke: ramp(NEON, (hue + row / rows) % 1), 'stroke-width': unit * 0.42 })
  }
}

/** A psychedelic poster: rings bent by noise. */
export const warpedRings: Scene = (canvas) => {
  const { width, height, random, unit, time } = canvas
  const noise = smoothNoise(random)
  const centre: Point = [width * random.between(0.35, 0.65), height * random.between(0.35, 0.65)]
  const hue = random.next()
  canvas.background(ramp(NEON, hue))
  const rings = 22
  for (const ring of range(rings)) {
    const radius = Math.hypot(width, height) * 0.66 * (1 - ring / rings)
    const points = range(40).map((index): Point => {
      const angle = (index / 40) * TURN
      const bend =
        noise(Math.cos(angle) * 1.3 + 5 + ring * 0.07, Math.sin(angle) * 1.3 + 5 + time * 1.5) * unit * 13
      return polar(centre, angle, Math.max(radius + bend * (1 - ring / rings), unit))
    })
    canvas.path(curveThrough(points, true), {
      fill: ring % 2 ? BACKDROP : ramp(NEON, (hue + ring / rings) % 1),
    })
  }
}
