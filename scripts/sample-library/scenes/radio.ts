import type { Canvas, Scene } from '../canvas.ts'
import { type Colour, lighter, mix } from '../colour.ts'
import { type Point, polar, range, TURN } from '../curves.ts'
import { smoothNoise } from '../noise.ts'
import type { Random } from '../random.ts'

const INK = '#16161a'
const CREAM = '#f4ead5'
const RED = '#e5382b'
const MUSTARD = '#f0a71f'
const TEAL = '#1d6f74'
const INKS = [INK, CREAM, RED, MUSTARD, TEAL] as const

/** The three inks of a sheet: ground, drawing, accent. */
type Print = readonly [ground: Colour, drawing: Colour, accent: Colour]

const PRINTS: readonly [Print, ...Print[]] = [
  [CREAM, INK, RED],
  [RED, CREAM, INK],
  [MUSTARD, INK, CREAM],
  [TEAL, CREAM, MUSTARD],
  [INK, CREAM, MUSTARD],
  [INK, RED, CREAM],
]

/** A record on its sleeve; in a clip it turns. */
export const vinyl: Scene = (canvas) => {
  const { centre, unit, random, time, width } = canvas
  const [ground, accent, label] = random.pick(PRINTS)
  canvas.background(ground)
  canvas.rectangle(0, 0, width * 0.5, canvas.height, {
    fill: mix(ground, accent === INK ? '#ffffff' : accent, 0.12),
  })
  canvas.circle([centre[0] + unit * 2, centre[1] + unit * 3], unit * 43, {
    fill: '#000000',
    opacity: 0.3,
    filter: canvas.blur(unit * 2),
  })
  canvas.circle(centre, unit * 43, { fill: ground === INK ? '#2a2a30' : '#141417' })
  for (const groove of range(17))
    canvas.circle(centre, unit * (41 - groove * 1.45), {
      fill: 'none',
      stroke: '#4a4a52',
      'stroke-width': unit * 0.18,
      opacity: groove % 5 === 4 ? 1 : 0.5,
    })
  for (const angle of [0.5, 3.64]) {
    const wobble = Math.sin(time * TURN * 2) * 0.04
    const fill = canvas.radial(
      [
        ['#ffffff', 0],
        ['#ffffff', 0.26],
      ],
      [0.5, 0.5],
      0.7,
    )
    canvas.polygon(
      [
        centre,
        polar(centre, angle - 0.24 + wobble, unit * 42),
        polar(centre, angle + wobble, unit * 42.6),
        polar(centre, angle + 0.24 + wobble, unit * 42),
      ],
      { fill },
    )
  }
  canvas.circle(centre, unit * 16, { fill: label })
  for (const wedge of range(4)) {
    const from = (wedge / 4 + time * 2) * TURN
    canvas.path(
      `M${centre.join(',')}L${polar(centre, from, unit * 16).join(',')}A${unit * 16},${unit * 16} 0 0 1 ${polar(centre, from + TURN / 8, unit * 16).join(',')}Z`,
      { fill: accent === label ? MUSTARD : accent, opacity: 0.92 },
    )
  }
  canvas.circle(centre, unit * 5.5, { fill: label })
  canvas.circle(centre, unit * 1.1, { fill: INK })
}

/** A globe of printer's dots. */
export const halftone: Scene = (canvas) => {
  const { width, height, unit, random, time } = canvas
  const [ground, ink, second] = random.pick(PRINTS)
  canvas.background(ground)
  const globe: Point = [width * random.between(0.42, 0.58), height * random.between(0.42, 0.58)]
  canvas.circle([globe[0] + unit * 9, globe[1] + unit * 9], unit * 33, { fill: second })
  const light = Math.PI * 1.25 + time * TURN
  const step = unit * 2.5
  for (let row = -26; row <= 26; row++) {
    for (let column = -26; column <= 26; column++) {
      const [dx, dy] = [(column + (row % 2 ? 0.5 : 0)) * step, row * step * 0.87]
      const radius = Math.hypot(dx, dy) / (unit * 38)
      if (radius > 1) continue
      const depth = Math.sqrt(1 - radius ** 2)
      const shade = ((dx * Math.cos(light) + dy * Math.sin(light)) / (unit * 38)) * 0.75 + depth * 0.66
      const size = step * 0.66 * Math.min(Math.max(1 - shade, 0), 1)
      if (size > step * 0.05) canvas.circle([globe[0] + dx, globe[1] + dy], size, { fill: ink })
    }
  }
}

/** Quarter circles on a grid, as posters had them in 1960. */
export const quarters: Scene = (canvas) => {
  const { width, height, random, unit, time } = canvas
  const columns = Math.max(4, Math.round(width / unit / 25))
  const cell = width / columns
  for (const index of range(columns * Math.ceil(height / cell))) {
    const [x, y] = [(index % columns) * cell, Math.floor(index / columns) * cell]
    const [ground, ink, third] = threeInks(random)
    const kind = random.integer(0, 5)
    const turn = random.integer(0, 3) * 90 + (time === 0 ? 0 : easedQuarterTurns(time + (index % 5) * 0.06))
    canvas.rectangle(x, y, cell + 1, cell + 1, { fill: ground })
    canvas.group({ 'clip-path': canvas.clip(`M${x},${y}h${cell}v${cell}h${-cell}Z`) }, () => {
      canvas.group({ transform: `rotate(${turn.toFixed(1)} ${x + cell / 2} ${y + cell / 2})` }, () =>
        motif(canvas, kind, [x, y], cell, ink, third),
      )
    })
  }
}

/** Three different ones: their number is prime, so equal strides never meet. */
function threeInks(random: Random): Print {
  const [first, stride] = [random.integer(0, INKS.length - 1), random.integer(1, INKS.length - 1)]
  const ink = (index: number) => INKS[(first + stride * index) % INKS.length] ?? INK
  return [ink(0), ink(1), ink(2)]
}

function easedQuarterTurns(time: number): number {
  const turns = time * 4
  const part = turns % 1
  return (Math.floor(turns) + part * part * (3 - 2 * part)) * 90
}

function motif(canvas: Canvas, kind: number, [x, y]: Point, cell: number, ink: string, third: string) {
  if (kind === 0) canvas.path(`M${x},${y}h${cell}a${cell},${cell} 0 0 1 ${-cell},${cell}Z`, { fill: ink })
  else if (kind === 1) {
    for (const ring of range(4))
      canvas.circle([x, y], cell * (1 - ring * 0.25), { fill: ring % 2 ? third : ink })
  } else if (kind === 2) {
    canvas.circle([x + cell / 2, y + cell / 2], cell * 0.36, { fill: ink })
    canvas.circle([x + cell / 2, y + cell / 2], cell * 0.14, { fill: third })
  } else if (kind === 3) canvas.path(`M${x},${y}h${cell}l${-cell},${cell}Z`, { fill: ink })
  else if (kind === 4) {
    for (const bar of range(3))
      canvas.rectangle(x, y + cell * (0.08 + bar * 0.33), cell, cell * 0.17, { fill: ink })
  } else {
    canvas.path(`M${x},${y + cell / 2}a${cell / 2},${cell / 2} 0 0 1 ${cell},0Z`, { fill: ink })
    canvas.path(`M${x},${y + cell}a${cell / 2},${cell / 2} 0 0 1 ${cell},0Z`, { fill: third })
  }
}

/** Waves leaving a mast. */
export const broadcast: Scene = (canvas) => {
  const { width, height, random, unit, time } = canvas
  const [ground, ink, second] = random.pick(PRINTS)
  canvas.background(ground)
  const top: Point = [width * 0.5, height * 0.42]
  const rings = 12
  for (const ring of range(rings).reverse()) {
    const radius = unit * 7 * (ring + 0.4 + ((time * 4) % 1))
    canvas.circle(top, radius, {
      fill: 'none',
      stroke: ring % 3 ? ink : second,
      'stroke-width': unit * 2.6 * (1 - ring / rings) + unit * 0.4,
      opacity: 1 - ring / (rings + 2),
    })
  }
  canvas.circle(top, unit * 4.4, { fill: second })
  const mast = (side: -1 | 1): Point => [top[0] + side * unit * 11, height]
  for (const side of [-1, 1] as const)
    canvas.line(top, mast(side), { stroke: ink, 'stroke-width': unit * 1.5 })
  for (const rung of range(6)) {
    const t = 0.18 + rung * 0.15
    const [half, y] = [unit * 11 * t, top[1] + (height - top[1]) * t]
    const next = t + 0.15
    canvas.line([top[0] - half, y], [top[0] + half, y], { stroke: ink, 'stroke-width': unit * 0.9 })
    canvas.line([top[0] - half, y], [top[0] + unit * 11 * next, top[1] + (height - top[1]) * next], {
      stroke: ink,
      'stroke-width': unit * 0.7,
    })
  }
  const noise = smoothNoise(random)
  for (const bar of range(Math.round(width / unit / 3))) {
    const tall = unit * (2 + 9 * Math.abs(noise(bar * 0.7, 3 + time * 8)))
    canvas.rectangle(bar * unit * 3, height - tall, unit * 1.9, tall, {
      fill: lighter(second, 0.05),
      opacity: 0.9,
    })
  }
}
